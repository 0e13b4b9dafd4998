#include "simulation/invariants.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "catalogue/ledger/account.h"
#include "chassis/store/index_member.h"
#include "chassis/store/keys.h"
#include "chassis/store/packed_state.h"
#include "fuju/event/v1/event.pb.h"

namespace fuju::simulation {
namespace {

constexpr char kVersions[] = "versions";
constexpr char kOneEffect[] = "one effect";
constexpr char kClaim[] = "claim";
constexpr char kCounter[] = "counter";
constexpr char kKeptBeside[] = "kept beside";
constexpr char kMoney[] = "money";
constexpr char kNoFailure[] = "no failure";

int64_t Number(const std::string& text) {
  int64_t value = 0;
  (void)absl::SimpleAtoi(text, &value);
  return value;
}

std::string Field(const Slot& slot, std::string_view field) {
  const auto* hash = std::get_if<Hash>(&slot.value);
  if (hash == nullptr) return "";
  const auto found = hash->find(field);
  return found == hash->end() ? "" : found->second;
}

// The newest dead letter without its event.
std::string Failure(const Slot& slot) {
  std::string text = slot.key;
  const auto* stream = std::get_if<Stream>(&slot.value);
  if (stream == nullptr || stream->entries.empty()) return text;
  const std::vector<std::string>& fields = stream->entries.rbegin()->second;
  for (size_t i = 0; i + 1 < fields.size(); i += 2) {
    if (fields[i] != "e") absl::StrAppend(&text, " ", fields[i], "=", fields[i + 1]);
  }
  return text;
}

}  // namespace

Invariants::Invariants(SimulatedRedis* redis, Committed* committed)
    : redis_(redis), committed_(committed) {
  redis_->Observe([this](const std::vector<Slot*>& written) { OnWritten(written); });
}

void Invariants::Break(std::string promise, std::string evidence) {
  if (!broken_.empty()) return;
  broken_ = std::move(promise);
  evidence_ = std::move(evidence);
}

Invariants::Type Invariants::TypeOf(const Slot& slot) {
  const auto [place, inserted] = types_.try_emplace(&slot, Type::kOther);
  if (!inserted) return place->second;
  std::string service;
  std::string rest;
  int partition = 0;
  if (!ParseKey(slot.key, service, partition, rest)) return Type::kOther;
  if (chassis::Keys::ParseAggregate(slot.key).has_value()) place->second = Type::kAggregate;
  if (rest == "events") place->second = Type::kEvents;
  if (rest.starts_with("done:")) place->second = Type::kRequest;
  if (rest == "dead" || rest == "blocked") place->second = Type::kFailures;
  return place->second;
}

// The facts first: an aggregate's version has to be that of its last fact. One step may commit
// several decisions, so what is kept beside is compared once all of them are counted.
void Invariants::OnWritten(const std::vector<Slot*>& written) {
  ++step_;
  changes_.clear();
  for (const Slot* slot : written) {
    if (TypeOf(*slot) == Type::kEvents) OnEvents(*slot);
  }
  for (const Slot* slot : written) {
    switch (TypeOf(*slot)) {
      case Type::kAggregate:
        OnAggregate(*slot);
        break;
      case Type::kRequest:
        OnRequest(*slot);
        break;
      case Type::kFailures:
        Break(kNoFailure, absl::StrCat("a reaction failed for good: ", Failure(*slot)));
        break;
      default:
        break;
    }
  }
  for (const Change& change : changes_) GiveUp(*change.aggregate, change.before);
  for (const Change& change : changes_) Hold(*change.aggregate);
  for (const Change& change : changes_) {
    Compare(*change.aggregate, change.before);
    CheckField(*change.aggregate);
  }
}

void Invariants::OnEvents(const Slot& slot) {
  const auto& stream = std::get<Stream>(slot.value);
  EntryId& read = read_[&slot];
  for (auto it = stream.entries.upper_bound(read); it != stream.entries.end(); ++it) {
    read = it->first;
    fuju::event::v1::Event event;
    if (!event.ParseFromString(it->second[1])) {
      return Break(kVersions, absl::StrCat("an entry of ", slot.key, " does not parse"));
    }
    int64_t& version = versions_[event.subject()];
    if (event.aggregate_version() != version + 1) {
      Break(kVersions, absl::StrCat(event.subject(), ": fact of version ",
                                    event.aggregate_version(), " after version ", version));
    }
    version = event.aggregate_version();
    if (event.causation_id().empty()) continue;
    const auto [effect, first] =
        effects_.try_emplace(absl::StrCat(event.subject(), "|", event.causation_id()), step_);
    if (!first && effect->second != step_) {
      Break(kOneEffect, absl::StrCat(event.causation_id(), " changed ", event.subject(),
                                     " a second time: ", event.type()));
    }
  }
}

void Invariants::OnRequest(const Slot& slot) {
  if (!slot.exists()) {
    answers_.erase(&slot);
    return;
  }
  auto& known = answers_[&slot];
  for (const auto& [request, answer] : std::get<Hash>(slot.value)) {
    const auto [first, inserted] = known.try_emplace(request, answer);
    if (!inserted && first->second != answer) {
      Break(kOneEffect,
            absl::StrCat(slot.key, " ", request, " answered ", first->second, ", then ", answer));
    }
  }
}

void Invariants::OnAggregate(const Slot& slot) {
  Aggregate* const aggregate = committed_->Find(slot);
  if (aggregate == nullptr) return Break(kVersions, absl::StrCat("unknown kind: ", slot.key));
  const int64_t version = Number(Field(slot, "v"));
  const auto& hash = std::get<Hash>(slot.value);
  const auto bytes = hash.find("s");
  if (version == aggregate->version) {
    // A reaction without effect: only what was reacted to may be new.
    if (bytes != hash.end() && bytes->second != aggregate->bytes) {
      Break(kVersions, absl::StrCat(aggregate->name, " changed within version ", version));
    }
    return;
  }
  if (version < aggregate->version || versions_[aggregate->name] != version) {
    Break(kVersions, absl::StrCat(aggregate->name, " went from version ", aggregate->version,
                                  " to ", version, ", its facts to ", versions_[aggregate->name]));
  }
  aggregate->version = version;
  aggregate->bytes = bytes->second;
  auto state = aggregate->kind->make();
  const auto unpacked = chassis::UnpackState(aggregate->bytes, aggregate->id);
  if (!unpacked.ok() || !state->ParseFromString(unpacked->state)) {
    return Break(kVersions, absl::StrCat(aggregate->name, " does not parse"));
  }
  changes_.push_back({aggregate, std::move(aggregate->footprint)});
  aggregate->state = std::move(state);
  aggregate->footprint = aggregate->kind->footprint(aggregate->id, *aggregate->state);
}

Invariants::Account& Invariants::AccountOf(const Aggregate& aggregate) {
  Account& account = accounts_[{aggregate.kind->service, aggregate.partition}];
  if (account.counters == nullptr) {
    const chassis::Keys keys(aggregate.kind->service, 1);
    account.counters = &redis_->At(keys.Counters(aggregate.partition));
    account.timers = &redis_->At(keys.Timers(aggregate.partition));
    account.prefix = account.timers->key.substr(0, account.timers->key.rfind(':') + 1);
  }
  return account;
}

void Invariants::GiveUp(const Aggregate& aggregate, const chassis::Footprint& before) {
  Account& account = AccountOf(aggregate);
  for (const chassis::Claim& claim : before.claims) {
    const auto held = account.claims.find(claim.name);
    if (held != account.claims.end() && held->second == &aggregate) account.claims.erase(held);
  }
  for (const chassis::Holding& holding : before.holdings) {
    account.sums[holding.counter] -= holding.amount;
  }
  account.timer_count -= before.timers.size();
}

void Invariants::Hold(const Aggregate& aggregate) {
  Account& account = AccountOf(aggregate);
  for (const chassis::Claim& claim : aggregate.footprint.claims) {
    const auto [held, taken] = account.claims.try_emplace(claim.name, &aggregate);
    if (!taken && held->second != &aggregate) {
      Break(kClaim, absl::StrCat(claim.name, " is held by ", held->second->name, " and by ",
                                 aggregate.name));
    }
  }
  for (const chassis::Holding& holding : aggregate.footprint.holdings) {
    account.sums[holding.counter] += holding.amount;
  }
  account.timer_count += aggregate.footprint.timers.size();
}

void Invariants::Compare(const Aggregate& aggregate, const chassis::Footprint& before) {
  Account& account = AccountOf(aggregate);
  CompareClaims(account, aggregate, before);
  CompareCounters(account, before.holdings);
  CompareCounters(account, aggregate.footprint.holdings);
  CompareRest(account, aggregate, before);
  if (aggregate.kind->service == "catalogue") CheckMoney(aggregate);
}

void Invariants::CompareClaims(Account& account, const Aggregate& aggregate,
                               const chassis::Footprint& before) {
  const auto holder = [&](const std::string& name) -> std::string {
    const Slot& slot = redis_->At(absl::StrCat(account.prefix, "claim:", name));
    const auto* text = std::get_if<std::string>(&slot.value);
    return text == nullptr ? "" : *text;
  };
  const std::string me = absl::StrCat(aggregate.kind->kind, "|", aggregate.id);
  for (const chassis::Claim& claim : aggregate.footprint.claims) {
    if (holder(claim.name) != me) {
      Break(kClaim,
            absl::StrCat(claim.name, " is ", me, "'s, Redis says \"", holder(claim.name), "\""));
    }
  }
  for (const chassis::Claim& claim : before.claims) {
    if (!account.claims.contains(claim.name) && !holder(claim.name).empty()) {
      Break(kClaim,
            absl::StrCat(claim.name, " is given back, Redis still says ", holder(claim.name)));
    }
  }
}

void Invariants::CompareCounters(Account& account, const std::vector<chassis::Holding>& holdings) {
  for (const chassis::Holding& holding : holdings) {
    const int64_t sum = account.sums[holding.counter];
    const int64_t counted = Number(Field(*account.counters, holding.counter));
    if (counted != sum) {
      Break(kCounter, absl::StrCat(holding.counter, " is ", counted, ", the states hold ", sum));
    } else if (counted < 0) {
      Break(kCounter, absl::StrCat(holding.counter, " is below its floor: ", counted));
    }
  }
}

void Invariants::CompareRest(Account& account, const Aggregate& aggregate,
                             const chassis::Footprint& before) {
  const auto score = [](const Slot& slot, const std::string& member) -> int64_t {
    const auto* set = std::get_if<SortedSet>(&slot.value);
    if (set == nullptr) return -1;
    const auto found = set->scores.find(member);
    return found == set->scores.end() ? -1 : found->second;
  };
  const auto* timers = std::get_if<SortedSet>(&account.timers->value);
  const size_t timer_count = timers == nullptr ? 0 : timers->order.size();
  if (timer_count != account.timer_count) {
    Break(kKeptBeside, absl::StrCat(account.timers->key, " has ", timer_count,
                                    " timers, the states ", account.timer_count));
  }
  for (const chassis::Timer& timer : aggregate.footprint.timers) {
    const std::string member =
        chassis::Keys::TimerMember(aggregate.kind->kind, aggregate.id, timer.name);
    if (score(*account.timers, member) != absl::ToUnixMillis(timer.due)) {
      Break(kKeptBeside, absl::StrCat("timer ", member, " is not set as the state says"));
    }
  }
  const auto index = [&](const std::string& name) -> const Slot& {
    Slot*& slot = account.indexes[name];
    if (slot == nullptr) slot = &redis_->At(absl::StrCat(account.prefix, "ix:", name));
    return *slot;
  };
  const auto& entries = aggregate.footprint.index;
  for (const chassis::IndexEntry& entry : entries) {
    if (score(index(entry.index), chassis::StoredMember(entry.index, entry.member)) !=
        entry.score) {
      Break(kKeptBeside, absl::StrCat(entry.member, " is not in index ", entry.index));
    }
  }
  for (const chassis::IndexEntry& entry : before.index) {
    const bool stays = std::any_of(entries.begin(), entries.end(), [&](const auto& other) {
      return other.index == entry.index && other.member == entry.member;
    });
    if (!stays &&
        score(index(entry.index), chassis::StoredMember(entry.index, entry.member)) != -1) {
      Break(kKeptBeside, absl::StrCat(entry.member, " is still in index ", entry.index));
    }
  }
}

void Invariants::CheckMoney(const Aggregate& aggregate) {
  const Account& account = AccountOf(aggregate);
  const auto amount = [&](const std::string& name) {
    return Number(Field(*account.counters, name));
  };
  for (const chassis::Holding& holding : aggregate.footprint.holdings) {
    // "ledger:<book>:<account>".
    if (!holding.counter.starts_with("ledger:")) continue;
    const size_t first = holding.counter.find(':') + 1;
    const auto book =
        catalogue::ParseBookId(holding.counter.substr(first, holding.counter.rfind(':') - first));
    if (!book.has_value()) {
      Break(kMoney, absl::StrCat(holding.counter, " is of no book"));
      continue;
    }
    int64_t trial = 0;
    for (const catalogue::v1::LedgerAccount in_book : catalogue::kAccounts) {
      const int64_t balance = amount(catalogue::BalanceCounter(*book, in_book));
      trial += catalogue::IsCreditNormal(in_book) ? -balance : balance;
    }
    if (trial != 0) {
      Break(kMoney, absl::StrCat("the trial balance of ", catalogue::BookId(*book), " is ", trial));
    }
  }
}

}  // namespace fuju::simulation
