#include "applications/notices/letter_provider.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/temporary_folder.h"

namespace fuju::applications {
namespace {

namespace fs = std::filesystem;

class LetterProviderTest : public ::testing::Test {
 protected:
  static NoticeMessage Message(const std::string& text) {
    NoticeMessage message;
    message.idempotency_key = "applications/620102-01JH8R5V7E0000000000000001/notices/5#0";
    message.county_code = "620102";
    message.text = text;
    return message;
  }
  std::vector<std::string> Files() const {
    std::vector<std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder_.path())) {
      if (entry.is_regular_file())
        files.push_back(fs::relative(entry.path(), folder_.path()).string());
    }
    return files;
  }

  test_support::TemporaryFolder folder_;
};

constexpr char kFile[] = "620102/620102-01JH8R5V7E0000000000000001.5.txt";

TEST_F(LetterProviderTest, WritesOneWholeFileInTheCountysFolder) {
  LetterProvider provider(folder_.path());
  EXPECT_EQ(provider.Deliver(Message("马小兰\n")).kind, DeliveryResult::Kind::kDelivered);
  EXPECT_EQ(Files(), std::vector<std::string>{kFile});
  std::ifstream file(folder_ / kFile);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), "马小兰\n");
  // Nobody else reads who has applied for what.
  EXPECT_EQ(fs::status(folder_ / kFile).permissions() & fs::perms::others_all, fs::perms::none);
}

TEST_F(LetterProviderTest, ARepeatIsHarmless) {
  LetterProvider provider(folder_.path());
  provider.Deliver(Message("first"));
  EXPECT_EQ(provider.Deliver(Message("second")).kind, DeliveryResult::Kind::kDelivered);
  EXPECT_EQ(Files(), std::vector<std::string>{kFile});
  std::ifstream file(folder_ / kFile);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), "first");
}

TEST_F(LetterProviderTest, LargePrintAndAResendHaveNamesOfTheirOwn) {
  LetterProvider provider(folder_.path());
  NoticeMessage message = Message("text");
  message.large_print = true;
  message.idempotency_key = "applications/620102-01JH8R5V7E0000000000000001/notices/5#2";
  provider.Deliver(message);
  EXPECT_EQ(Files(),
            std::vector<std::string>{"620102/620102-01JH8R5V7E0000000000000001.5-2.large.txt"});
}

// Neither a disk that is full nor a folder that is gone loses a letter.
TEST_F(LetterProviderTest, IsTriedAgainWhenTheFolderIsGone) {
  std::ofstream(folder_ / "file") << "not a folder";
  LetterProvider provider((folder_ / "file").string());
  const DeliveryResult result = provider.Deliver(Message("text"));
  EXPECT_EQ(result.kind, DeliveryResult::Kind::kRetry);
  EXPECT_EQ(result.reason, "DISK");
}

}  // namespace
}  // namespace fuju::applications
