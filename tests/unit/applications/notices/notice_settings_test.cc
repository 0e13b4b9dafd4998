#include "applications/notices/notice_settings.h"

#include <unistd.h>

#include <fstream>
#include <string>

#include "absl/flags/declare.h"
#include "absl/flags/flag.h"
#include "absl/flags/reflection.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/temporary_folder.h"

ABSL_DECLARE_FLAG(std::string, data_dir);
ABSL_DECLARE_FLAG(std::string, notice_webhook_url);
ABSL_DECLARE_FLAG(std::string, notice_webhook_secret_file);
ABSL_DECLARE_FLAG(std::string, notice_webhook_ca_file);
ABSL_DECLARE_FLAG(int, notice_timeout_ms);
ABSL_DECLARE_FLAG(std::string, notice_letter_dir);
ABSL_DECLARE_FLAG(std::string, notice_texts_file);
ABSL_DECLARE_FLAG(std::string, notice_quiet_hours);
ABSL_DECLARE_FLAG(int, notice_oldest_fact_h);
ABSL_DECLARE_FLAG(int, notice_attempts);
ABSL_DECLARE_FLAG(int, notice_first_pause_ms);
ABSL_DECLARE_FLAG(int, notice_longest_pause_s);
ABSL_DECLARE_FLAG(int, notice_senders);

namespace fuju::applications {
namespace {

using ::testing::HasSubstr;

class NoticeSettingsTest : public ::testing::Test {
 protected:
  NoticeSettingsTest() {
    std::ofstream(folder_ / "secret") << "the newest secret\nthe one before it\n";
    absl::SetFlag(&FLAGS_data_dir, "deploy/data/gansu");
  }

  absl::FlagSaver saver_;
  test_support::TemporaryFolder folder_;
};

TEST_F(NoticeSettingsTest, WithoutAWayOutNobodyIsTold) {
  const auto settings = ReadNoticeSettings();
  ASSERT_TRUE(settings.ok()) << settings.status();
  EXPECT_FALSE(settings->has_value());
}

TEST_F(NoticeSettingsTest, AWebhookReachesPhones) {
  absl::SetFlag(&FLAGS_notice_webhook_url, "https://sms.example.cn/notices");
  absl::SetFlag(&FLAGS_notice_webhook_secret_file, (folder_ / "secret").string());
  absl::SetFlag(&FLAGS_notice_longest_pause_s, 60);
  const auto settings = ReadNoticeSettings();
  ASSERT_TRUE(settings.ok()) << settings.status();
  ASSERT_TRUE(settings->has_value());
  EXPECT_EQ((*settings)->webhook->secret, "the newest secret");
  EXPECT_EQ((*settings)->webhook->timeout, absl::Seconds(5));
  EXPECT_TRUE((*settings)->policy.reaches_phones);
  EXPECT_EQ((*settings)->policy.longest_pause, absl::Seconds(60));
  EXPECT_EQ((*settings)->texts.edition(), "gansu-2026-1");
}

TEST_F(NoticeSettingsTest, AFolderAloneMakesLettersOfEverything) {
  absl::SetFlag(&FLAGS_notice_letter_dir, folder_.path());
  const auto settings = ReadNoticeSettings();
  ASSERT_TRUE(settings.ok()) << settings.status();
  ASSERT_TRUE(settings->has_value());
  EXPECT_FALSE((*settings)->policy.reaches_phones);
  EXPECT_FALSE((*settings)->webhook.has_value());
}

TEST_F(NoticeSettingsTest, AllComplaintsComeAtOnce) {
  absl::SetFlag(&FLAGS_notice_webhook_url, "sms.example.cn");
  absl::SetFlag(&FLAGS_notice_webhook_secret_file, (folder_ / "none").string());
  absl::SetFlag(&FLAGS_notice_webhook_ca_file, (folder_ / "none").string());
  absl::SetFlag(&FLAGS_notice_timeout_ms, 1);
  absl::SetFlag(&FLAGS_notice_letter_dir, (folder_ / "none").string());
  absl::SetFlag(&FLAGS_notice_quiet_hours, "night");
  absl::SetFlag(&FLAGS_notice_oldest_fact_h, 0);
  absl::SetFlag(&FLAGS_notice_attempts, 0);
  absl::SetFlag(&FLAGS_notice_first_pause_ms, 0);
  absl::SetFlag(&FLAGS_notice_longest_pause_s, 0);
  absl::SetFlag(&FLAGS_notice_senders, 0);
  std::ofstream(folder_ / "notices.json") << R"({"edition": "", "phone": ""})";
  absl::SetFlag(&FLAGS_data_dir, folder_.path());
  const std::string complaints(ReadNoticeSettings().status().message());
  for (const char* flag :
       {"--notice_webhook_url: ", "--notice_webhook_secret_file: ", "--notice_webhook_ca_file: ",
        "--notice_timeout_ms ", "--notice_letter_dir=", "--notice_quiet_hours: ",
        "--notice_oldest_fact_h ", "--notice_attempts ", "--notice_first_pause_ms ",
        "--notice_longest_pause_s ", "--notice_senders ",
        "--notice_texts_file: edition is missing\n", "--notice_texts_file: phone is missing\n"}) {
    EXPECT_THAT(complaints, HasSubstr(flag));
  }
}

}  // namespace
}  // namespace fuju::applications
