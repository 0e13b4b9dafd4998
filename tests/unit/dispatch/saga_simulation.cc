#include "unit/dispatch/saga_simulation.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

#include "dispatch/names.h"
#include "dispatch/offer.h"
#include "dispatch/round.h"
#include "dispatch/vendor.h"
#include "fuju/applications/v1/application_events.pb.h"
#include "fuju/dispatch/v1/dispatch_events.pb.h"
#include "fuju/fitting/v1/fitting_events.pb.h"
#include "unit/dispatch/samples.h"

namespace fuju::dispatch::testing {
namespace {

namespace av1 = applications::v1;
namespace fv1 = fitting::v1;

constexpr int kMostSteps = 20'000;

bool IsFinal(v1::RoundState state) {
  return state == v1::ROUND_STATE_CANCELLED || state == v1::ROUND_STATE_RECALLED ||
         state == v1::ROUND_STATE_FAILED || state == v1::ROUND_STATE_DONE;
}

template <typename Record>
Record Parsed(const std::string& bytes) {
  Record record;
  record.ParseFromString(bytes);
  return record;
}

chassis::Command Caller() {
  chassis::Command command;
  command.actor = "test:1";
  return command;
}

}  // namespace

SagaSimulation::SagaSimulation(Options options) : options_(options), random_(options.seed) {
  for (int i = 0; i < options_.vendors; ++i) {
    vendors_.push_back(SampleVendor(absl::StrCat("VENDOR", i), options_.capacity));
    stores_.vendors.Update(
        vendors_.back().uscc(), Caller(),
        [this, vendor = vendors_.back()](const chassis::Versioned<VendorRecord>& current) {
          return RegisterVendor(current, vendor, clock_.Now());
        },
        [](const auto&) {});
  }
  while (RunTask()) {
  }
  store_.TakeEvents();
  reactions_ = std::make_unique<DispatchReactions>(
      &stores_,
      [this]() -> absl::StatusOr<VendorDirectory> {
        return std::make_shared<const std::vector<v1::Vendor>>(vendors_);
      },
      ReactionLimits{
          .offer_limit = absl::Hours(1), .manual_limit = absl::Hours(3), .max_candidates = 2});
  facts_ = reactions_->Facts();
  timers_ = reactions_->Timers();
  for (int i = 0; i < options_.applications; ++i) Approve(absl::StrCat(kCounty, "-A", i));
}

void SagaSimulation::Publish(const std::string& source, const std::string& subject, int64_t version,
                             const google::protobuf::Message& fact) {
  Event event;
  event.set_id(absl::StrCat(subject, "@", version));
  event.set_type(fact.GetTypeName());
  event.set_source(source);
  event.set_subject(subject);
  event.set_aggregate_version(version);
  event.mutable_data()->PackFrom(fact);
  waiting_[subject].push_back(std::move(event));
}

void SagaSimulation::Approve(const std::string& id) {
  av1::ApplicationApproved fact;
  av1::Application& application = *fact.mutable_application();
  application.set_name(absl::StrCat("applications/", id));
  application.set_county_code(kCounty);
  application.mutable_request()->set_device_division(kDivision);
  Publish("applications", application.name(), ++cases_[id].version, fact);
}

void SagaSimulation::Withdraw(const std::string& id) {
  Case& known = cases_[id];
  known.withdrawing = true;
  av1::WithdrawalRequested fact;
  fact.mutable_application()->set_name(absl::StrCat("applications/", id));
  Publish("applications", fact.application().name(), ++known.version, fact);
}

void SagaSimulation::EndCase(const std::string& application) {
  Case& known = cases_[ApplicationIdOf(application).value_or("")];
  if (known.ended || known.fitted) return;
  known.ended = true;
  av1::ApplicationEnded fact;
  fact.mutable_application()->set_name(application);
  Publish("applications", application, ++known.version, fact);
}

template <typename FactMessage>
void SagaSimulation::EndJob(Job& job) {
  job.open = false;
  FactMessage fact;
  fv1::Order& order = *fact.mutable_order();
  order.set_name(absl::StrReplaceAll(job.offer, {{"/offers/", "/orders/"}}));
  order.set_application(job.application);
  order.set_offer(job.offer);
  Publish("fitting", order.name(), ++job.version, fact);
}

bool SagaSimulation::OthersHear() {
  std::vector<std::string> ready;
  for (const auto& [subject, queue] : unheard_) {
    if (!queue.empty()) ready.push_back(subject);
  }
  if (ready.empty()) return false;
  std::deque<Event>& queue = unheard_[ready[Pick(ready.size())]];
  const Event event = std::move(queue.front());
  queue.pop_front();
  Hear(event);
  return true;
}

// What the other services do about a fact.
void SagaSimulation::Hear(const Event& event) {
  const auto is = [&event](const auto& fact) { return event.type() == fact.GetTypeName(); };
  if (is(v1::DispatchAccepted())) {
    v1::DispatchAccepted fact;
    event.data().UnpackTo(&fact);
    jobs_[fact.round().offer()] = {.application = fact.round().application(),
                                   .offer = fact.round().offer()};
  } else if (is(v1::DispatchRecalled())) {
    v1::DispatchRecalled fact;
    event.data().UnpackTo(&fact);
    Job& job = jobs_[fact.round().offer()];
    if (!job.open) return;
    EndJob<fv1::OrderCancelled>(job);
    EndCase(job.application);
  } else if (is(v1::DispatchCancelled())) {
    v1::DispatchCancelled fact;
    event.data().UnpackTo(&fact);
    EndCase(fact.round().application());
  } else if (is(v1::DispatchFailed())) {
    v1::DispatchFailed fact;
    event.data().UnpackTo(&fact);
    EndCase(fact.round().application());
  }
}

bool SagaSimulation::RunTask() {
  if (store_.tasks().empty()) return false;
  const size_t at = Pick(store_.tasks().size());
  const std::function<void()> task = std::move(store_.tasks()[at]);
  store_.tasks().erase(store_.tasks().begin() + static_cast<std::ptrdiff_t>(at));
  task();
  return true;
}

void SagaSimulation::CollectEvents() {
  for (Event& event : store_.TakeEvents()) {
    unheard_[event.subject()].push_back(event);
    waiting_[event.subject()].push_back(std::move(event));
  }
}

bool SagaSimulation::Deliver() {
  std::vector<std::string> ready;
  for (const auto& [subject, queue] : waiting_) {
    if (!queue.empty() && !busy_.contains(subject)) ready.push_back(subject);
  }
  if (ready.empty()) return false;
  const std::string subject = ready[Pick(ready.size())];
  const auto event = std::make_shared<const Event>(waiting_[subject].front());
  const chassis::Reactions::Handler* handler = facts_.Find(event->type());
  busy_.insert(subject);
  const auto finish = [this, subject, event](const absl::Status& status) {
    busy_.erase(subject);
    if (!status.ok()) {
      failure_ = absl::InternalError(
          absl::StrCat(event->id(), " ", event->type(), ": ", status.ToString()));
      return;
    }
    // At least once: now and then the same fact comes again.
    if (Chance(15)) return;
    waiting_[subject].pop_front();
  };
  if (handler == nullptr) {
    finish(absl::OkStatus());
  } else {
    chassis::Delivery delivery;
    delivery.event = event;
    (*handler)(delivery, finish);
  }
  return true;
}

bool SagaSimulation::FireTimer() {
  std::vector<SimulatedStore::DueTimer> timers = store_.timers();
  if (timers.empty()) return false;
  // An early call must do no harm, so any timer may be picked.
  const SimulatedStore::DueTimer timer = timers[Pick(timers.size())];
  if (Chance(80) && timer.due > clock_.Now()) clock_.Set(timer.due);
  const std::string key = absl::StrCat(timer.kind, "|", timer.id);
  if (!firing_.insert(key).second) return false;
  chassis::DueTimer due{
      .kind = timer.kind, .id = timer.id, .name = timer.name, .due = timer.due, .fence = {}};
  (*timers_.Find(timer.kind))(due, [this, key](const absl::Status& status) {
    firing_.erase(key);
    if (!status.ok()) failure_ = status;
  });
  return true;
}

bool SagaSimulation::VendorActs() {
  std::vector<std::string> open;
  for (const auto& [id, bytes] : store_.StatesOf("offer")) {
    if (Parsed<OfferRecord>(bytes).offer().state() == v1::OFFER_STATE_OPEN) open.push_back(id);
  }
  if (open.empty()) return false;
  const std::string id = open[Pick(open.size())];
  const bool accept = Chance(60);
  stores_.offers.Update(
      id, Caller(),
      [this, id, accept](const chassis::Versioned<OfferRecord>& current) {
        return accept ? AcceptOffer(current, id, clock_.Now())
                      : DeclineOffer(current, id, "忙", clock_.Now());
      },
      [](const auto&) {});
  return true;
}

bool SagaSimulation::ClerkActs() {
  std::vector<std::string> manual;
  for (const auto& [id, bytes] : store_.StatesOf("round")) {
    if (Parsed<RoundRecord>(bytes).round().state() == v1::ROUND_STATE_MANUAL) manual.push_back(id);
  }
  if (manual.empty()) return false;
  const std::string id = manual[Pick(manual.size())];
  const v1::Vendor vendor = vendors_[Pick(vendors_.size())];
  const bool assign = Chance(50);
  // Does not look at the capacity: what was free a moment ago may be taken.
  const ChosenVendor chosen{vendor.uscc(), Registered(vendor), 1};
  stores_.rounds.Update(
      id, Caller(),
      [this, id, assign, chosen](const chassis::Versioned<RoundRecord>& current) {
        return assign ? AssignVendor(current, id, chosen, clock_.Now())
                      : CloseRound(current, id, "无人可派", clock_.Now());
      },
      [](const auto&) {});
  return true;
}

bool SagaSimulation::FittingActs() {
  std::vector<std::string> open;
  for (const auto& [offer, job] : jobs_) {
    if (job.open) open.push_back(offer);
  }
  if (open.empty()) return false;
  Job& job = jobs_[open[Pick(open.size())]];
  Case& known = cases_[ApplicationIdOf(job.application).value_or("")];
  switch (Pick(4)) {
    case 0:
      EndJob<fv1::OrderReturned>(job);
      break;
    case 1:
      EndJob<fv1::OrderAbandoned>(job);
      EndCase(job.application);
      break;
    default:
      known.fitted = !known.ended;
      EndJob<fv1::OrderCompleted>(job);
      break;
  }
  return true;
}

bool SagaSimulation::ApplicantActs() {
  std::vector<std::string> able;
  for (const auto& [id, known] : cases_) {
    if (!known.withdrawing && !known.ended && !known.fitted) able.push_back(id);
  }
  if (able.empty()) return false;
  Withdraw(able[Pick(able.size())]);
  return true;
}

absl::Status SagaSimulation::Run() {
  const std::vector<std::pair<int, std::function<bool()>>> actors = {
      {32, [this] { return RunTask(); }},    {26, [this] { return Deliver(); }},
      {12, [this] { return OthersHear(); }}, {12, [this] { return VendorActs(); }},
      {4, [this] { return FireTimer(); }},   {4, [this] { return ClerkActs(); }},
      {6, [this] { return FittingActs(); }}, {2, [this] { return ApplicantActs(); }},
  };
  for (int step = 0; step < kMostSteps; ++step) {
    int lot = static_cast<int>(Pick(98));
    size_t actor = 0;
    while (lot >= actors[actor].first) lot -= actors[actor++].first;
    bool done = actors[actor].second();
    // Nothing else to do: whoever can, acts; the applicant does not have to.
    for (size_t i = 0; !done && i + 1 < actors.size(); ++i) done = actors[i].second();
    CollectEvents();
    if (!failure_.ok()) return failure_;
    if (absl::Status status = CheckAlways(); !status.ok()) return status;
    if (!done) return CheckEnd();
  }
  return absl::DeadlineExceededError("the saga does not come to an end");
}

absl::Status SagaSimulation::CheckAlways() const {
  std::map<std::string, int> held;
  std::map<std::string, int> accepted;
  for (const auto& [id, bytes] : store_.StatesOf("offer")) {
    const v1::Offer offer = Parsed<OfferRecord>(bytes).offer();
    const bool is_accepted = offer.state() == v1::OFFER_STATE_ACCEPTED;
    if (is_accepted || offer.state() == v1::OFFER_STATE_OPEN) ++held[VendorOf(id)];
    if (is_accepted && ++accepted[offer.application()] > 1) {
      return absl::InternalError(absl::StrCat("two accepted offers for ", offer.application()));
    }
  }
  for (const v1::Vendor& vendor : vendors_) {
    if (held[vendor.uscc()] > vendor.capacity()) {
      return absl::InternalError(absl::StrCat(vendor.uscc(), " has more than its capacity"));
    }
    if (store_.counter(CapacityCounter(vendor.uscc())) != vendor.capacity() - held[vendor.uscc()]) {
      return absl::InternalError(absl::StrCat("the counter of ", vendor.uscc(), " is wrong"));
    }
  }
  return absl::OkStatus();
}

absl::Status SagaSimulation::CheckEnd() {
  const std::map<std::string, std::string> rounds = store_.StatesOf("round");
  if (rounds.size() != cases_.size()) return absl::InternalError("a case has no round");
  for (const auto& [id, bytes] : rounds) {
    const v1::Round round = Parsed<RoundRecord>(bytes).round();
    if (!IsFinal(round.state())) {
      return absl::InternalError(absl::StrCat(id, " stays ", StateName(round.state())));
    }
    ++round_ends_[StateName(round.state())];
    const Case& known = cases_.at(id);
    if (!known.ended && !known.fitted) {
      return absl::InternalError(absl::StrCat("the applicant of ", id, " never gets an answer"));
    }
  }
  for (const v1::Vendor& vendor : vendors_) {
    if (store_.counter(CapacityCounter(vendor.uscc())) != vendor.capacity()) {
      return absl::InternalError(absl::StrCat(vendor.uscc(), " did not get its capacity back"));
    }
  }
  return absl::OkStatus();
}

}  // namespace fuju::dispatch::testing
