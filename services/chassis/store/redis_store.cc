#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstddef>
#include <memory>
#include <numeric>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "chassis/store/call_time.h"
#include "chassis/store/index_counts.lua.h"
#include "chassis/store/index_member.h"
#include "chassis/store/list_cursor.h"
#include "chassis/store/list_page.lua.h"
#include "chassis/store/packed_state.h"
#include "chassis/store/raw_store.h"
#include "chassis/store/update_call.h"
#include "chassis/values/refusal.h"

namespace fuju::chassis {
namespace {

using Replies = std::vector<absl::StatusOr<redis::Reply>>;

const redis::Script& ListPageScript() {
  static const auto* const kScript = new redis::Script(kListPageLua);
  return *kScript;
}

const redis::Script& IndexCountsScript() {
  static const auto* const kScript = new redis::Script(kIndexCountsLua);
  return *kScript;
}

absl::Status CheckReply(const absl::StatusOr<redis::Reply>& reply, absl::Time deadline) {
  if (!reply.ok()) return ForCaller(reply.status(), deadline);
  if (!reply->is_error()) return absl::OkStatus();
  return Refusal(absl::StatusCode::kInternal, "INTERNAL", "内部错误，请联系运维人员",
                 absl::StrCat("Redis answered a read with: ", reply->text()));
}

// Collects the replies to commands that were sent at once; calls `done` with the last one.
class Gathering {
 public:
  Gathering(size_t count, absl::Time deadline, std::function<void(absl::Status, Replies)> done)
      : replies_(count), left_(count), deadline_(deadline), done_(std::move(done)) {}

  redis::Client::Callback Slot(std::shared_ptr<Gathering> self, size_t i) {
    return [self = std::move(self), i](absl::StatusOr<redis::Reply> reply) {
      self->replies_[i] = std::move(reply);
      if (--self->left_ == 0) self->Finish();
    };
  }

 private:
  void Finish() {
    absl::Status status;
    for (const auto& reply : replies_) status.Update(CheckReply(reply, deadline_));
    std::exchange(done_, nullptr)(std::move(status), std::move(replies_));
  }

  Replies replies_;
  std::atomic<size_t> left_;
  absl::Time deadline_;
  std::function<void(absl::Status, Replies)> done_;
};

// An entry of an index in a reply, which outlives it.
struct EntryView {
  int64_t score = 0;
  // As it is stored.
  absl::string_view member;
};

// Of member, score, member, score, ...
void AppendEntries(const redis::Reply& reply, std::vector<EntryView>& entries) {
  for (size_t i = 0; i + 1 < reply.size(); i += 2) {
    EntryView& entry = entries.emplace_back();
    // Written without exponent: it is a whole number, below 2^53.
    (void)absl::SimpleAtoi(reply[i + 1].text(), &entry.score);
    entry.member = reply[i].text();
  }
}

IndexEntry ToEntry(const std::string& index, const EntryView& entry) {
  return {index, MemberOf(index, {entry.member.data(), entry.member.size()}), entry.score};
}

// A page of indexes on its way.
struct ListRead {
  std::string index;
  // The keys that one call reads together: in a Redis Cluster those of a partition, else all.
  std::vector<std::vector<std::string>> calls;
  std::optional<IndexEntry> place;
  // One more than asked tells whether there is a next page.
  int wanted = 0;
  absl::Time deadline;
  std::function<void(absl::StatusOr<RawStore::IndexPage>)> done;
};

// How many entries to read with each of several calls. A page's are spread over the partitions by
// hash, as dice fall: their mean and four deviations more are nearly always enough, and much less
// than the whole page.
int EntriesOfEach(int wanted, size_t calls) {
  if (calls == 1) return wanted;
  const double mean = static_cast<double>(wanted) / static_cast<double>(calls);
  return std::min(wanted, static_cast<int>(std::ceil(mean + 4 * std::sqrt(mean))) + 1);
}

bool ComesBefore(const EntryView& a, const EntryView& b) {
  return std::tie(a.score, a.member) > std::tie(b.score, b.member);
}

// The page from replies of at most `each` entries; none if one that may have more of them is read
// to its end within the page.
std::optional<RawStore::IndexPage> Merge(const ListRead& list, int each, const Replies& replies) {
  std::vector<EntryView> entries;
  std::optional<EntryView> known_to;
  for (const auto& reply : replies) {
    const size_t before = entries.size();
    AppendEntries(*reply, entries);
    const bool may_have_more =
        entries.size() - before == static_cast<size_t>(each) && each < list.wanted;
    if (may_have_more && (!known_to.has_value() || ComesBefore(entries.back(), *known_to))) {
      known_to = entries.back();
    }
  }
  const auto wanted = static_cast<size_t>(list.wanted);
  const size_t found = std::min(wanted, entries.size());
  std::partial_sort(entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(found),
                    entries.end(), ComesBefore);
  if (known_to.has_value() && (found < wanted || ComesBefore(*known_to, entries[wanted - 1]))) {
    return std::nullopt;
  }
  RawStore::IndexPage page;
  const size_t shown = std::min(found, wanted - 1);
  page.entries.reserve(shown);
  for (size_t i = 0; i < shown; ++i) page.entries.push_back(ToEntry(list.index, entries[i]));
  if (found == wanted) page.next_cursor = EncodeListCursor(page.entries.back());
  return page;
}

class RedisStore final : public RawStore {
 public:
  RedisStore(redis::Client* client, Keys keys, const Clock* clock, RedisStoreOptions options)
      : context_(std::make_shared<const StoreContext>(
            StoreContext{.client = client,
                         .keys = keys,
                         .clock = clock,
                         .options = options,
                         .turns = std::make_unique<Turns>(client),
                         .recent = std::make_unique<RecentStates>(options.recent_states_bytes),
                         .commits = std::make_shared<CommitQueue>(client, keys, options)})) {}

