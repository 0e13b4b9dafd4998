#include "applications/contact_preference.h"

#include <string>

#include <gtest/gtest.h>

#include "applications/draft_decisions.h"
#include "applications/public_view.h"
#include "unit/applications/test_case.h"

namespace fuju::applications {
namespace {

using testing::Draft;
using testing::Keyer;
using testing::Start;

TEST(ContactPreferenceTest, TheChannelIsTheChosenOneElseTheHelperElseALetter) {
  struct Case {
    v1::ContactChannel chosen;
    const char* phone;
    const char* helper_phone;
    v1::ContactChannel used;
  };
  const Case cases[] = {
      {v1::CONTACT_CHANNEL_UNSPECIFIED, "13812345678", "", v1::CONTACT_CHANNEL_SMS},
      {v1::CONTACT_CHANNEL_UNSPECIFIED, "", "", v1::CONTACT_CHANNEL_LETTER},
      {v1::CONTACT_CHANNEL_UNSPECIFIED, "0931-8412345", "", v1::CONTACT_CHANNEL_LETTER},
      {v1::CONTACT_CHANNEL_SMS, "13812345678", "", v1::CONTACT_CHANNEL_SMS},
      {v1::CONTACT_CHANNEL_SMS, "0931-8412345", "", v1::CONTACT_CHANNEL_LETTER},
      {v1::CONTACT_CHANNEL_SMS, "", "13912345678", v1::CONTACT_CHANNEL_HELPER},
      {v1::CONTACT_CHANNEL_SMS, "0931-8412345", "13912345678", v1::CONTACT_CHANNEL_HELPER},
      {v1::CONTACT_CHANNEL_VOICE_CALL, "0931-8412345", "", v1::CONTACT_CHANNEL_VOICE_CALL},
      {v1::CONTACT_CHANNEL_VOICE_CALL, "", "", v1::CONTACT_CHANNEL_LETTER},
      {v1::CONTACT_CHANNEL_VOICE_CALL, "", "13912345678", v1::CONTACT_CHANNEL_HELPER},
      {v1::CONTACT_CHANNEL_LETTER, "", "13912345678", v1::CONTACT_CHANNEL_LETTER},
      {v1::CONTACT_CHANNEL_LETTER, "13812345678", "", v1::CONTACT_CHANNEL_LETTER},
      {v1::CONTACT_CHANNEL_HELPER, "", "13912345678", v1::CONTACT_CHANNEL_HELPER},
      {v1::CONTACT_CHANNEL_HELPER, "13812345678", "", v1::CONTACT_CHANNEL_LETTER},
      {v1::CONTACT_CHANNEL_NONE, "13812345678", "", v1::CONTACT_CHANNEL_NONE},
  };
  for (const Case& c : cases) {
    v1::Applicant applicant;
    applicant.set_phone(c.phone);
    applicant.mutable_contact()->set_channel(c.chosen);
    applicant.mutable_contact()->set_helper_phone(c.helper_phone);
    EXPECT_EQ(ChannelFor(applicant), c.used) << c.chosen << " '" << c.phone << "'";
  }
}

TEST(ContactPreferenceTest, WithoutAHelperTheGuardianThenTheAgentPassesNewsOn) {
  struct Case {
    const char* guardian;
    const char* agent;
    const char* officer;
    const char* told;
  };
  const Case cases[] = {
      {"13711112222", "13733334444", "", "13711112222"},
      {"", "13733334444", "", "13733334444"},
      {"0931-8412345", "13733334444", "", "13733334444"},
      {"", "0931-8412345", "", ""},
      // An officer helps ex officio, and is not the person's post box.
      {"", "", "13755556666", ""},
  };
  for (const Case& c : cases) {
    v1::Applicant applicant;
    const auto add = [&applicant](v1::Relation relation, const char* phone) {
      v1::Representative* representative = applicant.add_representatives();
      representative->set_relation(relation);
      representative->set_phone(phone);
    };
    add(v1::RELATION_OFFICER, c.officer);
    add(v1::RELATION_AGENT, c.agent);
    add(v1::RELATION_GUARDIAN, c.guardian);
    EXPECT_EQ(HelperPhoneFor(applicant), c.told);
    EXPECT_EQ(ChannelFor(applicant),
              *c.told == '\0' ? v1::CONTACT_CHANNEL_LETTER : v1::CONTACT_CHANNEL_HELPER);
    applicant.mutable_contact()->set_helper_phone("13912345678");
    EXPECT_EQ(HelperPhoneFor(applicant), "13912345678");
  }
}

TEST(ContactPreferenceTest, ChineseIsTheDefault) {
  v1::Applicant applicant;
  EXPECT_EQ(LanguageFor(applicant), "zh");
  applicant.mutable_contact()->set_language("en");
  EXPECT_EQ(LanguageFor(applicant), "en");
}

TEST(ContactPreferenceTest, ADraftKeepsItInNormalFormAndShowsItMasked) {
  v1::Application draft = Draft();
  v1::ContactPreference* contact = draft.mutable_applicant()->mutable_contact();
  contact->set_channel(v1::CONTACT_CHANNEL_HELPER);
  contact->set_helper_name("马 大山");
  contact->set_helper_phone("+86 139 1234 5678");
  const auto normal = NormalDraft(draft, testing::Books(), Act{Start(), "mobile:m1"});
  ASSERT_TRUE(normal.ok()) << normal.status();
  EXPECT_EQ(normal->applicant().contact().helper_name(), "马大山");
  EXPECT_EQ(normal->applicant().contact().helper_phone(), "13912345678");
  Record record;
  *record.mutable_application() = *normal;
  const v1::Application view = AnswerView(record, "");
  EXPECT_EQ(view.applicant().contact().helper_name(), "马*山");
  EXPECT_EQ(view.applicant().contact().helper_phone(), "139****5678");
  EXPECT_FALSE(EventView(record).has_applicant());
}

TEST(ContactPreferenceTest, WhatIsWrongIsNamedTogether) {
  v1::Application draft = Draft();
  draft.mutable_applicant()->mutable_contact()->set_helper_name("7");
  draft.mutable_applicant()->mutable_contact()->set_helper_phone("12");
  const absl::Status status =
      NormalDraft(draft, testing::Books(), Act{Start(), "mobile:m1"}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  for (const char* field : {"contact.helper_name", "contact.helper_phone"}) {
    EXPECT_NE(status.ToString().find(field), std::string::npos) << field << " " << status;
  }
}

}  // namespace
}  // namespace fuju::applications
