// What must hold at the end of a run, when all is quiet.

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "applications/moves.h"
#include "chassis/store/index_member.h"
#include "chassis/store/keys.h"
#include "dispatch/offer.h"
#include "dispatch/round.h"
#include "fitting/order.h"
#include "simulation/invariants.h"

namespace fuju::simulation {
namespace {

constexpr char kClaim[] = "claim";
constexpr char kEnds[] = "every case ends";
constexpr char kAllHandled[] = "all is handled";
constexpr char kKeptBeside[] = "kept beside";
constexpr char kGivenBack[] = "all is given back";

}  // namespace

void Invariants::CheckEnd() {
  CheckStatesEnd();
  CheckStreamsEnd();
  CheckKeptBesideEnd();
}

// Nothing is left in timers and indexes but what the states name.
void Invariants::CheckKeptBesideEnd() {
  absl::flat_hash_map<std::string, absl::flat_hash_set<std::string>> named;
  committed_->ForEachAggregate([&](const Aggregate& aggregate) {
    const std::string& prefix = AccountOf(aggregate).prefix;
    for (const chassis::Timer& timer : aggregate.footprint.timers) {
      named[prefix + "timers"].insert(
          chassis::Keys::TimerMember(aggregate.kind->kind, aggregate.id, timer.name));
    }
    for (const chassis::IndexEntry& entry : aggregate.footprint.index) {
      named[absl::StrCat(prefix, "ix:", entry.index)].insert(
          chassis::StoredMember(entry.index, entry.member));
    }
  });
  for (const Slot* slot : redis_->keyspace().Sorted()) {
    const auto* set = std::get_if<SortedSet>(&slot->value);
    std::string service;
    std::string rest;
    int partition = 0;
    if (set == nullptr || !ParseKey(slot->key, service, partition, rest)) continue;
    if (rest != "timers" && !rest.starts_with("ix:")) continue;
    const auto& members = named[slot->key];
    for (const auto& [member, score] : set->scores) {
      if (members.contains(member)) continue;
      Break(kKeptBeside, absl::StrCat(slot->key, " still has ", member));
    }
  }
}

void Invariants::CheckStreamsEnd() {
  for (const Slot* slot : redis_->keyspace().Sorted()) {
    if (!slot->exists()) continue;
    std::string service;
    std::string rest;
    int partition = 0;
    if (!ParseKey(slot->key, service, partition, rest)) continue;
    if (const auto* stream = std::get_if<Stream>(&slot->value); stream != nullptr) {
      for (const auto& [name, group] : stream->groups) {
        if (group.last_delivered == stream->last_id) continue;
        Break(kAllHandled, absl::StrCat(slot->key, " has entries that ", name, " never handled"));
      }
    }
    if (rest == "retry" || rest == "handed") {
      const Hash& records = std::get<Hash>(slot->value);
      Break(kAllHandled, absl::StrCat(slot->key, " still has ", records.begin()->first));
    }
    if (rest.starts_with("claim:")) {
      const Account& account = accounts_[{service, partition}];
      if (!account.claims.contains(rest.substr(6))) {
        Break(kClaim, absl::StrCat(slot->key, " is held by ", std::get<std::string>(slot->value),
                                   ", whose state does not say so"));
      }
    }
  }
}

void Invariants::CheckStatesEnd() {
  committed_->ForEach<applications::storage::v1::ApplicationRecord>(
      "application", [this](const Aggregate& aggregate, const auto& record) {
        const auto state = record.application().state();
        if (applications::IsFinal(state)) return;
        Break(kEnds, absl::StrCat(aggregate.name, " stays ", applications::StateName(state)));
      });
  committed_->ForEach<dispatch::storage::v1::RoundRecord>(
      "round", [this](const Aggregate& aggregate, const auto& record) {
        const auto state = record.round().state();
        if (!dispatch::LegalCommands(state).empty() ||
            state == dispatch::v1::ROUND_STATE_OFFERING ||
            state == dispatch::v1::ROUND_STATE_ASSIGNED) {
          Break(kEnds, absl::StrCat(aggregate.name, " stays ", dispatch::StateName(state)));
        }
      });
  committed_->ForEach<fitting::storage::v1::OrderRecord>(
      "order", [this](const Aggregate& aggregate, const auto& record) {
        const auto state = record.order().state();
        if (fitting::LegalCommands(state).empty()) return;
        Break(kEnds, absl::StrCat(aggregate.name, " stays ", fitting::StateName(state)));
      });
  committed_->ForEach<catalogue::v1::Grant>(
      "grant", [this](const Aggregate& aggregate, const catalogue::v1::Grant& grant) {
        if (grant.state() != catalogue::v1::GRANT_STATE_RESERVED &&
            grant.state() != catalogue::v1::GRANT_STATE_QUEUED) {
          return;
        }
        Break(kGivenBack, absl::StrCat(aggregate.name, " still holds money or waits for it"));
      });
  committed_->ForEach<dispatch::storage::v1::OfferRecord>(
      "offer", [this](const Aggregate& aggregate, const auto& record) {
        const auto state = record.offer().state();
        if (state == dispatch::v1::OFFER_STATE_OPEN ||
            state == dispatch::v1::OFFER_STATE_ACCEPTED) {
          Break(kGivenBack, absl::StrCat(aggregate.name, " stays ", dispatch::StateName(state)));
        }
      });
  for (const auto& [place, account] : accounts_) {
    for (const auto& [claim, holder] : account.claims) {
      Break(kGivenBack, absl::StrCat(claim, " is still held by ", holder->name));
    }
  }
}

}  // namespace fuju::simulation
