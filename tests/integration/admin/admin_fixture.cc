#include "integration/admin/admin_fixture.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "chassis/admin/dead_letter_names.h"

namespace fuju::chassis {

AdminFixture::AdminFixture()
    : desk_(client_.get(), keys_, &clock_, {}),
      answers_(&desk_, {source_.service()}),
      gate_(FormatRegistry(), registry_, {.longest = absl::Seconds(30)}),
      service_(&gate_, &answers_, &thread_),
      grpc_server_(*Server::Start({.listen = "127.0.0.1:0"}, {&service_})),
      address_(absl::StrCat("127.0.0.1:", grpc_server_->port())),
      stub_(admin::v1::DeadLettersService::NewStub(
          grpc::CreateChannel(address_, grpc::InsecureChannelCredentials()))) {
  grpc_server_->SetServing(true);
}

std::string AdminFixture::NameOfLetter(const OpenDeadLetter& open) const {
  return DeadLetterName(keys_.service(), PlaceOf(open));
}

absl::StatusOr<admin::v1::DeadLetter> AdminFixture::Get(const std::string& name) const {
  admin::v1::GetDeadLetterRequest request;
  request.set_name(name);
  return Call(&Stub::GetDeadLetter, request);
}

absl::StatusOr<admin::v1::DeadLetter> AdminFixture::DiscardByName(
    const std::string& name, const std::string& request_id) const {
  admin::v1::DiscardDeadLetterRequest request;
  request.set_name(name);
  request.set_operator_reason("made up for by hand");
  request.set_request_id(request_id);
  return Call(&Stub::DiscardDeadLetter, request);
}

admin::v1::ReplayDeadLettersRequest AdminFixture::ReplaySource(
    const std::string& request_id) const {
  admin::v1::ReplayDeadLettersRequest request;
  request.set_source(source_.service());
  request.set_operator_reason("repaired");
  request.set_request_id(request_id);
  return request;
}

std::map<std::string, std::string> AdminFixture::Everything() const {
  std::map<std::string, std::string> all;
  for (const redis::Reply& key : Redis({"KEYS", "*"}).items()) {
    // A consumer that has stopped gives its leases back soon, and waits for no answer.
    if (absl::EndsWith(key.text(), ":lease")) continue;
    all[key.text()] = Redis({"DUMP", key.text()}).text();
  }
  return all;
}

}  // namespace fuju::chassis
