#include "chassis/streams/lease_keeper.h"

#include <algorithm>
#include <utility>

#include "absl/random/random.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/blocking_counter.h"

#include "chassis/streams/acquire_lease.lua.h"
#include "chassis/streams/join_members.lua.h"
#include "chassis/streams/release_lease.lua.h"
#include "chassis/streams/renew_lease.lua.h"
#include "chassis/streams/script_codes.h"
#include "chassis/telemetry/log.h"

namespace fuju::chassis {
namespace {

// How often the end of a drain is looked at, should a poke be missed.
constexpr absl::Duration kWhileStopping = absl::Milliseconds(100);
// A lease that ends is not asked for before it has ended.
constexpr absl::Duration kAfterExpiry = absl::Milliseconds(5);

const redis::Script& JoinMembersScript() {
  static const auto* const script = new redis::Script(kJoinMembersLua);
  return *script;
}
const redis::Script& AcquireLeaseScript() {
  static const auto* const script = new redis::Script(kAcquireLeaseLua);
  return *script;
}
const redis::Script& RenewLeaseScript() {
  static const auto* const script = new redis::Script(kRenewLeaseLua);
  return *script;
}
const redis::Script& ReleaseLeaseScript() {
  static const auto* const script = new redis::Script(kReleaseLeaseLua);
  return *script;
}

}  // namespace

LeaseKeeper::LeaseKeeper(redis::Client* client, Keys keys, std::string instance, absl::Duration ttl,
                         PartitionHolder* holder)
    : client_(client),
      keys_(std::move(keys)),
      instance_(std::move(instance)),
      ttl_(ttl),
      holder_(holder),
      stop_deadline_(SteadyTime::max()),
      next_free_(SteadyTime::max()),
      thread_([this] { Main(); }) {}

LeaseKeeper::~LeaseKeeper() { Stop(absl::ZeroDuration()); }

void LeaseKeeper::Stop(absl::Duration grace) {
  stop_deadline_.store(After(SteadyNow(), grace));
  stopping_.store(true);
  wake_.Wake();
  const absl::MutexLock lock(&join_mutex_);
  if (thread_.joinable()) thread_.join();
}

void LeaseKeeper::Main() {
  // Instances that start together do not ask for the same partitions in the same order.
  absl::BitGen random;
  first_candidate_ = absl::Uniform(random, 0, keys_.partitions());
  while (!stopping_.load()) {
    const SteadyTime began = SteadyNow();
    Tick(/*stopping=*/false);
    wake_.WaitFor(UntilNextTick(began));
  }
  DrainAll();
  while (!held_.empty() && SteadyNow() < stop_deadline_.load()) {
    Tick(/*stopping=*/true);
    if (held_.empty()) break;
    wake_.WaitFor(std::min(kWhileStopping, Between(SteadyNow(), stop_deadline_.load())));
  }
  for (const auto& [partition, held] : held_) {
    holder_->Drop(partition);
    Release(*held.term);
  }
  held_.clear();
  (void)client_->Call({"ZREM", keys_.Members(), instance_}, ttl_ / 3);
}

void LeaseKeeper::Tick(bool stopping) {
  RenewAll(stopping);
  DropLost();
  ReleaseFinished();
  if (stopping) return;
  DrainSurplus();
  AcquireMissing();
}

void LeaseKeeper::RenewAll(bool stopping) {
  const std::string ttl_ms = absl::StrCat(absl::ToInt64Milliseconds(ttl_));
  absl::BlockingCounter answers(static_cast<int>(held_.size()) + (stopping ? 0 : 1));
  size_t members = 0;
  size_t rank = 0;
  if (!stopping) {
    client_->Eval(JoinMembersScript(), {keys_.Members()}, {instance_, ttl_ms}, ttl_ / 3,
                  [&](const absl::StatusOr<redis::Reply>& reply) {
                    if (reply.ok() && reply->size() == 2) {
                      members = static_cast<size_t>((*reply)[0].integer());
                      rank = static_cast<size_t>((*reply)[1].integer());
                    }
                    answers.DecrementCount();
                  });
  }
  for (const auto& [partition, held] : held_) {
    const std::shared_ptr<LeaseTerm> term = held.term;
    // From the sending on: Redis counts from later.
    const SteadyTime until = After(SteadyNow(), ttl_);
    client_->Eval(RenewLeaseScript(), {keys_.Lease(partition)}, {term->value(), ttl_ms}, ttl_ / 3,
                  [&answers, term, until](const absl::StatusOr<redis::Reply>& reply) {
                    if (reply.ok() && reply->integer() == 1) {
                      term->Extend(until);
                    } else if (reply.ok() && IsLeaseLost(*reply)) {
                      term->Lose();
                    }
                    answers.DecrementCount();
                  });
  }
  answers.Wait();
  members_ = members;
  rank_ = rank;
}

void LeaseKeeper::DropLost() {
  for (auto it = held_.begin(); it != held_.end();) {
    if (it->second.term->Valid()) {
      ++it;
      continue;
    }
    LogWarning("lost a partition", {{"partition", it->first}});
    holder_->Drop(it->first);
    // In case it is only this process that counts it as lost.
    Release(*it->second.term);
    it = held_.erase(it);
  }
}

void LeaseKeeper::ReleaseFinished() {
  for (auto it = held_.begin(); it != held_.end();) {
    if (!holder_->Finished(it->first)) {
      ++it;
      continue;
    }
    holder_->Drop(it->first);
    Release(*it->second.term);
    LogInfo("handed a partition over", {{"partition", it->first}});
    it = held_.erase(it);
  }
}

// Those with the least names have one more where they can not all have the same.
size_t LeaseKeeper::Share() const {
  const size_t partitions = static_cast<size_t>(keys_.partitions());
  return partitions / members_ + (rank_ < partitions % members_ ? 1 : 0);
}

void LeaseKeeper::DrainSurplus() {
  if (members_ == 0) return;
  size_t working = 0;
  for (const auto& [partition, held] : held_) working += held.draining ? 0 : 1;
  for (auto it = held_.rbegin(); it != held_.rend() && working > Share(); ++it) {
    if (it->second.draining) continue;
    it->second.draining = true;
    holder_->Drain(it->first);
    --working;
  }
}

void LeaseKeeper::AcquireMissing() {
  next_free_ = SteadyTime::max();
  if (members_ == 0) return;
  const std::string ttl_ms = absl::StrCat(absl::ToInt64Milliseconds(ttl_));
  for (int i = 0; i < keys_.partitions() && held_.size() < Share(); ++i) {
    const int partition = (first_candidate_ + i) % keys_.partitions();
    if (held_.contains(partition)) continue;
    const SteadyTime sent = SteadyNow();
    const absl::StatusOr<redis::Reply> reply =
        client_->CallScript(AcquireLeaseScript(), {keys_.Lease(partition), keys_.Fence(partition)},
                            {instance_, ttl_ms}, ttl_ / 3);
    // Its node is away: the next tick begins with the next one, which may be on another node.
    if (!reply.ok() || reply->is_error()) {
      first_candidate_ = (partition + 1) % keys_.partitions();
      return;
    }
    if (reply->type() == redis::Reply::Type::kInteger) {
      const absl::Duration left = absl::Milliseconds(reply->integer()) + kAfterExpiry;
      next_free_ = std::min(next_free_, After(SteadyNow(), left));
      continue;
    }
    auto term = std::make_shared<LeaseTerm>(partition, reply->text(), After(sent, ttl_));
    LogInfo("took a partition", {{"partition", partition}, {"lease", term->value()}});
    held_[partition] = Held{.term = term};
    holder_->Take(std::move(term));
  }
}

void LeaseKeeper::DrainAll() {
  for (auto& [partition, held] : held_) {
    if (std::exchange(held.draining, true)) continue;
    holder_->Drain(partition);
  }
}

void LeaseKeeper::Release(const LeaseTerm& term) {
  // Not waited for: if it does not arrive, the lease ends by itself.
  client_->Eval(ReleaseLeaseScript(), {keys_.Lease(term.partition())}, {term.value()}, ttl_ / 3,
                [](const absl::StatusOr<redis::Reply>&) {});
}

// A node that is away takes a part of the tick: those of the others are renewed in time all the
// same.
absl::Duration LeaseKeeper::UntilNextTick(SteadyTime tick_began) const {
  const absl::Duration until_free = Between(SteadyNow(), next_free_);
  const absl::Duration until_renewal = Between(SteadyNow(), After(tick_began, ttl_ / 3));
  return std::clamp(until_free, kAfterExpiry, std::max(until_renewal, kAfterExpiry));
}

}  // namespace fuju::chassis
