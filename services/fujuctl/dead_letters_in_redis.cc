#include "absl/strings/str_format.h"

#include "chassis/admin/dead_letter_names.h"
#include "chassis/store/keys.h"
#include "chassis/streams/consumer.h"
#include "fujuctl/commands.h"
#include "vocabulary/civil_date.h"

namespace fuju::fujuctl {
namespace {

constexpr int kMostShown = 1000;

}  // namespace

absl::Status ListDeadLettersInRedis(const Connections& connections, const std::string& service,
                                    std::ostream& out) {
  chassis::redis::PipelinedClientOptions options;
  options.topology = chassis::redis::Topology::Follow(connections.redis);
  const auto client = chassis::redis::PipelinedClient::Start(options);
  size_t shown = 0;
  for (const std::string& consumer : StreamServices()) {
    if (!service.empty() && consumer != service) continue;
    const auto letters = chassis::ListDeadLetters(
        *client, chassis::Keys(consumer, connections.partitions), kMostShown);
    if (!letters.ok()) return letters.status();
    for (const chassis::DeadLetter& letter : *letters) {
      out << absl::StreamFormat(
          "%s: %s of %s v%d (from %s %s), %s, %d attempts, last %s\n    %s\n",
          chassis::DeadLetterName(consumer, {letter.partition, letter.entry_id}), letter.type,
          letter.subject, letter.version, letter.source, letter.source_entry_id, letter.reason,
          letter.attempts,
          absl::FormatTime(absl::RFC3339_sec, letter.last_failure, vocabulary::ShanghaiTimeZone()),
          letter.error);
      ++shown;
    }
  }
  out << shown << " dead letters and events that wait behind them\n";
  return absl::OkStatus();
}

}  // namespace fuju::fujuctl
