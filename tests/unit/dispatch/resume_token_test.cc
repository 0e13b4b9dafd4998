#include "dispatch/resume_token.h"

#include <optional>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "chassis/values/refusal.h"
#include "fuju/dispatch/storage/v1/dispatch_records.pb.h"

namespace fuju::dispatch {
namespace {

constexpr char kUscc[] = "91620102DEM0000146";

TEST(ResumeTokenTest, GivesBackWhatWentIn) {
  const std::string offer_id = absl::StrCat(kUscc, "/620102-01HZX3M9Q2V7N8K4T6R5W1Y0AA-2");
  for (const WatchPosition& position :
       {WatchPosition{"1767574800000-0", std::nullopt},
        WatchPosition{"1767574800000-17", WatchPosition::Sent{0, ""}},
        WatchPosition{"0-0", WatchPosition::Sent{1767574800000, offer_id}}}) {
    const auto parsed = ParseResumeToken(kUscc, MakeResumeToken(kUscc, position));
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    EXPECT_EQ(*parsed, position);
  }
}

TEST(ResumeTokenTest, FitsIntoTheField) {
  const std::string longest = MakeResumeToken(
      kUscc, {"1767574800000-4294967295",
              WatchPosition::Sent{int64_t{1} << 53,
                                  absl::StrCat(kUscc, "/620102-01HZX3M9Q2V7N8K4T6R5W1Y0AA-9999")}});
  EXPECT_LE(longest.size(), 128u);
}

TEST(ResumeTokenTest, RefusesWhatIsNoTokenOfThisVendor) {
  const std::string mine = MakeResumeToken(kUscc, {"1-0", std::nullopt});
  const std::string other = MakeResumeToken("91620103DEM000022F", {"1-0", std::nullopt});
  storage::v1::OfferWatchToken strange;
  strange.set_uscc(kUscc);
  strange.set_open_after("without a score");
  for (const std::string& token :
       {other, std::string("x"), std::string("!!!"), std::string(128, 'A'), mine + "A",
        mine.substr(0, mine.size() - 1), absl::WebSafeBase64Escape(strange.SerializeAsString()),
        absl::WebSafeBase64Escape(std::string("\x0a\x02zz\x9a\x06\x01x", 8))}) {
    const auto parsed = ParseResumeToken(kUscc, token);
    EXPECT_EQ(parsed.status().code(), absl::StatusCode::kInvalidArgument) << token;
    EXPECT_EQ(chassis::ReasonOf(parsed.status()), "RESUME_TOKEN_INVALID") << token;
  }
}

}  // namespace
}  // namespace fuju::dispatch
