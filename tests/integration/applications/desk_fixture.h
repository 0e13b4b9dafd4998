#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include <gtest/gtest.h>

#include "fuju/applications/v1/review_desk_service.grpc.pb.h"
#include "integration/applications/applications_instance.h"
#include "integration/applications/foreign_streams.h"

namespace fuju::applications {

// A service with cases that wait for an officer, and its desk.
class DeskFixture : public ::testing::Test {
 protected:
  using Desk = v1::ReviewDeskService::Stub;

  explicit DeskFixture(InstanceOptions options = {});

  // Calls the desk as the officer.
  template <typename Request, typename Response>
  absl::StatusOr<Response> Ask(grpc::Status (Desk::*method)(grpc::ClientContext*, const Request&,
                                                            Response*),
                               const Request& request, const std::string& actor = kReviewer) {
    return test_support::Call(*desk_, method, request, actor);
  }

  // One case each of these persons, under review; their names.
  std::vector<std::string> WaitingOf(const std::vector<v1::Application>& drafts);
  std::string Waiting(int person, const std::string& county = "620102");

  absl::StatusOr<v1::QueuedCase> Claim(const std::string& name,
                                       const std::string& actor = kReviewer,
                                       const std::string& request_id = NewRequestId());
  absl::StatusOr<v1::QueuedCase> Release(const std::string& name,
                                         const std::string& actor = kReviewer);
  // The names on a page of the county's queue; the request's office is set.
  absl::StatusOr<v1::ListQueuedCasesResponse> Queue(v1::ListQueuedCasesRequest request = {},
                                                    const std::string& actor = kReviewer);
  static std::vector<std::string> NamesOf(const v1::ListQueuedCasesResponse& page);

  test_support::RedisServer redis_;
  test_support::FakeClock clock_;
  ApplicationsInstance instance_;
  ForeignStreams streams_{&redis_};
  std::unique_ptr<Desk> desk_;
};

}  // namespace fuju::applications
