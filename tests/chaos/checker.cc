#include "chaos/checker.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <set>
#include <thread>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include <gtest/gtest.h>

#include "chaos/fault_plan.h"
#include "chassis/rpc/repeatable.h"
#include "chassis/store/aggregate_store.h"
#include "chassis/store/keys.h"
#include "chassis/streams/consumer.h"
#include "fuju/audit/v1/audit_service.grpc.pb.h"
#include "fuju/event/v1/event.pb.h"

namespace fuju::chaos {
namespace {

using event::v1::Event;

constexpr absl::Duration kSettleLimit = absl::Seconds(60);
// More examples of one kind of complaint help nobody.
constexpr size_t kMostTold = 10;

void Tell(const std::string& what, const std::vector<std::string>& complaints) {
  const size_t told = std::min(kMostTold, complaints.size());
  EXPECT_TRUE(complaints.empty()) << complaints.size() << " " << what << ":\n  "
                                  << absl::StrJoin(complaints.begin(), complaints.begin() + told,
                                                   "\n  ");
}

std::vector<Event> Parse(const Streams& streams) {
  std::vector<Event> events;
  for (const auto& [stream, entries] : streams) {
    for (const Entry& entry : entries) {
      EXPECT_TRUE(events.emplace_back().ParseFromString(entry.bytes)) << stream << " " << entry.id;
    }
  }
  return events;
}

// What is not done yet, for a person; empty when all is.
std::string Unsettled(chassis::redis::Client& client) {
  for (const std::string& service : test_support::ServiceNames()) {
    const chassis::Keys keys(service, kPartitions);
    const auto dead = chassis::ListDeadLetters(client, keys, 10);
    if (!dead.ok()) return dead.status().ToString();
    if (!dead->empty()) {
      return absl::StrCat(service, " has dead letters: ", dead->front().type, " ",
                          dead->front().subject, ": ", dead->front().error);
    }
    for (int partition = 0; partition < kPartitions; ++partition) {
      const auto status = chassis::ReadStreamStatus(client, keys, partition);
      if (!status.ok()) return status.status().ToString();
      for (const chassis::GroupStatus& group : status->groups) {
        // A backlog that is not known is not 0.
        if (group.backlog == 0) continue;
        return absl::StrCat(group.group, " on ", service, "/", partition, ": ", group.backlog,
                            " not acknowledged");
      }
    }
  }
  return "";
}

// Changes that callers asked for, by the aggregate.
bool ByCaller(const Event& event) { return !absl::StartsWith(event.actor(), "system:"); }

int64_t EventsAdded(chassis::redis::Client& redis) {
  int64_t added = 0;
  for (const std::string& service : test_support::ServiceNames()) {
    const chassis::Keys keys(service, kPartitions);
    for (int i = 0; i < kPartitions; ++i) {
      const auto status = chassis::ReadStreamStatus(redis, keys, i);
      EXPECT_TRUE(status.ok()) << status.status();
      if (status.ok()) added += status->entries_added;
    }
  }
  return added;
}

int64_t VersionOf(const std::string& etag) {
  int64_t version = 0;
  return absl::SimpleAtoi(absl::StripPrefix(etag, "v"), &version) ? version : 0;
}

// A repeat gets the resource as it is now (services/adr/0009): the same one, not an older state of
// it, and the same bytes while nothing has changed it.
std::string ComplaintAbout(const scenario::Answer& first, const scenario::Answer& again) {
  if (again.name != first.name) return absl::StrCat("another resource, ", again.name);
  if (VersionOf(again.etag) < VersionOf(first.etag)) return absl::StrCat("older, ", again.etag);
  // An answer without a version has figures that others move, such as what a budget has left.
  if (!first.etag.empty() && again.etag == first.etag && again.bytes != first.bytes) {
    return "another answer at the same version";
  }
  return "";
}

void ExpectSameAnswers(const std::vector<scenario::Changing>& calls) {
  constexpr size_t kAskers = 4;
  std::atomic<size_t> next{0};
  absl::Mutex mutex;
  std::vector<std::string> complaints;
  std::vector<std::thread> askers;
  for (size_t i = 0; i < kAskers; ++i) {
    askers.emplace_back([&] {
      for (size_t k = next++; k < calls.size(); k = next++) {
        const scenario::Changing& call = calls[k];
        if (!call.answer.ok()) continue;
        const absl::StatusOr<scenario::Answer> again = call.repeat();
        const std::string complaint =
            again.ok() ? ComplaintAbout(*call.answer, *again) : again.status().ToString();
        if (complaint.empty()) continue;
        const absl::MutexLock lock(&mutex);
        complaints.push_back(absl::StrCat(call.method, " ", call.answer->name, " ",
                                          call.answer->etag, ": ", complaint));
      }
    });
  }
  for (std::thread& asker : askers) asker.join();
  Tell("acknowledged requests get a wrong answer when they are repeated", complaints);
}

// The facts that callers made, by "<subject>@<version>", until a call has claimed them.
using Unclaimed = std::map<std::string, const Event*>;

// Claims the fact of that version, and those before it in the same commit. False if it is not there
// or is another's.
bool Claim(Unclaimed& unclaimed, const scenario::Changing& call, int64_t version) {
  const auto found = unclaimed.find(absl::StrCat(call.answer->name, "@", version));
  if (found == unclaimed.end() || found->second->actor() != call.actor) return false;
  const Event* last = found->second;
  unclaimed.erase(found);
  while (--version > 0) {
    const auto before = unclaimed.find(absl::StrCat(last->subject(), "@", version));
    if (before == unclaimed.end() || before->second->traceparent() != last->traceparent()) break;
    unclaimed.erase(before);
  }
  return true;
}

}  // namespace

void ExpectSettled(chassis::redis::Client& redis) {
  const absl::Time end = absl::Now() + kSettleLimit;
  std::string left = Unsettled(redis);
  while (!left.empty() && absl::Now() < end) {
    LetPass(absl::Milliseconds(100));
    left = Unsettled(redis);
  }
  EXPECT_EQ(left, "");
}

void ExpectNothingLost(const Streams& seen, const Streams& now) {
  std::vector<std::string> complaints;
  for (const auto& [stream, entries] : seen) {
    const auto found = now.find(stream);
    const std::vector<Entry> none;
    const std::vector<Entry>& left = found == now.end() ? none : found->second;
    for (size_t i = 0; i < entries.size(); ++i) {
      if (i < left.size() && left[i].id == entries[i].id && left[i].bytes == entries[i].bytes) {
        continue;
      }
      complaints.push_back(absl::StrCat(stream, ": entry ", i, ", ", entries[i].id, ", is ",
                                        i < left.size() ? left[i].id : "gone"));
      break;
    }
  }
  Tell("streams lost or changed what they had shown", complaints);
}

void ExpectVersions(chassis::redis::Client& redis, const Streams& streams, Findings& findings) {
  std::map<std::string, int64_t> last;
  std::map<std::string, int64_t> of_partition;
  std::vector<std::string> complaints;
  for (const Event& event : Parse(streams)) {
    ++findings.events;
    int64_t& version = last[absl::StrCat(event.source(), " ", event.subject())];
    if (event.aggregate_version() != version + 1) {
      complaints.push_back(absl::StrCat(event.source(), " ", event.subject(), ": after ", version,
                                        " came ", event.aggregate_version()));
    }
    version = event.aggregate_version();
    ++of_partition[absl::StrCat(event.source(), "/", event.partition())];
  }
  Tell("gaps or repeats in the versions", complaints);
  findings.aggregates = static_cast<int64_t>(last.size());

  int64_t stored = 0;
  std::map<std::string, int64_t> stored_of_partition;
  for (const std::string& service : test_support::ServiceNames()) {
    const chassis::Keys keys(service, kPartitions);
    for (int partition = 0; partition < kPartitions; ++partition) {
      const auto found = redis.Call({"KEYS", absl::StrCat(keys.Aggregate(partition, "*", "*"))},
                                    absl::Seconds(10));
      ASSERT_TRUE(found.ok() && found->is_array()) << found.status();
      for (const chassis::redis::Reply& key : found->items()) {
        const auto version = redis.Call({"HGET", key.text(), "v"}, absl::Seconds(10));
        ASSERT_TRUE(version.ok()) << version.status();
        if (version->integer() == 0) continue;
        ++stored;
        stored_of_partition[absl::StrCat(service, "/", partition)] += version->integer();
      }
    }
  }
  EXPECT_EQ(stored, findings.aggregates) << "aggregates stored, aggregates with facts";
  EXPECT_EQ(stored_of_partition, of_partition) << "sums of the stored versions, numbers of facts";
}

void ExpectAcknowledgedOnce(chassis::redis::Client& redis,
                            const std::vector<scenario::Changing>& calls, const Streams& streams,
                            Findings& findings) {
  Unclaimed unclaimed;
  const std::vector<Event> events = Parse(streams);
  for (const Event& event : events) {
    if (ByCaller(event)) unclaimed[event.id()] = &event;
  }
  // Who may have made a fact whose call was never answered, or answered without a version.
  std::map<std::string, int64_t> loose;
  std::vector<const scenario::Changing*> repeated;
  for (const scenario::Changing& call : calls) {
    if (!call.answer.ok()) {
      if (chassis::IsRepeatable(call.answer.status().code())) {
        ++findings.given_up;
        ++loose[call.actor];
      }
      continue;
    }
    ++findings.acknowledged;
    if (call.answer->etag.empty()) {
      ++loose[call.actor];
    } else if (!Claim(unclaimed, call, VersionOf(call.answer->etag))) {
      repeated.push_back(&call);
    }
  }
  // Their first answers were lost, and others changed the resource before they asked again: theirs
  // is the last fact before what they saw.
  std::vector<std::string> without_fact;
  for (const scenario::Changing* call : repeated) {
    int64_t version = VersionOf(call->answer->etag) - 1;
    while (version > 0 && !Claim(unclaimed, *call, version)) --version;
    if (version > 0) continue;
    without_fact.push_back(absl::StrCat(call->method, " by ", call->actor, " ", call->answer->name,
                                        "@", VersionOf(call->answer->etag)));
  }
  Tell("acknowledged calls without a fact of their own", without_fact);
  std::vector<std::string> without_call;
  for (const auto& [id, event] : unclaimed) {
    if (loose[event->actor()]-- > 0) continue;
    without_call.push_back(absl::StrCat(id, " ", event->type(), " by ", event->actor()));
  }
  Tell("facts of callers without a call", without_call);

  const int64_t before = EventsAdded(redis);
  ExpectSameAnswers(calls);
  EXPECT_EQ(EventsAdded(redis), before) << "repeated requests had effects";
}

void ExpectArchived(const test_support::Cluster& cluster, const Streams& streams) {
  int64_t published = 0;
  for (const auto& [stream, entries] : streams) published += static_cast<int64_t>(entries.size());
  const auto stub = audit::v1::AuditService::NewStub(cluster.channel("audit"));
  const absl::Time end = absl::Now() + kSettleLimit;
  audit::v1::Overview overview;
  do {
    grpc::ClientContext context;
    overview.Clear();
    stub->GetOverview(&context, audit::v1::GetOverviewRequest(), &overview);
    if (overview.events() >= published) break;
    LetPass(absl::Milliseconds(100));
  } while (absl::Now() < end);
  EXPECT_EQ(overview.events(), published) << "events in the archive, events published";
}

}  // namespace fuju::chaos
