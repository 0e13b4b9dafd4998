#include "applications/public_view.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "applications/moves.h"
#include "unit/applications/sample_questionnaire.h"
#include "unit/applications/test_case.h"

namespace fuju::applications {
namespace {

using testing::TestCase;

// What must never leave the service in an event: each of these, and telling parts of them.
constexpr const char* kSecrets[] = {testing::kName,
                                    testing::kResidentId,
                                    testing::kCertificate,
                                    testing::kPhone,
                                    testing::kAddress,
                                    testing::kPurpose,
                                    testing::kNote,
                                    "小兰",
                                    "白银路",
                                    "19000101001",
                                    testing::kSample,
                                    "sore",
                                    "保护皮肤",
                                    "H04"};

TEST(PersonalDataTest, NoFactOfAnyStateOrMoveCarriesIt) {
  int facts = 0;
  for (const ApplicationState state : AllStates()) {
    for (const MoveInfo& info : AllMoves()) {
      TestCase test_case = TestCase::ForEveryMove(state);
      if (IsLegal(state, info.move)) test_case.Do(info.move);
      for (const chassis::Fact& fact : test_case.facts()) {
        ++facts;
        const std::string bytes = fact->SerializeAsString();
        for (const char* secret : kSecrets) {
          EXPECT_FALSE(absl::StrContains(bytes, secret))
              << fact->GetTypeName() << " of " << StateName(state) << " carries " << secret;
        }
      }
    }
  }
  EXPECT_GT(facts, 1000);
}

// The other way round: the search above would find them where they are.
TEST(PersonalDataTest, TheRecordHasIt) {
  const std::string bytes =
      TestCase::In(v1::APPLICATION_STATE_REJECTED).record().SerializeAsString();
  for (const char* secret : kSecrets) EXPECT_TRUE(absl::StrContains(bytes, secret)) << secret;
}

TEST(AnswerViewTest, MasksTheApplicant) {
  const v1::Application view = AnswerView(TestCase::In(v1::APPLICATION_STATE_DRAFT).record(), "7");
  EXPECT_EQ(view.etag(), "7");
  EXPECT_EQ(view.applicant().name(), "马*兰");
  EXPECT_EQ(view.applicant().resident_id(), "6201**********0010");
  EXPECT_EQ(view.applicant().certificate_number(), "6201************1043");
  EXPECT_EQ(view.applicant().phone(), "138****5678");
  EXPECT_EQ(view.applicant().address(), "甘肃省兰州市****");
  EXPECT_EQ(view.applicant().economic_status(), type::v1::ECONOMIC_STATUS_DB);
  EXPECT_EQ(view.request().purpose(), testing::kPurpose);
}

TEST(AnswerViewTest, ShowsTheAnswersWithWhatTheyLeadTo) {
  const TestCase test_case = TestCase::In(v1::APPLICATION_STATE_UNDER_REVIEW);
  const v1::Application view = AnswerView(test_case.record(), "");
  ASSERT_EQ(view.questionnaire_answers_size(), 1);
  EXPECT_EQ(view.questionnaire_answers(0).version(), 1);
  EXPECT_EQ(view.questionnaire_answers(0).answers_size(), 3);
  EXPECT_EQ(view.questionnaire_answers(0).recommended_items_size(), 2);
}

TEST(ListViewTest, LeavesTheAnswersDiagnosisConsentsAndDocumentsOut) {
  Record record = TestCase::In(v1::APPLICATION_STATE_UNDER_REVIEW).record();
  record.mutable_application()->mutable_applicant()->mutable_diagnosis()->set_institution("医院");
  v1::Application expected = AnswerView(record, "7");
  expected.clear_questionnaire_answers();
  expected.mutable_applicant()->clear_diagnosis();
  EXPECT_GT(expected.applicant().consents_size(), 0);
  EXPECT_GT(expected.applicant().documents_size(), 0);
  expected.mutable_applicant()->clear_consents();
  expected.mutable_applicant()->clear_documents();
  EXPECT_EQ(ListView(record, "7").SerializeAsString(), expected.SerializeAsString());
}

TEST(AnswerViewTest, AShortAddressIsHiddenWhole) {
  Record record = TestCase::In(v1::APPLICATION_STATE_DRAFT).record();
  record.mutable_application()->mutable_applicant()->set_address("八号");
  EXPECT_EQ(AnswerView(record, "").applicant().address(), "****");
}

TEST(AnswerViewTest, AMissingPhoneStaysMissing) {
  Record record = TestCase::In(v1::APPLICATION_STATE_DRAFT).record();
  record.mutable_application()->mutable_applicant()->clear_phone();
  EXPECT_EQ(AnswerView(record, "").applicant().phone(), "");
}

TEST(AnswerViewTest, ShowsWhatPeopleSaid) {
  const TestCase test_case = TestCase::In(v1::APPLICATION_STATE_REJECTED);
  const v1::Application view = AnswerView(test_case.record(), "");
  EXPECT_TRUE(absl::StrContains(view.outcome().text_zh(), testing::kNote));
  EXPECT_TRUE(absl::StrContains(view.timeline(view.timeline_size() - 1).text_en(), testing::kNote));
}

TEST(EntryViewTest, GivesTheEntryWithItsHolder) {
  const TestCase test_case = TestCase::In(v1::APPLICATION_STATE_REJECTED);
  const Record& record = test_case.record();
  ASSERT_EQ(record.entry_details_size(), record.application().timeline_size());
  const v1::WatchApplicationResponse review = EntryView(record, 2);
  EXPECT_EQ(review.entry().sequence(), 3);
  EXPECT_EQ(review.entry().state(), v1::APPLICATION_STATE_UNDER_REVIEW);
  EXPECT_EQ(review.holder().party(), "county_reviewer");
  const v1::WatchApplicationResponse end = EntryView(record, 3);
  EXPECT_EQ(end.holder().party(), "");
  EXPECT_TRUE(absl::StrContains(end.entry().text_zh(), testing::kNote));
}

}  // namespace
}  // namespace fuju::applications
