#pragma once

#include <optional>
#include <string>

#include "absl/time/time.h"

#include "fuju/applications/v1/contact_preference.pb.h"

namespace fuju::applications {

// One notice, ready to go out. Personal data: it is never logged.
struct NoticeMessage {
  // Name of the notice and round, the same in each attempt of a round: the receiver does a repeat
  // only once.
  std::string idempotency_key;
  // "applications/<id>/notices/<n>".
  std::string notice;
  std::string county_code;
  // "VISIT_BOOKED".
  std::string kind;
  v1::ContactChannel channel = v1::CONTACT_CHANNEL_UNSPECIFIED;
  std::string language;
  // Number that is called or written to; empty for a letter.
  std::string phone;
  bool large_print = false;
  // The text of the channel; of a letter the whole page.
  std::string text;
};

// What became of one attempt.
struct DeliveryResult {
  enum class Kind {
    // The channel took it over.
    kDelivered,
    // Nobody knows, or not now: the same message again, later.
    kRetry,
    // The same message will always be refused.
    kRefused,
  };
  Kind kind = Kind::kRetry;
  // Short and from a closed set, such as "TIMEOUT", "HTTP_503"; empty if it was delivered.
  std::string reason = {};
  // Not before this time, as the receiver asked.
  std::optional<absl::Duration> retry_after = std::nullopt;
};

// A way out of the house. An attempt may happen more than once: an implementation passes the
// idempotency key on, or is harmless when repeated. Thread-safe.
class NoticeProvider {
 public:
  virtual ~NoticeProvider() = default;

  // Waits for the channel, for a bounded time; never throws.
  virtual DeliveryResult Deliver(const NoticeMessage& message) = 0;
};

}  // namespace fuju::applications
