// The commands that vendors send, and the desk that looks for one.

#include <utility>

#include "absl/strings/str_cat.h"

#include "chassis/values/timestamps.h"
#include "simulation/actors.h"
#include "simulation/invented.h"
#include "vocabulary/civil_date.h"

namespace fuju::simulation {
namespace {

namespace dv1 = dispatch::v1;
namespace fv1 = fitting::v1;
using What = Deed::What;

}  // namespace

absl::Time Actors::VisitStart(int number) const {
  // Visits take two hours: neighbours overlap.
  static constexpr int kHours[] = {9, 10, 14, 15};
  absl::CivilDay day = vocabulary::TodayInShanghai(commons_->clock.Now()) + 1 + number / 4;
  if (absl::GetWeekday(day) == absl::Weekday::sunday) ++day;
  return vocabulary::StartOfDay(day) + absl::Hours(kHours[number % 4]);
}

void Actors::DoForVendor(Case& of, const Deed& deed, Manner manner) {
  const auto send = [&](const char* what, Service service, auto answer, auto request, auto method) {
    request.set_name(deed.name);
    Send<decltype(request), decltype(answer)>(&of, service, absl::StrCat(what, " ", deed.name),
                                              "vendor:v1", std::move(request), method);
  };
  const std::string vendor = deed.name.substr(0, deed.name.find('/', deed.name.find('/') + 1));
  const auto visit = [&](auto& request) {
    request.set_technician(absl::StrCat(vendor, "/technicians/", kStaffNumber));
    const int number =
        of.booked++ + (manner == Manner::kGentle ? 0 : static_cast<int>(schedule_->Choose(4)));
    *request.mutable_start_time() = chassis::ToTimestamp(VisitStart(number));
  };
  switch (deed.what) {
    case What::kAcceptOffer:
      return send("AcceptOffer", Service::kDispatch, dv1::Offer(), dv1::AcceptOfferRequest(),
                  [](ServiceParts& parts, auto... call) { parts.dispatch->AcceptOffer(call...); });
    case What::kDeclineOffer: {
      dv1::DeclineOfferRequest request;
      request.set_reason("忙");
      return send("DeclineOffer", Service::kDispatch, dv1::Offer(), request,
                  [](ServiceParts& parts, auto... call) { parts.dispatch->DeclineOffer(call...); });
    }
    case What::kAssign: {
      dv1::AssignVendorRequest request;
      request.set_vendor(InventedVendor(static_cast<int>(schedule_->Choose(kVendors)), 1).name());
      return send("AssignVendor", Service::kDispatch, dv1::Round(), request,
                  [](ServiceParts& parts, auto... call) { parts.dispatch->AssignVendor(call...); });
    }
    case What::kCloseRound: {
      dv1::CloseRoundRequest request;
      request.set_reason("无人可派");
      return send("CloseRound", Service::kDispatch, dv1::Round(), request,
                  [](ServiceParts& parts, auto... call) { parts.dispatch->CloseRound(call...); });
    }
    case What::kBook: {
      fv1::BookAppointmentRequest request;
      visit(request);
      return send(
          "BookAppointment", Service::kFitting, fv1::Order(), request,
          [](ServiceParts& parts, auto... call) { parts.fitting->BookAppointment(call...); });
    }
    case What::kReschedule: {
      fv1::RescheduleAppointmentRequest request;
      visit(request);
      return send(
          "RescheduleAppointment", Service::kFitting, fv1::Order(), request,
          [](ServiceParts& parts, auto... call) { parts.fitting->RescheduleAppointment(call...); });
    }
    case What::kCancelVisit: {
      fv1::CancelAppointmentRequest request;
      request.set_reason("改期");
      return send(
          "CancelAppointment", Service::kFitting, fv1::Order(), request,
          [](ServiceParts& parts, auto... call) { parts.fitting->CancelAppointment(call...); });
    }
    case What::kNoShow: {
      fv1::ReportNoShowRequest request;
      request.set_reason("家中无人");
      return send("ReportNoShow", Service::kFitting, fv1::Order(), request,
                  [](ServiceParts& parts, auto... call) { parts.fitting->ReportNoShow(call...); });
    }
    case What::kComplete: {
      fv1::CompleteOrderRequest request;
      // Now and then somebody reads the number of another device.
      *request.mutable_hand_over() = InventedHandOver(
          schedule_->Chance(50) ? "SN-0-0" : absl::StrCat("SN-", of.number, "-", of.completed++));
      if (of.plan->invoiced_less) request.mutable_hand_over()->set_invoice_fen(kLowerPrice);
      return send("CompleteOrder", Service::kFitting, fv1::Order(), request,
                  [](ServiceParts& parts, auto... call) { parts.fitting->CompleteOrder(call...); });
    }
    case What::kReturnOrder: {
      fv1::ReturnOrderRequest request;
      request.set_reason("缺货");
      return send("ReturnOrder", Service::kFitting, fv1::Order(), request,
                  [](ServiceParts& parts, auto... call) { parts.fitting->ReturnOrder(call...); });
    }
    default:
      return;
  }
}

}  // namespace fuju::simulation
