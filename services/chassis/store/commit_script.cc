#include "chassis/store/commit_script.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"

#include "chassis/redis/result.h"
#include "chassis/store/commit.lua.h"
#include "chassis/store/index_member.h"
#include "chassis/values/refusal.h"

namespace fuju::chassis {
namespace {

// The codes of commit.lua.
enum class Code : int64_t {
  kDone = 0,
  kRepeated = 1,
  kFenced = -1,
  kRequestIdReused = -2,
  kVersionConflict = -3,
  kClaimHeld = -4,
  kCounterBelowFloor = -5,
  kRefusedByRedis = -6,
};

// The fence takes part when it is of the aggregate's partition: all keys of a script have one hash
// tag.
bool Fenced(const Commit& commit, const Command& command) {
  return command.fence.has_value() && command.fence->partition == commit.partition;
}

std::array<size_t, 9> Numbers(const Commit& commit) {
  const FootprintChange& change = commit.footprint;
  return {change.claims_taken.size(), change.claims_released.size(), change.claims_barred.size(),
          change.index_added.size(),  change.index_removed.size(),   change.counter_moves.size(),
          change.timers_set.size(),   change.timers_cleared.size(),  commit.events.size()};
}

std::string Shape(const Commit& commit, bool fenced, bool caused) {
  std::string shape;
  for (const bool has : {commit.request.has_value(), fenced, caused}) {
    shape.push_back(has ? '\1' : '\0');
  }
  for (const size_t number : Numbers(commit)) {
    shape.push_back(static_cast<char>(number >> 8));
    shape.push_back(static_cast<char>(number & 0xff));
  }
  return shape;
}

absl::Status Defect(const Commit& commit, const std::string& what) {
  return Refusal(absl::StatusCode::kInternal, "INTERNAL", "内部错误，请联系运维人员",
                 absl::StrCat("commit script on ", commit.location.name, ": ", what));
}

absl::Status FencedOff() {
  return Refusal(absl::StatusCode::kFailedPrecondition, "FENCED",
                 "本实例已失去该分区，操作未生效，由接手的实例继续",
                 "this instance has lost the partition and nothing was applied; the one that took "
                 "over continues");
}

absl::Status ClaimHeld(const std::string& claim, const std::string& holder) {
  return Refusal(absl::StatusCode::kAlreadyExists, "CLAIM_HELD",
                 absl::StrCat("“", claim, "”已被 ", holder, " 占用"),
                 absl::StrCat("\"", claim, "\" is held by ", holder))
      .With("claim", claim)
      .With("holder", holder);
}

absl::Status CounterBelowFloor(const std::string& counter, int64_t asked, const std::string& left) {
  return Refusal(
             absl::StatusCode::kFailedPrecondition, "COUNTER_BELOW_FLOOR",
             absl::StrCat("“", counter, "”余额不足：需要 ", asked, "，剩余 ", left),
             absl::StrCat("\"", counter, "\" does not suffice: ", asked, " asked, ", left, " left"))
      .With("counter", counter)
      .With("asked", absl::StrCat(asked))
      .With("left", left);
}

absl::Status CounterNotZero(const std::string& counter, const std::string& left) {
  return Refusal(absl::StatusCode::kFailedPrecondition, "COUNTER_NOT_ZERO",
                 absl::StrCat("“", counter, "”应为0，现为", left),
                 absl::StrCat("\"", counter, "\" must be 0 and is ", left))
      .With("counter", counter)
      .With("left", left);
}

}  // namespace

const redis::Script& CommitScript() {
  static const auto* const kScript = new redis::Script(kCommitLua);
  return *kScript;
}

absl::Status ExamineSize(const Commit& commit) {
  constexpr size_t kMost = 0xffff;
  const std::array<size_t, 9> numbers = Numbers(commit);
  if (*std::max_element(numbers.begin(), numbers.end()) <= kMost) return absl::OkStatus();
  return Defect(commit, "more than 65,535 claims, index entries, timers or events in one decision");
}

absl::Status RequestIdReused() {
  return Refusal(absl::StatusCode::kInvalidArgument, "REQUEST_ID_REUSED",
                 "该 request_id 已用于另一个请求，请换一个新的",
                 "this request_id was used for another request; take a new one")
      .Field("request_id", "已用于另一个请求，请换一个新的",
             "was used for another request; take a new one");
}

CommitCall NewCommitCall(const Keys& keys, int partition, absl::Duration request_retention) {
  return {.keys = {keys.Never(partition)},
          .args = {absl::StrCat(absl::ToInt64Milliseconds(request_retention))}};
}

void BeginPartition(const Keys& keys, int partition, CommitCall& call) {
  for (std::string key : {keys.Counters(partition), keys.Timers(partition), keys.Events(partition),
                          keys.Lease(partition)}) {
    call.keys.push_back(std::move(key));
  }
  call.args.emplace_back();
}

std::vector<std::string> CommitKeys(const Commit& commit, const std::string& aggregate,
                                    const Keys& keys) {
  const int partition = commit.partition;
  const FootprintChange& change = commit.footprint;
  std::vector<std::string> result;
  result.reserve(3 + change.claims_taken.size() + change.claims_released.size() +
                 change.claims_barred.size() + change.index_added.size() +
                 change.index_removed.size());
  result.push_back(aggregate);
  if (commit.request.has_value()) {
    result.push_back(commit.request->even);
    result.push_back(commit.request->odd);
  }
  for (const std::string& name : change.claims_taken) result.push_back(keys.Claim(partition, name));
  for (const std::string& name : change.claims_released) {
    result.push_back(keys.Claim(partition, name));
  }
  for (const std::string& name : change.claims_barred) {
    result.push_back(keys.Claim(partition, name));
  }
  for (const IndexEntry& entry : change.index_added) {
    result.push_back(keys.Index(partition, entry.index));
  }
  for (const IndexEntry& entry : change.index_removed) {
    result.push_back(keys.Index(partition, entry.index));
  }
  return result;
}

std::vector<std::string> CommitArgs(Commit& commit, const Command& command, const Keys& keys) {
  const RawStore::Location& location = commit.location;
  const FootprintChange& change = commit.footprint;
  const bool fenced = Fenced(commit, command);
  constexpr size_t kMostOfHeader = 11;
  std::vector<std::string> args;
  args.reserve(kMostOfHeader + 2 * change.counter_moves.size() + 2 * change.index_added.size() +
               change.index_removed.size() + 2 * change.timers_set.size() +
               change.timers_cleared.size() + commit.events.size());
  args.push_back(Shape(commit, fenced, command.cause.has_value()));
  args.push_back(location.kind);
  args.push_back(location.id);
  args.push_back(absl::StrCat(commit.loaded_version));
  args.push_back(absl::StrCat(commit.next_version));
  args.push_back(std::move(commit.state));
  if (commit.request.has_value()) {
    args.push_back(command.fingerprint);
    args.push_back(commit.request->field);
  }
  if (fenced) args.push_back(command.fence->lease);
  if (command.cause.has_value()) {
    args.push_back(keys.CauseField(command.cause->source, command.cause->subject));
    args.push_back(absl::StrCat(command.cause->version));
  }
  for (const auto& [counter, delta] : change.counter_moves) {
    args.push_back(counter);
    args.push_back(absl::StrCat(delta));
  }
  for (const IndexEntry& entry : change.index_added) {
    args.push_back(absl::StrCat(entry.score));
    args.push_back(StoredMember(entry.index, entry.member));
  }
  for (const IndexEntry& entry : change.index_removed) {
    args.push_back(StoredMember(entry.index, entry.member));
  }
  for (const Timer& timer : change.timers_set) {
    args.push_back(absl::StrCat(absl::ToUnixMillis(timer.due)));
    args.push_back(keys.TimerMember(location.kind, location.id, timer.name));
  }
  for (const std::string& name : change.timers_cleared) {
    args.push_back(keys.TimerMember(location.kind, location.id, name));
  }
  for (std::string& event : commit.events) args.push_back(std::move(event));
  return args;
}

absl::StatusOr<CommitResult> ParseCommitReply(const redis::Reply& reply, const Commit& commit) {
  const auto unexpected = [&] {
    return Defect(commit, reply.is_error() ? reply.text() : "unexpected reply");
  };
  if (reply.is_integer() && reply.integer() == static_cast<int64_t>(Code::kDone)) {
    return CommitResult{.kind = CommitResult::Kind::kDone, .id = ""};
  }
  if (!reply.is_array() || reply.size() == 0) return unexpected();

  const FootprintChange& change = commit.footprint;
  const auto number = [&reply](size_t i) { return static_cast<size_t>(reply[i].integer()); };
  switch (static_cast<Code>(reply[0].integer())) {
    case Code::kDone:
      break;  // never in an array
    case Code::kRepeated:
      if (reply.size() != 2) return unexpected();
      return CommitResult{.kind = CommitResult::Kind::kRepeated, .id = reply[1].text()};
    case Code::kVersionConflict:
      return CommitResult{.kind = CommitResult::Kind::kVersionConflict, .id = ""};
    case Code::kFenced:
      return FencedOff();
    case Code::kRequestIdReused:
      return RequestIdReused();
    case Code::kClaimHeld: {
      std::vector<std::string> claims = change.claims_taken;
      claims.insert(claims.end(), change.claims_barred.begin(), change.claims_barred.end());
      if (reply.size() != 3 || number(1) - 1 >= claims.size()) return unexpected();
      return ClaimHeld(claims[number(1) - 1], reply[2].text());
    }
    case Code::kCounterBelowFloor: {
      if (reply.size() != 3 || number(1) - 1 >= change.counter_moves.size()) return unexpected();
      const auto& [counter, delta] = change.counter_moves[number(1) - 1];
      return delta == 0 ? CounterNotZero(counter, reply[2].text())
                        : CounterBelowFloor(counter, -delta, reply[2].text());
    }
    case Code::kRefusedByRedis: {
      if (reply.size() != 2) return unexpected();
      // A Redis that can not write now says so at the first write.
      const absl::StatusOr<redis::Reply> refused =
          redis::ToResult(redis::Reply::Error(reply[1].text()));
      return refused.ok() ? Defect(commit, reply[1].text()) : refused.status();
    }
  }
  return unexpected();
}

}  // namespace fuju::chassis
