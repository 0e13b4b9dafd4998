#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "applications/notices/notice_provider.h"
#include "chassis/values/clock.h"

namespace fuju::applications {

// Where notices are posted, "https://host:port" and "/path".
struct WebhookUrl {
  std::string origin;
  std::string path;
  // INVALID_ARGUMENT for anything but http://host[:port][/path] and the same with https.
  static absl::StatusOr<WebhookUrl> Parse(absl::string_view text);
};

// Posts each notice as JSON to a gateway for text messages and calls; README.md has the form and
// the receiver's part. The header Idempotency-Key is the same in each attempt; Fuju-Signature shows
// who sent it (webhook_signature.h). Any 2xx is a delivery; 408, 429, 5xx and what the network does
// is tried again, not before Retry-After; anything else is final. Redirects are not followed.
class WebhookProvider final : public NoticeProvider {
 public:
  struct Options {
    WebhookUrl url;
    std::string secret;
    // For https: certificates to trust; empty: those of the system.
    std::string ca_file;
    // For the connection, and for each read and write after it.
    absl::Duration timeout = absl::Seconds(5);
  };

  // `clock` outlives this.
  WebhookProvider(Options options, const chassis::Clock* clock)
      : options_(std::move(options)), clock_(clock) {}

  DeliveryResult Deliver(const NoticeMessage& message) override;

 private:
  DeliveryResult Post(const NoticeMessage& message);

  const Options options_;
  const chassis::Clock* const clock_;
};

}  // namespace fuju::applications
