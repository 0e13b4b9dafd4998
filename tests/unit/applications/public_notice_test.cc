#include "applications/public_notice.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "applications/hold_decisions.h"
#include "chassis/values/refusal.h"
#include "fuju/applications/v1/review_events.pb.h"
#include "unit/applications/test_case.h"

namespace fuju::applications {
namespace {

using testing::DefaultRules;
using testing::TestCase;

v1::Objection ObjectionOf(const std::string& reason) {
  v1::Objection objection;
  objection.set_reason(reason);
  objection.set_contact("13987654321");
  return objection;
}

TEST(NoticeViewTest, ShowsWhatThePublicMaySeeAndNothingElse) {
  const TestCase test_case = TestCase::In(v1::APPLICATION_STATE_PUBLIC_NOTICE);
  EXPECT_TRUE(IsPublic(test_case.record()));
  const v1::PublicNotice notice = NoticeView(test_case.record(), "兰州市城关区", "0931-8888888");
  EXPECT_EQ(notice.name(), absl::StrCat("publicNotices/", testing::kId));
  EXPECT_EQ(IdOfNotice(notice.name()), testing::kId);
  EXPECT_EQ(notice.person_name(), "马*兰");
  EXPECT_EQ(notice.item_code(), "M01");
  EXPECT_EQ(notice.subsidy_fen(), 98000);
  EXPECT_EQ(notice.end_text_zh(), "5个工作日内，即2026年1月12日前");
  EXPECT_EQ(notice.objection_phone(), "0931-8888888");
  const std::string all = notice.SerializeAsString();
  for (const char* secret :
       {testing::kName, testing::kResidentId, testing::kCertificate, testing::kPhone,
        testing::kAddress, testing::kPurpose, testing::kNote}) {
    EXPECT_FALSE(absl::StrContains(all, secret)) << secret;
  }
  EXPECT_FALSE(absl::StrContains(all, test_case.application().person_key()));
}

TEST(DecideObjectTest, HoldsTheCaseAndKeepsTheWordsFromTheApplicant) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_PUBLIC_NOTICE);
  test_case.ActAs("citizen:neighbour");
  ASSERT_TRUE(test_case.Take(DecideObject(test_case.record(), ObjectionOf("他有两辆轮椅"),
                                          test_case.rules(), test_case.act())));
  EXPECT_EQ(test_case.state(), v1::APPLICATION_STATE_ON_HOLD);
  EXPECT_NE(dynamic_cast<const v1::ObjectionFiled*>(&test_case.last_fact()), nullptr);
  EXPECT_EQ(test_case.application().holder().due_text_zh(), "10个工作日内，即2026年1月19日前");
  EXPECT_FALSE(IsPublic(test_case.record()));
  ASSERT_EQ(test_case.record().objections_size(), 1);
  EXPECT_EQ(test_case.record().objections(0).reason(), "他有两辆轮椅");
  EXPECT_EQ(test_case.record().objections(0).actor(), "citizen:neighbour");
  EXPECT_TRUE(test_case.record().objections(0).has_time());
  const std::string answer = AnswerView(test_case.record(), "").SerializeAsString();
  const std::string event = test_case.last_fact().SerializeAsString();
  for (const char* secret : {"他有两辆轮椅", "13987654321"}) {
    EXPECT_FALSE(absl::StrContains(answer, secret));
    EXPECT_FALSE(absl::StrContains(event, secret));
  }
}

TEST(DecideObjectTest, AFurtherObjectionIsAddedAndMovesNoClock) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_ON_HOLD);
  const auto limit = test_case.record().limit().SerializeAsString();
  test_case.Advance(absl::Hours(24));
  ASSERT_TRUE(test_case.Do(Move::kObject));
  EXPECT_EQ(test_case.record().objections_size(), 2);
  EXPECT_EQ(test_case.record().objections(1).sequence(), 2);
  EXPECT_EQ(test_case.record().limit().SerializeAsString(), limit);
}

TEST(DecideObjectTest, KeepsTwenty) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_PUBLIC_NOTICE);
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(test_case.Do(Move::kObject));
  EXPECT_EQ(chassis::ReasonOf(test_case.Try(Move::kObject).status()), "OBJECTIONS_FULL");
}

TEST(DecideObjectTest, ACaseThatIsHeldInAnotherStageIsNotPublic) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_UNDER_REVIEW);
  ASSERT_TRUE(test_case.Do(Move::kHold));
  EXPECT_EQ(test_case.Try(Move::kObject).status().code(), absl::StatusCode::kNotFound);
}

TEST(DecideObjectTest, TheOfficerGoesOnOrRejects) {
  TestCase goes_on = TestCase::In(v1::APPLICATION_STATE_ON_HOLD);
  ASSERT_TRUE(goes_on.Do(Move::kResume));
  EXPECT_EQ(goes_on.state(), v1::APPLICATION_STATE_PUBLIC_NOTICE);
  ASSERT_TRUE(goes_on.Do(Move::kNoticeOver));
  EXPECT_EQ(goes_on.state(), v1::APPLICATION_STATE_APPROVED);

  TestCase rejected = TestCase::In(v1::APPLICATION_STATE_ON_HOLD);
  ASSERT_TRUE(rejected.Do(Move::kReject));
  EXPECT_EQ(rejected.state(), v1::APPLICATION_STATE_REJECTED);
  EXPECT_FALSE(rejected.application().subsidy().reserved());
}

}  // namespace
}  // namespace fuju::applications
