#include "integration/applications/desk_fixture.h"

#include <utility>

namespace fuju::applications {

DeskFixture::DeskFixture(InstanceOptions options)
    : instance_(redis_, &clock_, std::move(options)), desk_(instance_.DeskStub()) {}

std::vector<std::string> DeskFixture::WaitingOf(const std::vector<v1::Application>& drafts) {
  std::vector<std::string> names;
  for (const v1::Application& draft : drafts) {
    const auto made = instance_.Create(draft);
    EXPECT_TRUE(made.ok()) << made.status();
    EXPECT_TRUE(instance_.Submit(made->name()).ok());
    names.push_back(made->name());
  }
  for (const std::string& name : names) streams_.Reserve(name);
  for (const std::string& name : names) {
    instance_.Await(name, v1::APPLICATION_STATE_UNDER_REVIEW);
  }
  return names;
}

std::string DeskFixture::Waiting(int person, const std::string& county) {
  return WaitingOf({DraftOf(person, county)}).front();
}

absl::StatusOr<v1::QueuedCase> DeskFixture::Claim(const std::string& name, const std::string& actor,
                                                  const std::string& request_id) {
  v1::ClaimCaseRequest request;
  request.set_name(name);
  request.set_request_id(request_id);
  return Ask(&Desk::ClaimCase, request, actor);
}

absl::StatusOr<v1::QueuedCase> DeskFixture::Release(const std::string& name,
                                                    const std::string& actor) {
  v1::ReleaseCaseRequest request;
  request.set_name(name);
  request.set_request_id(NewRequestId());
  return Ask(&Desk::ReleaseCase, request, actor);
}

absl::StatusOr<v1::ListQueuedCasesResponse> DeskFixture::Queue(v1::ListQueuedCasesRequest request,
                                                               const std::string& actor) {
  if (request.office_code().empty()) request.set_office_code("620102");
  return Ask(&Desk::ListQueuedCases, request, actor);
}

std::vector<std::string> DeskFixture::NamesOf(const v1::ListQueuedCasesResponse& page) {
  std::vector<std::string> names;
  for (const v1::QueuedCase& line : page.cases()) names.push_back(line.application());
  return names;
}

}  // namespace fuju::applications
