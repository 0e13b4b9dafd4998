#include "scenario/citizen.h"

#include <optional>
#include <random>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "chassis/values/refusal.h"
#include "scenario/case_watch.h"
#include "scenario/people.h"

namespace fuju::scenario {
namespace {

namespace av1 = fuju::applications::v1;
namespace fv1 = fuju::fitting::v1;
using Applications = av1::ApplicationsService::Stub;
using Fitting = fv1::FittingService::Stub;

constexpr absl::Duration kStepLimit = absl::Seconds(90);

// One person's way, step by step.
class Citizen {
 public:
  Citizen(World& world, Story story, int sequence, uint64_t seed, absl::CivilDay today)
      : world_(world), story_(story), sequence_(sequence), random_(seed), today_(today) {}

  std::string Play();

 private:
  bool MakeDraft();
  bool Submit();
  void Follow();
  // True when the case goes on by itself; false ends the play.
  void OnDispatched();
  void OnScheduled();
  void BookVisit();
  void Withdraw();
  void TryDuplicate();
  std::optional<std::string> CurrentOrder();
  std::optional<fv1::Slot> FreeSlot(const std::string& order);

  template <typename Request>
  bool Act(const char* method,
           grpc::Status (Applications::*rpc)(grpc::ClientContext*, const Request&,
                                             av1::Application*),
           Request request) {
    request.set_name(name_);
    request.set_request_id(NewRequestId());
    const auto answer = world_.calls(method, *world_.stubs.applications, rpc, request, actor_);
    if (!answer.ok()) Note(method, answer.status());
    return answer.ok();
  }
  // A refusal is part of the play only where two players raced for the case.
  void Note(const char* method, const absl::Status& status) {
    if (world_.stop.HasBeenNotified() || status.code() == absl::StatusCode::kFailedPrecondition ||
        status.code() == absl::StatusCode::kAlreadyExists) {
      return;
    }
    world_.Complain(absl::StrCat(method, " ", name_, ": ", status.ToString()));
  }

