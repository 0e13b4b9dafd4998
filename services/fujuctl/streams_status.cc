#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "chassis/store/keys.h"
#include "chassis/streams/consumer.h"
#include "fujuctl/commands.h"

namespace fuju::fujuctl {

absl::Status ShowStreams(const Connections& connections, bool all, std::ostream& out) {
  chassis::redis::PipelinedClientOptions options;
  options.topology = chassis::redis::Topology::Follow(connections.redis);
  const auto client = chassis::redis::PipelinedClient::Start(options);
  out << absl::StreamFormat("%-13s %9s %8s %8s  %-13s %-22s %8s\n", "stream", "partition", "length",
                            "added", "group", "acknowledged to", "backlog");
  for (const std::string& service : StreamServices()) {
    const chassis::Keys keys(service, connections.partitions);
    for (int partition = 0; partition < connections.partitions; ++partition) {
      const auto status = chassis::ReadStreamStatus(*client, keys, partition);
      if (!status.ok()) return status.status();
      if (!all && status->entries_added == 0) continue;
      bool first = true;
      for (const chassis::GroupStatus& group : status->groups) {
        // Unknown is not 0.
        const std::string backlog =
            std::isnan(group.backlog) ? "unknown" : absl::StrFormat("%.0f", group.backlog);
        out << absl::StreamFormat("%-13s %9s %8s %8s  %-13s %-22s %8s\n", first ? service : "",
                                  first ? absl::StrCat(partition) : "",
                                  first ? absl::StrCat(status->length) : "",
                                  first ? absl::StrCat(status->entries_added) : "", group.group,
                                  group.exists ? group.position : "MISSING", backlog);
        first = false;
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace fuju::fujuctl
