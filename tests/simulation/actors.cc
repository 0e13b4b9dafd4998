#include "simulation/actors.h"

#include <algorithm>

#include "absl/strings/match.h"

#include "simulation/invented.h"
#include "simulation/visits.h"

namespace fuju::simulation {
namespace {

constexpr size_t kMostOpen = 6;
// Granted commands that may still be repeated.
constexpr size_t kMostGranted = 8;
// Less than the store remembers a request id, by more than a repeat takes.
constexpr absl::Duration kRemembered = absl::Hours(24 * 6);
// Longer than any limit.
constexpr absl::Duration kSilence = absl::Hours(24 * 40);
// How long it takes until somebody else has the case on the desk: in hours, less than this.
constexpr uint32_t kPace = 9;

bool EndsTheCase(const Deed& deed) {
  return deed.what == Deed::What::kWithdraw || deed.what == Deed::What::kReportDeath ||
         deed.what == Deed::What::kReportCancelledCertificate;
}

// What was seen may have changed until the command comes.
bool MayBeRefused(const Rpc& rpc) {
  switch (rpc.status().error_code()) {
    case grpc::StatusCode::OK:
    case grpc::StatusCode::ALREADY_EXISTS:
    case grpc::StatusCode::FAILED_PRECONDITION:
      return true;
    case grpc::StatusCode::PERMISSION_DENIED:
      // The case is in a stage of other officers already.
      return absl::StrContains(rpc.what(), "Application ") ||
             absl::StartsWith(rpc.what(), "FixPrice");
    case grpc::StatusCode::NOT_FOUND:
      return absl::StartsWith(rpc.what(), "ObjectToPublicNotice");
    default:
      return false;
  }
}

}  // namespace

using What = Deed::What;

Actors::Actors(Commons* commons, Schedule* schedule, const Plan* plan, const Committed* committed,
               Invariants* invariants)
    : commons_(commons),
      schedule_(schedule),
      plan_(plan),
      committed_(committed),
      invariants_(invariants) {
  for (const Plan::Case& planned : plan_->cases) {
    Case& of = cases_.emplace_back();
    of.number = static_cast<int>(cases_.size()) - 1;
    of.plan = &planned;
    of.silent_until = planned.comes;
  }
}

dispatch::VendorDirectory Actors::Directory() const {
  auto vendors = std::make_shared<std::vector<dispatch::v1::Vendor>>();
  for (int i = 0; i < kVendors; ++i) vendors->push_back(InventedVendor(i, plan_->vendor_capacity));
  return vendors;
}

bool Actors::IsSilent(const Case& of, Manner manner) const {
  if (of.over) return true;
  return manner != Manner::kGentle && commons_->clock.Now() < of.silent_until;
}

bool Actors::CanAct(Manner manner) {
  if (open_.size() >= kMostOpen) return false;
  std::vector<Deed> deeds;
  for (Case& of : cases_) {
    if (IsSilent(of, manner)) continue;
    FatedDeeds(of, manner, deeds);
    if (manner == Manner::kRough) RoughDeeds(of, deeds);
    if (!deeds.empty()) return true;
  }
  return false;
}

bool Actors::Act(Manner manner) {
  const size_t first = schedule_->Choose(static_cast<uint32_t>(cases_.size()));
  // Whoever withdraws ends the case: seldom, or no case would get far.
  const bool rough = manner == Manner::kRough && schedule_->Chance(120);
  const bool ends = rough && schedule_->Chance(60);
  std::vector<Deed> deeds;
  for (size_t i = 0; i < cases_.size(); ++i) {
    Case& of = cases_[(first + i) % cases_.size()];
    if (IsSilent(of, manner)) continue;
    if (rough) RoughDeeds(of, deeds);
    if (!ends) std::erase_if(deeds, EndsTheCase);
    if (deeds.empty()) FatedDeeds(of, manner, deeds);
    if (deeds.empty()) continue;
    if (manner == Manner::kRough && schedule_->Chance(50)) {
      of.silent_until = commons_->clock.Now() + kSilence;
      last_ = absl::StrCat("nobody does anything about case-", of.number, " for a while");
    } else {
      Do(of, deeds[schedule_->Choose(static_cast<uint32_t>(deeds.size()))], manner);
    }
    return true;
  }
  return false;
}

void Actors::Do(Case& of, const Deed& deed, Manner manner) {
  const size_t open = open_.size();
  if (Deed::IsOfVendorSide(deed.what)) {
    DoForVendor(of, deed, manner);
  } else if (!DoForApplicant(of, deed)) {
    (void)DoForOffice(of, deed);
  }
  const Turn* turn = manner == Manner::kGentle ? nullptr : TurnOf(of);
  if (open_.size() > open && turn != nullptr && turn->deed == deed.what) {
    purposes_.back().turn = of.turn;
  }
  if (manner == Manner::kFated && !of.plan->fate->hasty) {
    of.silent_until = commons_->clock.Now() + absl::Hours(schedule_->Choose(kPace));
  }
}

Rpc* Actors::AnyGranted() {
  if (granted_.empty()) return nullptr;
  const Granted& granted = granted_[schedule_->Choose(static_cast<uint32_t>(granted_.size()))];
  return commons_->clock.Now() - granted.at < kRemembered ? granted.rpc.get() : nullptr;
}

void Actors::TakeAnswer(const Rpc& rpc, const Purpose& purpose) {
  // All names and fields are right, so nothing else may be answered.
  if (!MayBeRefused(rpc)) {
    invariants_->Break("no failure", absl::StrCat(rpc.what(), ": ", rpc.status().error_message()));
  }
  if (purpose.of == nullptr) return;
  Case& of = *purpose.of;
  --of.under_way;
  if (absl::StartsWith(rpc.what(), "SubmitApplication")) {
    of.refused = rpc.status().error_code() == grpc::StatusCode::ALREADY_EXISTS;
  }
  if (rpc.granted() && purpose.turn == of.turn &&
      ++of.done >= of.plan->fate->turns[of.turn].times) {
    ++of.turn;
    of.done = 0;
  }
}

void Actors::Sweep() {
  for (size_t i = 0; i < open_.size();) {
    Rpc& rpc = *open_[i];
    rpc.Sweep();
    if (!rpc.answered() || rpc.open() > 0) {
      ++i;
      continue;
    }
    TakeAnswer(rpc, purposes_[i]);
    if (rpc.granted()) granted_.push_back({std::move(open_[i]), commons_->clock.Now()});
    open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(i));
    purposes_.erase(purposes_.begin() + static_cast<std::ptrdiff_t>(i));
  }
  for (const auto& [rpc, at] : granted_) {
    rpc->Sweep();
    if (!rpc->contradiction().empty()) invariants_->Break("same answer", rpc->contradiction());
  }
  while (granted_.size() > kMostGranted && granted_.front().rpc->open() == 0) granted_.pop_front();
  LearnNames();
}

// Whoever made a draft learns its name.
void Actors::LearnNames() {
  if (committed_->Count("application") == known_) return;
  known_ = committed_->Count("application");
  committed_->ForEach<Record>(
      "application", [this](const Aggregate& aggregate, const Record& record) {
        for (Case& of : cases_) {
          const std::string& purpose = record.application().request().purpose();
          if (of.id.empty() && purpose == absl::StrCat("case-", of.number)) of.id = aggregate.id;
        }
      });
}

absl::Time Actors::NextMoment() const {
  absl::Time next = absl::InfiniteFuture();
  for (const Case& of : cases_) {
    if (commons_->clock.Now() < of.silent_until) next = std::min(next, of.silent_until);
  }
  committed_->ForEach<fitting::storage::v1::OrderRecord>(
      "order", [this, &next](const Aggregate&, const auto& record) {
        if (record.order().state() != fitting::v1::ORDER_STATE_SCHEDULED) return;
        const absl::Time visit = BookedVisit(record.order());
        if (visit > commons_->clock.Now()) next = std::min(next, visit);
      });
  return next;
}

}  // namespace fuju::simulation