  World& world_;
  const Story story_;
  const int sequence_;
  std::mt19937_64 random_;
  const absl::CivilDay today_;
  av1::Application draft_;
  std::string name_;
  std::string actor_ = "mobile:demo";
  // Entries of the timeline in the state SUBMITTED: the second one says that the case waits.
  int submitted_entries_ = 0;
  bool moved_visit_ = false;
  bool duplicate_tried_ = false;
};

bool Citizen::MakeDraft() {
  const auto& item = world_.items[random_() % world_.items.size()];
  draft_.set_county_code(story_ == Story::kUnfunded
                             ? world_.poor_county
                             : world_.counties[random_() % world_.counties.size()]);
  const InventedPerson person =
      InventPerson(item, draft_.county_code(), sequence_, today_, random_);
  *draft_.mutable_applicant() = person.applicant;
  av1::DeviceRequest& request = *draft_.mutable_request();
  request.set_item_code(item.item_code());
  request.set_device_division(item.iso9999_code());
  // Between 60 % and 130 % of the cap: below, at and above it.
  request.set_quote_fen(
      std::max<int64_t>(1, item.cap_fen() * static_cast<int64_t>(60 + random_() % 71) / 100));
  request.set_purpose("演示：日常使用");
  request.set_other_payer(story_ == Story::kIneligible);
  actor_ = sequence_ % 4 == 0 ? absl::StrCat("village_officer:", draft_.county_code())
                              : absl::StrCat("applicant:demo-", sequence_);

  av1::CreateApplicationRequest create;
  *create.mutable_application() = draft_;
  create.set_request_id(NewRequestId());
  const auto made = world_.calls("CreateApplication", *world_.stubs.applications,
                                 &Applications::CreateApplication, create, actor_);
  if (!made.ok()) {
    Note("CreateApplication", made.status());
    return false;
  }
  name_ = made->name();
  world_.Tell(name_, story_);
  return true;
}

void Citizen::Withdraw() {
  av1::WithdrawApplicationRequest request;
  request.set_reason("演示：不再需要");
  Act("WithdrawApplication", &Applications::WithdrawApplication, request);
}

bool Citizen::Submit() {
  return Act("SubmitApplication", &Applications::SubmitApplication,
             av1::SubmitApplicationRequest());
}

// A second application of the same person for the same device has to be refused meanwhile.
void Citizen::TryDuplicate() {
  duplicate_tried_ = true;
  av1::CreateApplicationRequest create;
  *create.mutable_application() = draft_;
  create.set_request_id(NewRequestId());
  const auto made = world_.calls("CreateApplication", *world_.stubs.applications,
                                 &Applications::CreateApplication, create, actor_);
  if (!made.ok()) return Note("CreateApplication", made.status());
  av1::SubmitApplicationRequest submit;
  submit.set_name(made->name());
  submit.set_request_id(NewRequestId());
  const auto second = world_.calls("SubmitApplication", *world_.stubs.applications,
                                   &Applications::SubmitApplication, submit, actor_);
  if (second.ok() || second.status().code() != absl::StatusCode::kAlreadyExists) {
    world_.Complain(absl::StrCat("a second open application was not refused: ", made->name(), " ",
                                 second.status().ToString()));
  }
  av1::WithdrawApplicationRequest withdraw;
  withdraw.set_name(made->name());
  withdraw.set_reason("演示：重复申请");
  withdraw.set_request_id(NewRequestId());
  const auto ended = world_.calls("WithdrawApplication", *world_.stubs.applications,
                                  &Applications::WithdrawApplication, withdraw, actor_);
  if (!ended.ok()) Note("WithdrawApplication", ended.status());
}

std::optional<std::string> Citizen::CurrentOrder() {
  av1::GetApplicationRequest request;
  request.set_name(name_);
  const auto application = world_.calls("GetApplication", *world_.stubs.applications,
                                        &Applications::GetApplication, request, actor_);
  if (!application.ok() || application->service().order().empty()) return std::nullopt;
  return application->service().order();
}

std::optional<fv1::Slot> Citizen::FreeSlot(const std::string& order) {
  fv1::FindSlotsRequest request;
  request.set_order(order);
  request.set_page_size(40);
  // The fitting service hears of the order by its own stream, maybe a moment later.
  for (int attempt = 0; attempt < 100; ++attempt) {
    const auto found =
        world_.calls("FindSlots", *world_.stubs.fitting, &Fitting::FindSlots, request, actor_);
    if (found.ok() && found->slots_size() > 0) {
      return found->slots(static_cast<int>(random_() % static_cast<uint64_t>(found->slots_size())));
    }
    if (found.ok() || found.status().code() != absl::StatusCode::kNotFound) {
      if (!found.ok()) Note("FindSlots", found.status());
      return std::nullopt;
    }
    if (world_.stop.WaitForNotificationWithTimeout(absl::Milliseconds(50))) break;
  }
  return std::nullopt;
}

void Citizen::BookVisit() {
  // Others book the same technicians: a slot that was free a moment ago may be taken.
  for (int attempt = 0; attempt < 50 && !world_.stop.HasBeenNotified(); ++attempt) {
    const auto order = CurrentOrder();
    if (!order.has_value()) return;
    const auto slot = FreeSlot(*order);
    if (!slot.has_value()) return;
    fv1::BookAppointmentRequest book;
    book.set_name(*order);
    book.set_technician(slot->technician());
    *book.mutable_start_time() = slot->start_time();
    book.set_request_id(NewRequestId());
    const auto booked = world_.calls("BookAppointment", *world_.stubs.fitting,
                                     &Fitting::BookAppointment, book, actor_);
    if (booked.ok()) return;
    Note("BookAppointment", booked.status());
    if (booked.status().code() != absl::StatusCode::kAlreadyExists) return;
  }
}

void Citizen::OnDispatched() {
  if (story_ == Story::kWithdrawnDispatched) return Withdraw();
  const auto order = CurrentOrder();
  if (story_ == Story::kVendorReturned && order.has_value() && absl::EndsWith(*order, "-1")) {
    world_.AskVisit({.application = name_, .order = *order});
    return;
  }
  BookVisit();
}

void Citizen::OnScheduled() {
  if (story_ == Story::kWithdrawnScheduled) return Withdraw();
  const auto order = CurrentOrder();
  if (!order.has_value()) return;
  if (story_ == Story::kRescheduled && !moved_visit_) {
    moved_visit_ = true;
    if (const auto slot = FreeSlot(*order); slot.has_value()) {
      fv1::RescheduleAppointmentRequest move;
      move.set_name(*order);
      move.set_technician(slot->technician());
      *move.mutable_start_time() = slot->start_time();
      move.set_reason("演示：当天有事");
      move.set_request_id(NewRequestId());
      const auto moved = world_.calls("RescheduleAppointment", *world_.stubs.fitting,
                                      &Fitting::RescheduleAppointment, move, actor_);
      if (!moved.ok()) Note("RescheduleAppointment", moved.status());
    }
  }
  if (story_ == Story::kCancelledVisit && !moved_visit_) {
    moved_visit_ = true;
    fv1::CancelAppointmentRequest cancel;
    cancel.set_name(*order);
    cancel.set_reason("演示：改期再约");
    cancel.set_request_id(NewRequestId());
    const auto cancelled = world_.calls("CancelAppointment", *world_.stubs.fitting,
                                        &Fitting::CancelAppointment, cancel, actor_);
    if (!cancelled.ok()) Note("CancelAppointment", cancelled.status());
    return;
  }
  world_.AskVisit({.application = name_, .order = *order});
}

void Citizen::Follow() {
  CaseWatch watch(&world_, name_);
  while (const auto state = watch.Next(kStepLimit)) {
    switch (*state) {
      case av1::APPLICATION_STATE_SUBMITTED:
        if (++submitted_entries_ == 2 && story_ == Story::kUnfunded) Withdraw();
        break;
      case av1::APPLICATION_STATE_UNDER_REVIEW:
        if (story_ == Story::kDuplicate && !duplicate_tried_) TryDuplicate();
        if (story_ == Story::kWithdrawnReview) {
          Withdraw();
        } else {
          world_.AskReview(draft_.county_code());
        }
        break;
      case av1::APPLICATION_STATE_SUPPLEMENT:
        if (story_ == Story::kWithdrawnSupplement) {
          Withdraw();
        } else if (story_ != Story::kLapsed) {
          av1::SupplementApplicationRequest request;
          request.set_explanation("演示：已补交材料");
          Act("SupplementApplication", &Applications::SupplementApplication, request);
        }
        break;
      case av1::APPLICATION_STATE_APPROVED:
        if (story_ == Story::kWithdrawnApproved) Withdraw();
        break;
      case av1::APPLICATION_STATE_DISPATCHED:
        OnDispatched();
        break;
      case av1::APPLICATION_STATE_SCHEDULED:
        OnScheduled();
        break;
      case av1::APPLICATION_STATE_FITTED: {
        av1::GetApplicationRequest get;
        get.set_name(name_);
        const auto application = world_.calls("GetApplication", *world_.stubs.applications,
                                              &Applications::GetApplication, get, actor_);
        if (!application.ok()) break;
        av1::ConfirmReceiptRequest request;
        request.set_serial_number(application->service().serial_number());
        Act("ConfirmReceipt", &Applications::ConfirmReceipt, request);
        break;
      }
      case av1::APPLICATION_STATE_FOLLOW_UP:
        if (story_ != Story::kSilent) {
          av1::AnswerFollowUpRequest request;
          request.set_satisfaction(3 + static_cast<int>(random_() % 3));
          request.set_in_use(true);
          Act("AnswerFollowUp", &Applications::AnswerFollowUp, request);
        }
        break;
      default:
        if (IsFinal(*state)) return;
        break;
    }
  }
}

std::string Citizen::Play() {
  if (!MakeDraft()) return "";
  if (story_ == Story::kWithdrawnDraft) {
    Withdraw();
    return name_;
  }
  if (Submit()) Follow();
  return name_;
}

}  // namespace

std::string PlayCitizen(World& world, Story story, int sequence, uint64_t seed,
                        absl::CivilDay today) {
  return Citizen(world, story, sequence, seed, today).Play();
}

}  // namespace fuju::scenario
