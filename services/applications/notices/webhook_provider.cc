#include "applications/notices/webhook_provider.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include <httplib.h>
#include <nlohmann/json.hpp>

#include "applications/notices/retry_after.h"
#include "applications/notices/webhook_signature.h"

namespace fuju::applications {
namespace {

constexpr char kJson[] = "application/json; charset=utf-8";
// What a receiver says is not looked at; more of it is not even read.
constexpr size_t kLongestAnswer = 65536;
constexpr size_t kChannelPrefix = sizeof("CONTACT_CHANNEL_") - 1;

std::string BodyOf(const NoticeMessage& message) {
  const nlohmann::ordered_json body = {
      {"notice", message.notice},
      {"county_code", message.county_code},
      {"kind", message.kind},
      {"channel", v1::ContactChannel_Name(message.channel).substr(kChannelPrefix)},
      {"phone", message.phone},
      {"language", message.language},
      {"large_print", message.large_print},
      {"text", message.text},
  };
  return body.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

DeliveryResult Again(std::string reason) {
  return {.kind = DeliveryResult::Kind::kRetry, .reason = std::move(reason)};
}

DeliveryResult OfError(httplib::Error error) {
  switch (error) {
    case httplib::Error::Connection:
    case httplib::Error::BindIPAddress:
      return Again("CONNECTION");
    case httplib::Error::Read:
    case httplib::Error::Write:
      return Again("TIMEOUT");
    case httplib::Error::SSLConnection:
    case httplib::Error::SSLLoadingCerts:
    case httplib::Error::SSLServerVerification:
      return Again("TLS");
    default:
      return Again("NETWORK");
  }
}

DeliveryResult OfStatus(int status, const std::string& retry_after, absl::Time now) {
  if (status >= 200 && status < 300) return {.kind = DeliveryResult::Kind::kDelivered};
  DeliveryResult result = Again(absl::StrCat("HTTP_", status));
  if (status == 408 || status == 429 || status >= 500) {
    result.retry_after = ParseRetryAfter(retry_after, now);
  } else {
    result.kind = DeliveryResult::Kind::kRefused;
  }
  return result;
}

}  // namespace

absl::StatusOr<WebhookUrl> WebhookUrl::Parse(absl::string_view text) {
  absl::string_view rest = text;
  const bool known =
      absl::ConsumePrefix(&rest, "https://") || absl::ConsumePrefix(&rest, "http://");
  const size_t slash = std::min(rest.find('/'), rest.size());
  const absl::string_view host = rest.substr(0, slash);
  if (!known || host.empty() || absl::StrContains(host, '@') || absl::StrContains(rest, ' ')) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", text, "' must be http://host:port/path or https://host:port/path"));
  }
  const absl::string_view path = rest.substr(slash);
  return WebhookUrl{.origin = std::string(absl::StripSuffix(text, path)),
                    .path = path.empty() ? "/" : std::string(path)};
}

DeliveryResult WebhookProvider::Deliver(const NoticeMessage& message) {
  try {
    return Post(message);
  } catch (const std::exception&) {
    return Again("NETWORK");
  }
}

DeliveryResult WebhookProvider::Post(const NoticeMessage& message) {
  // One of its own for each call: a client of httplib makes one call at a time.
  httplib::Client client(options_.url.origin);
  const auto timeout = absl::ToChronoMicroseconds(options_.timeout);
  client.set_connection_timeout(timeout);
  client.set_read_timeout(timeout);
  client.set_write_timeout(timeout);
  if (!options_.ca_file.empty()) client.set_ca_cert_path(options_.ca_file.c_str());

  httplib::Request request;
  request.method = "POST";
  request.path = options_.url.path;
  request.body = BodyOf(message);
  request.set_header("Content-Type", kJson);
  request.set_header("Idempotency-Key", message.idempotency_key);
  request.set_header(kSignatureHeader,
                     WebhookSignature(options_.secret, clock_->Now(), request.body));
  size_t answered = 0;
  int status = 0;
  std::string retry_after;
  request.response_handler = [&status, &retry_after](const httplib::Response& response) {
    status = response.status;
    retry_after = response.get_header_value("Retry-After");
    return true;
  };
  request.content_receiver = [&answered](const char*, size_t size, uint64_t, uint64_t) {
    return (answered += size) <= kLongestAnswer;
  };
  httplib::Response response;
  httplib::Error error = httplib::Error::Success;
  const bool whole = client.send(request, response, error);
  // The status says all; what becomes of the rest of the answer does not matter.
  if (!whole && status == 0) return OfError(error);
  return OfStatus(status, retry_after, clock_->Now());
}

}  // namespace fuju::applications
