#include <string>

#include <gtest/gtest.h>

#include "applications/notices/retry_after.h"
#include "applications/notices/webhook_provider.h"
#include "applications/notices/webhook_signature.h"

namespace fuju::applications {
namespace {

// Computed with: printf '%s' '1767574800.{"a":1}' | openssl dgst -sha256 -hmac 0123456789abcdef
TEST(WebhookSignatureTest, IsWhatOpensslSays) {
  EXPECT_EQ(WebhookSignature("0123456789abcdef", absl::FromUnixSeconds(1767574800), "{\"a\":1}"),
            "t=1767574800,v1=6a25ad02643fa53f2ccf253594d8bef7e729886d7fdfe606cfdfef1ec46e374b");
}

TEST(WebhookSignatureTest, DependsOnSecretTimeAndBody) {
  const absl::Time now = absl::FromUnixSeconds(1767574800);
  const std::string one = WebhookSignature("0123456789abcdef", now, "body");
  EXPECT_NE(WebhookSignature("0123456789abcdeg", now, "body"), one);
  EXPECT_NE(WebhookSignature("0123456789abcdef", now + absl::Seconds(1), "body"), one);
  EXPECT_NE(WebhookSignature("0123456789abcdef", now, "bodz"), one);
}

TEST(WebhookSignatureTest, TheFirstLineIsTheNewestSecret) {
  EXPECT_EQ(*NewestSecret("newest-secret-0001\nolder-secret-00001\n"), "newest-secret-0001");
  EXPECT_EQ(*NewestSecret("\n  newest-secret-0001  \n"), "newest-secret-0001");
  for (const char* file : {"", "\n\n", "short\nlonger-secret-0001\n"}) {
    const absl::Status status = NewestSecret(file).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << file;
    EXPECT_EQ(status.message().find("longer"), absl::string_view::npos);
  }
}

TEST(RetryAfterTest, SecondsOrADate) {
  const absl::Time now = absl::FromUnixSeconds(1767574800);  // Mon, 05 Jan 2026 01:00:00 GMT
  EXPECT_EQ(ParseRetryAfter("120", now), absl::Seconds(120));
  EXPECT_EQ(ParseRetryAfter("0", now), absl::ZeroDuration());
  EXPECT_EQ(ParseRetryAfter("Mon, 05 Jan 2026 01:02:00 GMT", now), absl::Minutes(2));
  EXPECT_EQ(ParseRetryAfter("Mon, 05 Jan 2026 00:00:00 GMT", now), absl::ZeroDuration());
  for (const char* header : {"", "-5", "soon", "1.5", "2026-01-05"}) {
    EXPECT_EQ(ParseRetryAfter(header, now), std::nullopt) << header;
  }
}

TEST(WebhookUrlTest, OriginAndPath) {
  struct Case {
    const char* text;
    const char* origin;
    const char* path;
  };
  for (const Case& c :
       {Case{"https://sms.example.cn/v1/notices", "https://sms.example.cn", "/v1/notices"},
        Case{"http://127.0.0.1:8080", "http://127.0.0.1:8080", "/"},
        Case{"http://[::1]:8080/", "http://[::1]:8080", "/"}}) {
    const auto url = WebhookUrl::Parse(c.text);
    ASSERT_TRUE(url.ok()) << url.status();
    EXPECT_EQ(url->origin, c.origin);
    EXPECT_EQ(url->path, c.path);
  }
  for (const char* text : {"", "sms.example.cn", "ftp://x/", "https://", "http:///path",
                           "https://user:secret@host/", "http://a b/"}) {
    EXPECT_FALSE(WebhookUrl::Parse(text).ok()) << text;
  }
}

}  // namespace
}  // namespace fuju::applications
