#include "simulation/month.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "applications/moves.h"
#include "catalogue/budget.h"
#include "catalogue/ledger/account.h"
#include "chassis/values/timestamps.h"
#include "fuju/applications/v1/application_events.pb.h"
#include "fuju/event/v1/event.pb.h"
#include "simulation/invented.h"

namespace fuju::simulation {
namespace {

namespace av1 = applications::v1;

std::string Describe(const av1::ApplicationDeadlineMissed& missed) {
  std::string text = missed.limit();
  if (missed.limit() == "review") absl::StrAppend(&text, " ", missed.stage());
  if (missed.level() != av1::ESCALATION_LEVEL_UNSPECIFIED) {
    absl::StrAppend(
        &text, " ",
        absl::StripPrefix(av1::EscalationLevel_Name(missed.level()), "ESCALATION_LEVEL_"));
  }
  return text;
}

bool IsStop(av1::ApplicationState state) {
  return state == av1::APPLICATION_STATE_WITHDRAWING || state == av1::APPLICATION_STATE_WITHDRAWN ||
         state == av1::APPLICATION_STATE_TERMINATED;
}

}  // namespace

std::map<std::string, std::vector<std::string>> MissedLimits(const SimulatedRedis& redis) {
  std::map<std::string, std::vector<std::string>> missed;
  for (const Slot* slot : redis.keyspace().Sorted()) {
    std::string service;
    std::string rest;
    int partition = 0;
    const auto* stream = std::get_if<Stream>(&slot->value);
    if (stream == nullptr || !ParseKey(slot->key, service, partition, rest)) continue;
    if (service != "applications" || rest != "events") continue;
    for (const auto& [id, fields] : stream->entries) {
      event::v1::Event event;
      av1::ApplicationDeadlineMissed fact;
      if (!event.ParseFromString(fields[1]) || !event.data().UnpackTo(&fact)) continue;
      missed[fact.application().name()].push_back(Describe(fact));
    }
  }
  return missed;
}

CountyMoney MoneyOf(const SimulatedRedis& redis, const std::string& county) {
  const auto amount = [&](const std::string& counter) {
    int64_t sum = 0;
    for (const Slot* slot : redis.keyspace().Sorted()) {
      const auto* hash = std::get_if<Hash>(&slot->value);
      if (hash == nullptr || !slot->key.ends_with("}:counter")) continue;
      const auto found = hash->find(counter);
      int64_t value = 0;
      if (found != hash->end() && absl::SimpleAtoi(found->second, &value)) sum += value;
    }
    return sum;
  };
  std::vector<int64_t> amounts;
  for (const std::string& counter : catalogue::BalanceCounters(county, kFiscalYear))
    amounts.push_back(amount(counter));
  const catalogue::v1::Budget budget =
      catalogue::ToBudget(catalogue::BudgetId(county, kFiscalYear), catalogue::ToBalances(amounts));
  return {budget.allocated_fen(), budget.available_fen(), budget.reserved_fen(),
          budget.payable_fen()};
}

int64_t SettledOf(const Committed& committed, const std::string& county) {
  int64_t sum = 0;
  committed.ForEach<catalogue::v1::Grant>("grant", [&](const auto&, const auto& grant) {
    const bool settled = grant.state() == catalogue::v1::GRANT_STATE_SETTLED;
    if (settled && grant.county_code() == county) sum += grant.amount_fen();
  });
  return sum;
}

std::string WordsFault(const applications::storage::v1::ApplicationRecord& record) {
  const av1::Application& application = record.application();
  if (application.timeline().empty()) return "no timeline";
  if (record.entry_details_size() != application.timeline_size()) return "details are missing";
  absl::Time before = absl::InfinitePast();
  int sequence = 0;
  for (const av1::TimelineEntry& entry : application.timeline()) {
    const absl::Time time = chassis::ToTime(entry.time());
    if (entry.sequence() != ++sequence) return absl::StrCat("a gap before ", entry.sequence());
    if (time < before) return absl::StrCat("entry ", sequence, " is before the one before it");
    before = time;
    if (entry.text_zh().empty() || entry.text_en().empty() || entry.actor().empty()) {
      return absl::StrCat("entry ", sequence, " has no words or no actor");
    }
  }
  if (application.timeline().rbegin()->state() != application.state()) {
    return "the last entry is not of the end";
  }
  if (!application.holder().party().empty() || application.holder().has_due_time()) {
    return absl::StrCat("still held by ", application.holder().party());
  }
  const bool explained =
      !application.outcome().text_zh().empty() && !application.outcome().text_en().empty();
  if (application.state() != av1::APPLICATION_STATE_CLOSED && !explained) return "no reason";
  const av1::Promise& promise = application.review().promise();
  const bool promised =
      promise.has_due_time() && !promise.text_zh().empty() && !promise.text_en().empty();
  if (application.has_submit_time() && !promised) return "no date was promised";
  return "";
}

av1::ApplicationState StateBeforeStop(const av1::Application& ended) {
  av1::ApplicationState before = av1::APPLICATION_STATE_UNSPECIFIED;
  for (const av1::TimelineEntry& entry : ended.timeline()) {
    if (IsStop(entry.state())) break;
    before = entry.state();
  }
  return before;
}

}  // namespace fuju::simulation
