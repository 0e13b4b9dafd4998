#include "applications/resume_token.h"

#include <gtest/gtest.h>

#include "chassis/values/refusal.h"

namespace fuju::applications {
namespace {

constexpr char kName[] = "applications/620102-01JH8R5V7E0000000000000001";

TEST(ResumeTokenTest, LeadsBackToItsEntry) {
  for (const int sequence : {0, 1, 12, 999}) {
    const std::string token = MakeResumeToken(kName, sequence);
    EXPECT_LE(token.size(), 128u);
    EXPECT_EQ(*SequenceOf(token, kName), sequence);
  }
  EXPECT_EQ(*SequenceOf("", kName), 0);
}

TEST(ResumeTokenTest, IsOfOneApplicationOnly) {
  const std::string token = MakeResumeToken(kName, 3);
  const absl::Status status =
      SequenceOf(token, "applications/620102-01JH8R5V7E0000000000000002").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(chassis::ReasonOf(status), "RESUME_TOKEN_INVALID");
}

TEST(ResumeTokenTest, RefusesWhatItDidNotMake) {
  std::string token = MakeResumeToken(kName, 3);
  for (const std::string& bad : {std::string("x"), std::string("!!"), token + "A", token.substr(2),
                                 MakeResumeToken(kName, -1), std::string(128, 'A')}) {
    EXPECT_FALSE(SequenceOf(bad, kName).ok()) << bad;
  }
}

}  // namespace
}  // namespace fuju::applications
