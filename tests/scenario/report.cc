#include "scenario/report.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include <nlohmann/json.hpp>

#include "chassis/redis/pipelined_client.h"
#include "chassis/store/keys.h"
#include "chassis/streams/consumer.h"
#include "vocabulary/money.h"

namespace fuju::scenario {
namespace {

std::string Yuan(int64_t fen) { return absl::StrFormat("%d.%02d", fen / 100, fen % 100); }

double At(std::vector<double>& sorted, double share) {
  return sorted[static_cast<size_t>(share * static_cast<double>(sorted.size() - 1))];
}

}  // namespace

absl::StatusOr<StreamFigures> ReadStreams(const fuju::test_support::Cluster& cluster,
                                          int partitions) {
  chassis::redis::PipelinedClientOptions options;
  options.topology = chassis::redis::Topology::Follow(cluster.redis_deployment());
  const auto client = chassis::redis::PipelinedClient::Start(options);
  StreamFigures figures;
  for (const std::string& service : fuju::test_support::ServiceNames()) {
    const chassis::Keys keys(service, partitions);
    if (service != "audit") {
      int64_t& events = figures.events[service];
      for (int partition = 0; partition < partitions; ++partition) {
        const auto status = chassis::ReadStreamStatus(*client, keys, partition);
        if (!status.ok()) return status.status();
        events += status->entries_added;
      }
    }
    const auto dead = chassis::ListDeadLetters(*client, keys, 1000);
    if (!dead.ok()) return dead.status();
    figures.dead_letters += static_cast<int64_t>(dead->size());
  }
  return figures;
}

std::string TextReport(const ScenarioResult& result, const StreamFigures& streams) {
  const Books& books = result.books;
  std::string out;
  absl::StrAppend(&out, "\n最终状态 Final states\n");
  for (const auto& [state, count] : books.states) {
    absl::StrAppendFormat(&out, "  %-14s %6d\n", state, count);
  }
  absl::StrAppendFormat(&out, "  %-14s %6d   unfinished %d\n", "all", books.applications,
                        books.unfinished);
  absl::StrAppend(&out, "\n各阶段用时 Time in a stage, ms\n");
  absl::StrAppendFormat(&out, "  %-14s %6s %9s %9s %9s\n", "stage", "count", "p50", "p90", "max");
  for (auto [stage, samples] : books.stage_ms) {
    std::sort(samples.begin(), samples.end());
    absl::StrAppendFormat(&out, "  %-14s %6d %9.0f %9.0f %9.0f\n", stage, samples.size(),
                          At(samples, 0.5), At(samples, 0.9), samples.back());
  }
  absl::StrAppend(&out, "\n接口用时 RPC latency, ms\n");
  absl::StrAppendFormat(&out, "  %-24s %6s %8s %8s %8s %8s\n", "method", "calls", "repeated", "p50",
                        "p99", "max");
  for (const auto& [method, latency] : result.latencies) {
    absl::StrAppendFormat(&out, "  %-24s %6d %8d %8.2f %8.2f %8.2f\n", method, latency.calls,
                          latency.repeated, latency.p50_ms, latency.p99_ms, latency.max_ms);
  }
  absl::StrAppend(&out, "\n资金 Money, yuan\n");
  absl::StrAppendFormat(&out, "  allocated %s = available %s + reserved %s + paid %s   %s\n",
                        Yuan(books.allocated), Yuan(books.available), Yuan(books.reserved),
                        Yuan(books.paid), books.balanced() ? "balanced" : "NOT BALANCED");
  absl::StrAppendFormat(&out, "  paid as the applications say: %s\n",
                        Yuan(books.paid_by_applications));
  absl::StrAppend(&out, "\n事件 Events by stream\n");
  for (const auto& [service, events] : streams.events) {
    absl::StrAppendFormat(&out, "  %-14s %6d\n", service, events);
  }
  absl::StrAppendFormat(&out,
                        "\n%d orders, %d double-booked slots, %d dead letters, %d watch streams "
                        "resumed, %.1f s\n",
                        books.orders, books.double_booked, streams.dead_letters,
                        result.watches_resumed, absl::ToDoubleSeconds(result.elapsed));
  for (const std::string& complaint : result.complaints) {
    absl::StrAppend(&out, "COMPLAINT ", complaint, "\n");
  }
  return out;
}

std::string JsonReport(const ScenarioResult& result, const StreamFigures& streams) {
  const Books& books = result.books;
  const nlohmann::json report = {
      {"applications", books.applications},
      {"final_states", books.states},
      {"unfinished", books.unfinished},
      {"money_fen",
       {{"allocated", books.allocated},
        {"available", books.available},
        {"reserved", books.reserved},
        {"paid", books.paid}}},
      {"double_booked_slots", books.double_booked},
      {"dead_letters", streams.dead_letters},
      {"elapsed_s", absl::ToDoubleSeconds(result.elapsed)},
      {"events", streams.events},
      {"orders", books.orders},
      {"complaints", result.complaints},
  };
  return report.dump();
}

}  // namespace fuju::scenario
