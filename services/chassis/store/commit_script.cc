#include "chassis/store/commit_script.h"

#include "absl/strings/str_cat.h"

#include "chassis/store/commit.lua.h"
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
};

// The fence and the acknowledgement take part when they lie in the aggregate's partition: all keys
// of a script have one hash tag.
bool Fenced(const Commit& commit, const Command& command) {
  return command.fence.has_value() && command.fence->partition == commit.partition;
}

bool Acknowledges(const Commit& commit, const Command& command) {
  return command.acknowledge.has_value() && command.acknowledge->partition == commit.partition;
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

}  // namespace

const redis::Script& CommitScript() {
  static const auto* const kScript = new redis::Script(kCommitLua);
  return *kScript;
}

absl::Status RequestIdReused() {
  return Refusal(absl::StatusCode::kInvalidArgument, "REQUEST_ID_REUSED",
                 "该 request_id 已用于另一个请求，请换一个新的",
                 "this request_id was used for another request; take a new one")
      .Field("request_id", "已用于另一个请求，请换一个新的",
             "was used for another request; take a new one");
}

std::vector<std::string> CommitKeys(const Commit& commit, const Command& command,
                                    const Keys& keys) {
  const int partition = commit.partition;
  const std::string aggregate = keys.Aggregate(partition, commit.location.kind, commit.location.id);
  const bool acknowledges = Acknowledges(commit, command);
  std::vector<std::string> result = {
      aggregate,
      keys.Counters(partition),
      keys.Timers(partition),
      keys.Events(partition),
      command.request_id.empty()
          ? aggregate
          : keys.Request(partition, command.request_scope, command.request_id),
      Fenced(commit, command) ? keys.Lease(partition) : aggregate,
      acknowledges ? command.acknowledge->stream : aggregate,
      acknowledges ? Keys::PositionsOfStream(command.acknowledge->stream) : aggregate,
  };
  const FootprintChange& change = commit.footprint;
  for (const std::string& name : change.claims_taken) result.push_back(keys.Claim(partition, name));
  for (const std::string& name : change.claims_released) {
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

std::vector<std::string> CommitArgs(const Commit& commit, const Command& command, const Keys& keys,
                                    absl::Duration request_retention) {
  const RawStore::Location& location = commit.location;
  const bool acknowledges = Acknowledges(commit, command);
  const FootprintChange& change = commit.footprint;
  std::vector<std::string> args = {
      location.id,
      keys.Holder(location.kind, location.id),
      absl::StrCat(commit.loaded_version),
      absl::StrCat(commit.next_version),
      commit.state,
      commit.correlation_id,
      command.request_id.empty() ? "" : command.fingerprint,
      absl::StrCat(absl::ToInt64Milliseconds(request_retention)),
      Fenced(commit, command) ? command.fence->lease : "",
      command.cause ? keys.CauseField(command.cause->source, command.cause->subject) : "",
      command.cause ? absl::StrCat(command.cause->version) : "",
      acknowledges ? command.acknowledge->group : "",
      acknowledges ? command.acknowledge->entry_id : "",
      absl::StrCat(change.claims_taken.size()),
      absl::StrCat(change.claims_released.size()),
      absl::StrCat(change.counter_moves.size()),
      absl::StrCat(change.index_added.size()),
      absl::StrCat(change.index_removed.size()),
      absl::StrCat(change.timers_set.size()),
      absl::StrCat(change.timers_cleared.size()),
  };
  for (const auto& [counter, delta] : change.counter_moves) {
    args.push_back(counter);
    args.push_back(absl::StrCat(delta));
  }
  for (const IndexEntry& entry : change.index_added) {
    args.push_back(absl::StrCat(entry.score));
    args.push_back(entry.member);
  }
  for (const IndexEntry& entry : change.index_removed) args.push_back(entry.member);
  for (const Timer& timer : change.timers_set) {
    args.push_back(absl::StrCat(absl::ToUnixMillis(timer.due)));
    args.push_back(keys.TimerMember(location.kind, location.id, timer.name));
  }
  for (const std::string& name : change.timers_cleared) {
    args.push_back(keys.TimerMember(location.kind, location.id, name));
  }
  args.insert(args.end(), commit.events.begin(), commit.events.end());
  return args;
}

absl::StatusOr<std::optional<RawStore::Outcome>> ParseCommitReply(const redis::Reply& reply,
                                                                  const Commit& commit) {
  const absl::Status defect =
      Refusal(absl::StatusCode::kInternal, "INTERNAL", "内部错误，请联系运维人员",
              absl::StrCat("commit script on ", commit.location.name, ": ",
                           reply.is_error() ? reply.text() : "unexpected reply"));
  if (!reply.is_array() || reply.size() == 0) return defect;

  const FootprintChange& change = commit.footprint;
  const auto number = [&reply](size_t i) { return static_cast<size_t>(reply[i].integer()); };
  switch (static_cast<Code>(reply[0].integer())) {
    case Code::kDone:
      return RawStore::Outcome{.id = commit.location.id,
                               .state = commit.state,
                               .version = commit.next_version,
                               .repeated = false};
    case Code::kRepeated:
      if (reply.size() != 4) return defect;
      return RawStore::Outcome{.id = reply[3].text(),
                               .state = reply[2].text(),
                               .version = reply[1].integer(),
                               .repeated = true};
    case Code::kVersionConflict:
      return std::nullopt;
    case Code::kFenced:
      return FencedOff();
    case Code::kRequestIdReused:
      return RequestIdReused();
    case Code::kClaimHeld:
      if (reply.size() != 3 || number(1) - 1 >= change.claims_taken.size()) return defect;
      return ClaimHeld(change.claims_taken[number(1) - 1], reply[2].text());
    case Code::kCounterBelowFloor: {
      if (reply.size() != 3 || number(1) - 1 >= change.counter_moves.size()) return defect;
      const auto& [counter, delta] = change.counter_moves[number(1) - 1];
      return CounterBelowFloor(counter, -delta, reply[2].text());
    }
  }
  return defect;
}

}  // namespace fuju::chassis