  void Update(Location location, Command command, Decide decide,
              std::function<void(absl::StatusOr<Outcome>)> done) override {
    std::make_shared<UpdateCall>(context_, std::move(location), std::move(command),
                                 std::move(decide), std::move(done))
        ->Start();
  }

  void GetMany(std::vector<Location> locations, absl::Time deadline,
               std::function<void(absl::StatusOr<std::vector<Blob>>)> done) override;
  void ListIndexes(std::vector<std::string> indexes, std::string route, std::string cursor,
                   int limit, absl::Time deadline,
                   std::function<void(absl::StatusOr<IndexPage>)> done) override;
  void RangeIndex(std::string index, std::string route, int64_t min_score, int64_t max_score,
                  int limit, absl::Time deadline,
                  std::function<void(absl::StatusOr<std::vector<IndexEntry>>)> done) override;
  void CountIndexes(std::vector<IndexRange> ranges, absl::Time deadline,
                    std::function<void(absl::StatusOr<std::vector<int64_t>>)> done) override;
  void GetCounters(std::string route, std::vector<std::string> names, absl::Time deadline,
                   std::function<void(absl::StatusOr<std::vector<int64_t>>)> done) override;

  const Keys& keys() const override { return context_->keys; }
  const Clock& clock() const override { return *context_->clock; }

 private:
  // That of the route, or all of them.
  std::vector<int> PartitionsOf(const std::string& route) const;
  // The same read in each of the partitions, at once; `done` gets replies that are no errors.
  void ReadEach(const std::vector<int>& partitions, absl::Time deadline,
                const std::function<redis::Command(int partition)>& command,
                std::function<void(absl::StatusOr<Replies>)> done);

  // Reads `each` entries at most with each call, and all that is wanted if that was too little.
  void ReadList(std::shared_ptr<const ListRead> list, int each);

