#include "chassis/store/keys.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include <openssl/sha.h>

#include "chassis/redis/slots.h"

namespace fuju::chassis {
namespace {

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

constexpr std::string_view kEvents = "events";
constexpr std::string_view kPositions = "positions";
constexpr std::string_view kEndOfTag = "}:";

// What keys of many begin with behind the tag, but those of aggregates.
constexpr std::array<std::string_view, 5> kOtherKeys = {"claim", "done", "ix", "names", "req"};

// A hash of few entries is one small piece of memory, a key for each request would cost three times
// as much; so many that a partition may remember some thousands of requests before Redis turns the
// hashes into tables.
constexpr int kBucketsOfRequests = 32;
// The same; a name stays for as long as what it names.
constexpr int kBucketsOfNames = 64;

// So many bytes of a digest stand for what it was made of. Among the few things that an aggregate
// reacts to, and among the requests of two generations in a bucket, no two are alike by chance; a
// name may be chosen to be like another one, and must not succeed.
constexpr size_t kBytesOfCause = 6;
constexpr size_t kBytesOfRequest = 8;
constexpr size_t kBytesOfName = 12;

using Digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

Digest DigestOf(std::string_view context, std::string_view name) {
  const std::string text = absl::StrCat(View(context), "|", View(name));
  Digest digest;
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return digest;
}

std::string BeginningOf(const Digest& digest, size_t bytes) {
  return {reinterpret_cast<const char*>(digest.data()), bytes};
}

}  // namespace

Keys::Keys(std::string service, int partitions)
    : service_(std::move(service)), partitions_(partitions) {}

int Keys::PartitionOf(std::string_view route) const { return redis::Crc16(route) % partitions_; }

std::string Keys::Meta() { return "fuju:meta"; }

std::string Keys::Aggregate(int partition, std::string_view kind, std::string_view id) const {
  return Tagged(partition, absl::StrCat(View(kind), ":", View(id)));
}

std::optional<Keys::AggregateKey> Keys::ParseAggregate(std::string_view key) {
  const size_t tag = key.find(kEndOfTag);
  if (tag == std::string_view::npos) return std::nullopt;
  const std::string_view rest = key.substr(tag + kEndOfTag.size());
  const size_t colon = rest.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view kind = rest.substr(0, colon);
  if (std::find(kOtherKeys.begin(), kOtherKeys.end(), kind) != kOtherKeys.end()) {
    return std::nullopt;
  }
  return AggregateKey{.kind = kind, .id = rest.substr(colon + 1)};
}

std::string Keys::Request(int partition, std::string_view scope,
                          std::string_view request_id) const {
  return Tagged(partition, absl::StrCat("req:", View(scope), ":", View(request_id)));
}

Keys::RequestRecord Keys::RecordOf(int partition, std::string_view scope,
                                   std::string_view request_id) const {
  const Digest digest = DigestOf(scope, request_id);
  const int bucket = digest.back() % kBucketsOfRequests;
  return {.even = Tagged(partition, absl::StrCat("done:0:", bucket)),
          .odd = Tagged(partition, absl::StrCat("done:1:", bucket)),
          .field = BeginningOf(digest, kBytesOfRequest)};
}

std::string Keys::Claim(int partition, std::string_view name) const {
  return Tagged(partition, absl::StrCat("claim:", View(name)));
}

std::string Keys::Index(int partition, std::string_view index) const {
  return Tagged(partition, absl::StrCat("ix:", View(index)));
}

std::string Keys::Counters(int partition) const { return Tagged(partition, "counter"); }

std::string Keys::Timers(int partition) const { return Tagged(partition, "timers"); }

Keys::NameRecord Keys::RecordOfName(int partition, std::string_view name) const {
  const Digest digest = DigestOf("name", name);
  const int bucket = digest.back() % kBucketsOfNames;
  return {.key = Tagged(partition, absl::StrCat("names:", bucket)),
          .field = BeginningOf(digest, kBytesOfName)};
}

std::string Keys::Events(int partition) const { return Tagged(partition, kEvents); }

std::string Keys::Positions(int partition) const { return Tagged(partition, kPositions); }

std::string Keys::PositionsOfStream(std::string_view stream) {
  if (!stream.ends_with(kEvents)) return "";
  stream.remove_suffix(kEvents.size());
  return std::string(stream).append(kPositions);
}

std::string Keys::Lease(int partition) const { return Tagged(partition, "lease"); }

std::string Keys::Never(int partition) const { return Tagged(partition, "never"); }

std::string Keys::Fence(int partition) const { return Tagged(partition, "fence"); }

std::string Keys::DeadLetters(int partition) const { return Tagged(partition, "dead"); }

std::string Keys::Blocked(int partition) const { return Tagged(partition, "blocked"); }

std::string Keys::Retries(int partition) const { return Tagged(partition, "retry"); }

std::string Keys::Replays(int partition) const { return Tagged(partition, "replay"); }
std::string Keys::Handed(int partition) const { return Tagged(partition, "handed"); }

std::string Keys::Members() const { return absl::StrCat("fuju:", service_, ":members"); }

std::string Keys::CauseField(std::string_view source, std::string_view subject) {
  return BeginningOf(DigestOf(source, subject), kBytesOfCause);
}

std::string Keys::Holder(std::string_view kind, std::string_view id) {
  return absl::StrCat(View(kind), "|", View(id));
}

std::string Keys::TimerMember(std::string_view kind, std::string_view id, std::string_view name) {
  return absl::StrCat(View(kind), "|", View(id), "|", View(name));
}

Keys Keys::Of(std::string_view other_service) const {
  return Keys(std::string(other_service), partitions_);
}

std::string Keys::Tagged(int partition, std::string_view rest) const {
  return absl::StrFormat("fuju:%s:{p%02d}:%s", service_, partition, View(rest));
}

}  // namespace fuju::chassis
