#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include <grpcpp/grpcpp.h>
#include <prometheus/registry.h>

#include "applications/applications_service.h"
#include "applications/desk/remote_catalogue.h"
#include "applications/desk/review_desk_service.h"
#include "applications/intake/intake_service.h"
#include "applications/metrics.h"
#include "applications/notices/notices_service.h"
#include "applications/notices/wiring.h"
#include "applications/public_notices_service.h"
#include "applications/questionnaire_set.h"
#include "applications/relations_service.h"
#include "applications/wiring.h"
#include "chassis/redis/pipelined_client.h"
#include "chassis/rpc/server.h"
#include "chassis/store/unique_names.h"
#include "chassis/streams/consumer.h"
#include "chassis/streams/fanout.h"
#include "fuju/applications/v1/applications_service.grpc.pb.h"
#include "support/fake_clock.h"
#include "support/redis_server.h"
#include "support/service_calls.h"
#include "vocabulary/region.h"
#include "vocabulary/working_days.h"

namespace fuju::applications {

// Who decides unless a test says else.
inline constexpr char kReviewer[] = "county_reviewer:r1";

struct InstanceOptions {
  std::string name = "a";
  // Stands in for the shipped areas.json unless it is empty.
  std::string areas = {};
  // Stand in for the shipped ones.
  std::optional<QuestionnaireSet> questionnaires = std::nullopt;
  // Notices are sent if these are given, which outlive the instance.
  const NoticeSettings* notices = nullptr;
  // Stands in for the catalogue service at the reviewer's desk, and outlives the instance; null: it
  // is away.
  CatalogueSource* catalogue = nullptr;
  // What a survey found about everybody.
  std::optional<Surveyed> surveyed = std::nullopt;
};

// The service as main.cc wires it, in this process, with default limits, the shipped chains and a
// clock of the test's. Several may run on one Redis.
class ApplicationsInstance {
 public:
  using Stub = v1::ApplicationsService::Stub;

  ApplicationsInstance(const test_support::RedisServer& redis, const chassis::Clock* clock,
                       InstanceOptions options = {});
  ~ApplicationsInstance();
  ApplicationsInstance(const ApplicationsInstance&) = delete;
  ApplicationsInstance& operator=(const ApplicationsInstance&) = delete;

  Stub& stub() { return *stub_; }
  const Wiring& wiring() const { return *wiring_; }
  chassis::redis::Client& client() { return *client_; }
  const chassis::Keys& keys() const { return keys_; }
  chassis::Fanout& fanout() { return *fanout_; }
  const std::string& address() const { return address_; }
  std::unique_ptr<v1::PublicNoticesService::Stub> PublicNoticesStub() const;
  std::unique_ptr<v1::RelationsService::Stub> RelationsStub() const;
  std::unique_ptr<v1::ReviewDeskService::Stub> DeskStub() const;
  // Connects anew, as a client that was cut off.
  std::unique_ptr<Stub> NewStub() const;

  // Calls a method of the stub, as the mobile backend unless `actor` says else.
  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                const Request& request, const std::string& actor = "mobile:m1",
                                absl::Duration limit = absl::Seconds(20)) const {
    return test_support::Call(*stub_, method, request, actor, limit);
  }

  // The commands with ordinary arguments and a new request id.
  absl::StatusOr<v1::Application> Create(const v1::Application& draft) const;
  absl::StatusOr<v1::Application> Submit(const std::string& name) const;
  absl::StatusOr<v1::Application> Supplement(const std::string& name) const;
  absl::StatusOr<v1::Application> Withdraw(const std::string& name) const;
  absl::StatusOr<v1::Application> Approve(const std::string& name,
                                          const std::string& actor = kReviewer) const;
  absl::StatusOr<v1::Application> Reject(const std::string& name,
                                         const std::string& actor = kReviewer) const;
  absl::StatusOr<v1::Application> Return(const std::string& name,
                                         const std::string& actor = kReviewer) const;
  absl::StatusOr<v1::Application> Hold(const std::string& name,
                                       const std::string& actor = kReviewer) const;
  absl::StatusOr<v1::Application> Resume(const std::string& name,
                                         const std::string& actor = kReviewer) const;
  absl::StatusOr<v1::Application> ConfirmReceipt(const std::string& name) const;
  absl::StatusOr<v1::Application> AnswerFollowUp(const std::string& name) const;
  absl::StatusOr<v1::Application> Get(const std::string& name) const;
  // Waits, at most half a minute, until the application is in the state.
  v1::Application Await(const std::string& name, v1::ApplicationState state) const;
  // Waits as long until its timeline has such an entry.
  v1::Application AwaitEntry(const std::string& name, const std::string& what,
                             const std::function<bool(const v1::TimelineEntry&)>& is_it) const;

 private:
  std::shared_ptr<prometheus::Registry> registry_;
  std::unique_ptr<chassis::redis::PipelinedClient> client_;
  chassis::Keys keys_;
  std::unique_ptr<chassis::RawStore> store_;
  std::unique_ptr<chassis::Fanout> fanout_;
  vocabulary::RegionTable regions_;
  vocabulary::WorkingDayCalendar calendar_;
  QuestionnaireSet questionnaires_;
  vocabulary::PersonKeyer keyer_;
  vocabulary::UlidGenerator ids_;
  Limits limits_;
  ChainBook chains_;
  IntakeBook intake_;
  Metrics metrics_;
  std::unique_ptr<Wiring> wiring_;
  std::unique_ptr<chassis::CallGate> gate_;
  std::unique_ptr<ApplicationsService> service_;
  std::unique_ptr<IntakeService> intake_service_;
  std::unique_ptr<PublicNoticesService> public_notices_;
  std::unique_ptr<RelationStore> relations_;
  std::unique_ptr<RelationsService> relations_service_;
  RemoteCatalogue no_catalogue_{""};
  std::unique_ptr<ReviewDeskService> desk_;
  std::unique_ptr<Notices> notices_;
  std::unique_ptr<NoticesService> notices_service_;
  std::unique_ptr<chassis::Server> server_;
  std::unique_ptr<chassis::Consumer> consumer_;
  std::string address_;
  std::unique_ptr<Stub> stub_;
};

inline constexpr char kSerial[] = "SN-2026-1";

using test_support::NewRequestId;

// Answers to the shipped questionnaire "seeing", version 1, of somebody whom a white cane (V01) and
// a screen reader (V07) may help.
v1::QuestionnaireAnswers SeeingAnswers();

// The shipped questionnaires: as they are, as the second version of each, or both.
enum class Versions { kFirst, kBoth, kSecond };
QuestionnaireSet ShippedQuestionnaires(Versions versions = Versions::kFirst);

// A good draft of an invented person; `person` tells people apart (0 to 999).
v1::Application DraftOf(int person, const std::string& county = "620102");

}  // namespace fuju::applications