  const std::shared_ptr<const StoreContext> context_;
};

std::vector<int> RedisStore::PartitionsOf(const std::string& route) const {
  if (!route.empty()) return {keys().PartitionOf(route)};
  std::vector<int> all(keys().partitions());
  std::iota(all.begin(), all.end(), 0);
  return all;
}

void RedisStore::ReadEach(const std::vector<int>& partitions, absl::Time deadline,
                          const std::function<redis::Command(int partition)>& command,
                          std::function<void(absl::StatusOr<Replies>)> done) {
  const absl::Duration timeout = TimeTo(deadline, context_->options.command_timeout);
  if (timeout <= absl::ZeroDuration()) return done(DeadlinePassed());
  auto gathering = std::make_shared<Gathering>(
      partitions.size(), deadline, [done = std::move(done)](absl::Status status, Replies replies) {
        if (!status.ok()) return done(status);
        done(std::move(replies));
      });
  for (size_t i = 0; i < partitions.size(); ++i) {
    context_->client->Send(command(partitions[i]), timeout, gathering->Slot(gathering, i));
  }
}

void RedisStore::GetMany(std::vector<Location> locations, absl::Time deadline,
                         std::function<void(absl::StatusOr<std::vector<Blob>>)> done) {
  if (locations.empty()) return done(std::vector<Blob>());
  const absl::Duration timeout = TimeTo(deadline, context_->options.command_timeout);
  if (timeout <= absl::ZeroDuration()) return done(DeadlinePassed());
  std::vector<std::string> ids;
  ids.reserve(locations.size());
  for (const Location& location : locations) ids.push_back(location.id);
  auto gathering = std::make_shared<Gathering>(
      locations.size(), deadline,
      [ids = std::move(ids), done = std::move(done)](absl::Status status, Replies replies) {
        if (!status.ok()) return done(status);
        std::vector<Blob> blobs;
        blobs.reserve(replies.size());
        for (size_t i = 0; i < replies.size(); ++i) {
          const absl::StatusOr<redis::Reply>& reply = replies[i];
          absl::StatusOr<Blob> blob = UnpackState((*reply)[1].text(), ids[i]);
          if (!blob.ok()) return done(blob.status());
          blob->version = (*reply)[0].integer();
          blobs.push_back(*std::move(blob));
        }
        done(std::move(blobs));
      });
  for (size_t i = 0; i < locations.size(); ++i) {
    const int partition = keys().PartitionOf(locations[i].route);
    context_->client->Send(
        {"HMGET", keys().Aggregate(partition, locations[i].kind, locations[i].id), "v", "s"},
        timeout, gathering->Slot(gathering, i));
  }
}

void RedisStore::ListIndexes(std::vector<std::string> indexes, std::string route,
                             std::string cursor, int limit, absl::Time deadline,
                             std::function<void(absl::StatusOr<IndexPage>)> done) {
  absl::StatusOr<std::optional<IndexEntry>> place = DecodeListCursor(cursor);
  if (!place.ok()) return done(place.status());
  std::vector<std::vector<std::string>> calls;
  for (const int partition : PartitionsOf(route)) {
    if (calls.empty() || context_->options.sharded) calls.emplace_back();
    for (const std::string& index : indexes) {
      calls.back().push_back(keys().Index(partition, index));
    }
  }
  const int wanted = std::max(limit, 1) + 1;
  const int each = EntriesOfEach(wanted, calls.size());
  ReadList(std::make_shared<ListRead>(ListRead{.index = std::move(indexes[0]),
                                               .calls = std::move(calls),
                                               .place = *std::move(place),
                                               .wanted = wanted,
                                               .deadline = deadline,
                                               .done = std::move(done)}),
           each);
}

void RedisStore::ReadList(std::shared_ptr<const ListRead> list, int each) {
  const absl::Duration timeout = TimeTo(list->deadline, context_->options.command_timeout);
  if (timeout <= absl::ZeroDuration()) return list->done(DeadlinePassed());
  auto gathering = std::make_shared<Gathering>(
      list->calls.size(), list->deadline, [this, list, each](absl::Status status, Replies replies) {
        if (!status.ok()) return list->done(status);
        std::optional<IndexPage> page = Merge(*list, each, replies);
        if (page.has_value()) return list->done(*std::move(page));
        ReadList(list, list->wanted);
      });
  const std::vector<std::string> args = {
      absl::StrCat(each), list->place.has_value() ? absl::StrCat(list->place->score) : "",
      list->place.has_value() ? StoredMember(list->index, list->place->member) : ""};
  for (size_t i = 0; i < list->calls.size(); ++i) {
    context_->client->Eval(ListPageScript(), list->calls[i], args, timeout,
                           gathering->Slot(gathering, i));
  }
}

void RedisStore::RangeIndex(std::string index, std::string route, int64_t min_score,
                            int64_t max_score, int limit, absl::Time deadline,
                            std::function<void(absl::StatusOr<std::vector<IndexEntry>>)> done) {
  ReadEach(
      PartitionsOf(route), deadline,
      [&](int partition) -> redis::Command {
        return {"ZRANGEBYSCORE",
                keys().Index(partition, index),
                absl::StrCat(min_score),
                absl::StrCat(max_score),
                "WITHSCORES",
                "LIMIT",
                "0",
                absl::StrCat(limit)};
      },
      [index, limit, done = std::move(done)](absl::StatusOr<Replies> replies) {
        if (!replies.ok()) return done(replies.status());
        std::vector<EntryView> found;
        for (const auto& reply : *replies) AppendEntries(*reply, found);
        std::sort(found.begin(), found.end(),
                  [](const EntryView& a, const EntryView& b) { return ComesBefore(b, a); });
        if (found.size() > static_cast<size_t>(limit)) found.resize(static_cast<size_t>(limit));
        std::vector<IndexEntry> entries;
        entries.reserve(found.size());
        for (const EntryView& entry : found) entries.push_back(ToEntry(index, entry));
        done(std::move(entries));
      });
}

void RedisStore::CountIndexes(std::vector<IndexRange> ranges, absl::Time deadline,
                              std::function<void(absl::StatusOr<std::vector<int64_t>>)> done) {
  if (ranges.empty()) return done(std::vector<int64_t>());
  const absl::Duration timeout = TimeTo(deadline, context_->options.command_timeout);
  if (timeout <= absl::ZeroDuration()) return done(DeadlinePassed());
  std::vector<std::string> args;
  for (const IndexRange& range : ranges) {
    args.push_back(absl::StrCat(range.min_score));
    args.push_back(absl::StrCat(range.max_score));
  }
  const std::vector<int> partitions = PartitionsOf("");
  auto gathering = std::make_shared<Gathering>(
      partitions.size(), deadline,
      [size = ranges.size(), done = std::move(done)](absl::Status status, Replies replies) {
        if (!status.ok()) return done(status);
        std::vector<int64_t> sums(size);
        for (const auto& reply : replies) {
          for (size_t i = 0; i < size; ++i) sums[i] += (*reply)[i].integer();
        }
        done(std::move(sums));
      });
  for (size_t i = 0; i < partitions.size(); ++i) {
    std::vector<std::string> indexes;
    indexes.reserve(ranges.size());
    for (const IndexRange& range : ranges) {
      indexes.push_back(keys().Index(partitions[i], range.index));
    }
    context_->client->Eval(IndexCountsScript(), std::move(indexes), args, timeout,
                           gathering->Slot(gathering, i));
  }
}

void RedisStore::GetCounters(std::string route, std::vector<std::string> names, absl::Time deadline,
                             std::function<void(absl::StatusOr<std::vector<int64_t>>)> done) {
  if (names.empty()) return done(std::vector<int64_t>());
  ReadEach(
      PartitionsOf(route), deadline,
      [&](int partition) {
        redis::Command command = {"HMGET", keys().Counters(partition)};
        command.insert(command.end(), names.begin(), names.end());
        return command;
      },
      [size = names.size(), done = std::move(done)](absl::StatusOr<Replies> replies) {
        if (!replies.ok()) return done(replies.status());
        std::vector<int64_t> amounts(size);
        for (const auto& reply : *replies) {
          for (size_t i = 0; i < size; ++i) amounts[i] += (*reply)[i].integer();
        }
        done(std::move(amounts));
      });
}

}  // namespace

std::unique_ptr<RawStore> MakeRedisStore(redis::Client* client, Keys keys, const Clock* clock,
                                         RedisStoreOptions options) {
  return std::make_unique<RedisStore>(client, std::move(keys), clock, options);
}

}  // namespace fuju::chassis
