#include "applications/notices/notice_message.h"

#include <fstream>
#include <iterator>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "applications/notices/text_pattern.h"
#include "unit/applications/test_case.h"

namespace fuju::applications {
namespace {

using testing::kId;
using testing::Start;
using testing::TestCase;

constexpr char kCounty[] = "兰州市城关区";

const NoticeTextBook& Texts() {
  static const auto* const kTexts = [] {
    std::ifstream file("deploy/data/gansu/notices.json");
    const std::string json(std::istreambuf_iterator<char>(file), {});
    return new NoticeTextBook(*NoticeTextBook::Parse(json));
  }();
  return *kTexts;
}

// An application in a state, with its applicant's preference, and a notice about its last step.
struct Told {
  Record application;
  NoticeRecord notice;
};
Told Tell(ApplicationState state, v1::NoticeKind kind, const v1::ContactPreference& contact) {
  Told told;
  told.application = TestCase::In(state).record();
  *told.application.mutable_application()->mutable_applicant()->mutable_contact() = contact;
  const v1::Application fact = EventView(told.application);
  told.notice = DecidePlan({.id = NoticeIdOf(kId, 5),
                            .kind = kind,
                            .fact = fact,
                            .fact_time = Start(),
                            .applicant = told.application.application().applicant()},
                           NoticePolicy(), Start())
                    ->next;
  return told;
}

v1::ContactPreference By(v1::ContactChannel channel) {
  v1::ContactPreference contact;
  contact.set_channel(channel);
  contact.set_helper_name("马大山");
  contact.set_helper_phone("13912345678");
  return contact;
}

NoticeMessage Message(const Told& told) {
  const auto message = ComposeMessage(told.notice, told.application, Texts(), kCounty);
  EXPECT_TRUE(message.ok()) << message.status();
  return message.value_or(NoticeMessage());
}

TEST(NoticeMessageTest, ATextMessageIsShortAndDiscreet) {
  const NoticeMessage message = Message(Tell(
      v1::APPLICATION_STATE_SCHEDULED, v1::NOTICE_KIND_VISIT_BOOKED, By(v1::CONTACT_CHANNEL_SMS)));
  EXPECT_EQ(message.phone, testing::kPhone);
  EXPECT_EQ(message.kind, "VISIT_BOOKED");
  EXPECT_EQ(message.idempotency_key, absl::StrCat("applications/", kId, "/notices/5#0"));
  EXPECT_TRUE(
      absl::StartsWith(message.text, "【兰州市城关区残疾人联合会】演示辅具1部将于2026年1月"))
      << message.text;
  EXPECT_TRUE(absl::StrContains(message.text, "12385"));
  EXPECT_FALSE(absl::StrContains(message.text, testing::kName));
}

TEST(NoticeMessageTest, AHelperIsToldWhomItIsAbout) {
  const NoticeMessage message =
      Message(Tell(v1::APPLICATION_STATE_SCHEDULED, v1::NOTICE_KIND_VISIT_BOOKED,
                   By(v1::CONTACT_CHANNEL_HELPER)));
  EXPECT_EQ(message.phone, "13912345678");
  EXPECT_TRUE(absl::StartsWith(message.text, "请转告您帮助的马小兰：【")) << message.text;
}

TEST(NoticeMessageTest, ACallReadsWholeSentencesInTheChosenLanguage) {
  v1::ContactPreference contact = By(v1::CONTACT_CHANNEL_VOICE_CALL);
  contact.set_language("en");
  const Told told = Tell(v1::APPLICATION_STATE_SUPPLEMENT, v1::NOTICE_KIND_RETURNED, contact);
  const NoticeMessage message = Message(told);
  EXPECT_EQ(message.language, "en");
  EXPECT_TRUE(absl::StrContains(message.text, "a document is missing")) << message.text;
  // Not told in Tibetan yet.
  contact.set_language("bo");
  EXPECT_EQ(
      Message(Tell(v1::APPLICATION_STATE_SUPPLEMENT, v1::NOTICE_KIND_RETURNED, contact)).language,
      "zh");
}

TEST(NoticeMessageTest, ALetterHasAllReasonsTheRemarkAndWhomToAsk) {
  v1::ContactPreference contact = By(v1::CONTACT_CHANNEL_LETTER);
  contact.set_large_print(true);
  const Told told = Tell(v1::APPLICATION_STATE_SUPPLEMENT, v1::NOTICE_KIND_RETURNED, contact);
  const NoticeMessage message = Message(told);
  EXPECT_TRUE(message.large_print);
  EXPECT_EQ(message.phone, "");
  std::string text = message.text;
  text.erase(std::remove(text.begin(), text.end(), '\n'), text.end());
  for (const std::string& part :
       {std::string(testing::kAddress), std::string("马小兰 收"), std::string("2026年1月5日"),
        absl::StrCat("申请编号：", kId), told.application.application().outcome().text_zh(),
        absl::StrCat("说明：“", testing::kNote, "”。"),
        told.application.application().holder().due_text_zh(), std::string("请打电话：12385"),
        std::string("兰州市城关区残疾人联合会")}) {
    EXPECT_TRUE(absl::StrContains(text, part)) << part << "\n" << message.text;
  }
  EXPECT_FALSE(absl::StrContains(text, "{"));
  EXPECT_FALSE(absl::StrContains(text, testing::kResidentId));
}

TEST(NoticeMessageTest, LongValuesAreCutInATextMessageOnly) {
  Told told =
      Tell(v1::APPLICATION_STATE_SUPPLEMENT, v1::NOTICE_KIND_RETURNED, By(v1::CONTACT_CHANNEL_SMS));
  std::string reasons;
  for (int i = 0; i < 300; ++i) reasons += "长";
  told.notice.mutable_values(0)->set_zh(reasons);
  EXPECT_LE(CharactersOf(Message(told).text), 335);
  told.notice.mutable_notice()->set_channel(v1::CONTACT_CHANNEL_VOICE_CALL);
  EXPECT_TRUE(absl::StrContains(Message(told).text, reasons));
}

TEST(NoticeMessageTest, SaysWhyNothingCanBeSent) {
  Told told = Tell(v1::APPLICATION_STATE_SCHEDULED, v1::NOTICE_KIND_VISIT_BOOKED,
                   By(v1::CONTACT_CHANNEL_SMS));
  told.application.mutable_application()->mutable_applicant()->clear_phone();
  EXPECT_EQ(ComposeMessage(told.notice, told.application, Texts(), kCounty).status().message(),
            "NO_NUMBER");
  told.notice.mutable_notice()->set_kind(v1::NOTICE_KIND_RECEIPT_SIGNED);
  EXPECT_EQ(ComposeMessage(told.notice, told.application, Texts(), kCounty).status().message(),
            "NO_TEXT");
}

}  // namespace
}  // namespace fuju::applications
