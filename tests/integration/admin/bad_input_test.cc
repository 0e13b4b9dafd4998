#include "support/bad_input.h"

#include <memory>

#include "gtest/gtest.h"

#include "integration/admin/admin_fixture.h"
#include "support/violations.h"

namespace fuju::chassis {
namespace {

test_support::BadInput::Requests GoodRequests() {
  const auto list = std::make_shared<admin::v1::ListDeadLettersRequest>();
  list->set_source("source");
  list->set_reason(admin::v1::DEAD_LETTER_REASON_FAILED);
  const auto get = std::make_shared<admin::v1::GetDeadLetterRequest>();
  get->set_name("deadLetters/service-p00-1-0");
  const auto replay = std::make_shared<admin::v1::ReplayDeadLettersRequest>();
  replay->add_names("deadLetters/service-p00-1-0");
  replay->set_request_id("good");
  const auto discard = std::make_shared<admin::v1::DiscardDeadLetterRequest>();
  discard->set_name("deadLetters/service-p00-1-0");
  discard->set_operator_reason("good");
  discard->set_request_id("good");
  return {list, get, replay, discard};
}

class AdminBadInputTest : public AdminFixture {
 protected:
  const test_support::BadInput input_{
      admin::v1::GetDeadLetterRequest::descriptor()->file()->FindServiceByName(
          "DeadLettersService"),
      address(), GoodRequests()};
};

TEST_F(AdminBadInputTest, EachBadValueIsNamed) {
  EXPECT_GT(input_.ExpectEachBadValueIsNamed(), 20);
}

TEST_F(AdminBadInputTest, EveryBadFieldIsNamedAtOnce) { input_.ExpectEveryBadFieldIsNamed(); }

TEST_F(AdminBadInputTest, NamesOfAnotherFormAreRefused) {
  input_.ExpectNamesOfAnotherFormAreRefused();
}

TEST_F(AdminBadInputTest, EveryMissingFieldIsNamedAtOnce) {
  input_.ExpectEveryMissingFieldIsNamed();
}

TEST_F(AdminBadInputTest, LongListsAreRefused) { input_.ExpectLongListsAreRefused(); }

TEST_F(AdminBadInputTest, MutationsNeedAnActor) {
  EXPECT_EQ(input_.ExpectMutationsNeedAnActor(), 2);
}

TEST_F(AdminBadInputTest, AReplayIsAskedForInOneOfTwoWays) {
  admin::v1::ReplayDeadLettersRequest request;
  request.set_request_id("r1");
  EXPECT_EQ(test_support::PathsOf(Replay(request).status()), "names source subject");
  request.add_names("deadLetters/service-p00-1-0");
  request.set_subject("cases/1");
  EXPECT_EQ(test_support::PathsOf(Replay(request).status()), "names");
}

TEST_F(AdminBadInputTest, APageTokenOfAnotherQueryIsRefused) {
  admin::v1::ListDeadLettersRequest request;
  request.set_page_token("none");
  EXPECT_EQ(ReasonOf(Call(&Stub::ListDeadLetters, request).status()), "PAGE_TOKEN_INVALID");
}

}  // namespace
}  // namespace fuju::chassis
