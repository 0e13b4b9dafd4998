// The commands that the actors send.

#include <utility>

#include "absl/strings/str_cat.h"

#include "chassis/values/timestamps.h"
#include "dispatch/names.h"
#include "simulation/actors.h"
#include "simulation/deed.h"
#include "simulation/invented.h"
#include "vocabulary/civil_date.h"

namespace fuju::simulation {
namespace {

namespace av1 = applications::v1;
namespace cv1 = catalogue::v1;
namespace dv1 = dispatch::v1;
namespace fv1 = fitting::v1;
using What = Deed::What;

constexpr char kFinance[] = "province:finance";

}  // namespace

template <typename Request, typename Response, typename Method>
void Actors::Send(Case* of, Service service, const std::string& what, const std::string& actor,
                  Request request, Method method) {
  request.set_request_id(absl::StrCat("request-", ++requests_));
  open_.push_back(
      std::make_unique<RpcOf<Request, Response>>(what, service, actor, std::move(request), method));
  of_open_.push_back(of);
  if (of != nullptr) ++of->under_way;
  last_ = absl::StrCat(actor, ": ", what);
}

void Actors::Found() {
  const int64_t budget = schedule_->Chance(250) ? kScarceBudget : kAmpleBudget;
  for (const char* county : kCounties) {
    cv1::AllocateBudgetRequest request;
    request.set_county_code(county);
    request.set_fiscal_year(kFiscalYear);
    request.set_amount_fen(budget);
    Send<cv1::AllocateBudgetRequest, cv1::Budget>(
        nullptr, Service::kCatalogue, absl::StrCat("AllocateBudget ", county), kFinance, request,
        [](ServiceParts& parts, auto... call) { parts.catalogue->AllocateBudget(call...); });
  }
  for (int i = 0; i < kVendors; ++i) {
    dv1::RegisterVendorRequest vendor;
    *vendor.mutable_vendor() = InventedVendor(i);
    vendor.mutable_vendor()->clear_name();
    vendor.mutable_vendor()->clear_state();
    Send<dv1::RegisterVendorRequest, dv1::Vendor>(
        nullptr, Service::kDispatch, "RegisterVendor", kFinance, vendor,
        [](ServiceParts& parts, auto... call) { parts.dispatch->RegisterVendor(call...); });
    fv1::RegisterTechnicianRequest technician;
    technician.set_parent(dispatch::VendorName(vendor.vendor().uscc()));
    *technician.mutable_technician() = InventedTechnician();
    Send<fv1::RegisterTechnicianRequest, fv1::Technician>(
        nullptr, Service::kFitting, "RegisterTechnician", kFinance, technician,
        [](ServiceParts& parts, auto... call) { parts.fitting->RegisterTechnician(call...); });
  }
}

void Actors::Do(Case& of, const Deed& deed, bool gentle) {
  switch (deed.what) {
    case What::kAcceptOffer:
    case What::kDeclineOffer:
    case What::kAssign:
    case What::kCloseRound:
    case What::kBook:
    case What::kReschedule:
    case What::kCancelVisit:
    case What::kNoShow:
    case What::kComplete:
    case What::kReturnOrder:
      return DoForVendor(of, deed, gentle);
    default:
      return DoForApplication(of, deed);
  }
}

void Actors::DoForApplication(Case& of, const Deed& deed) {
  const auto send = [&](const char* what, const std::string& actor, auto request, auto method) {
    request.set_name(deed.name);
    Send<decltype(request), av1::Application>(&of, Service::kApplications,
                                              absl::StrCat(what, " ", deed.name), actor,
                                              std::move(request), method);
  };
  const std::string applicant = absl::StrCat("applicant:p", of.person);
  const std::string reviewer = absl::StrCat("county_reviewer:", of.county);
  switch (deed.what) {
    case What::kCreate: {
      av1::CreateApplicationRequest request;
      *request.mutable_application() = InventedDraft(of.person, of.number, of.county);
      // Some are refused, so that this end is reached, too.
      request.mutable_application()->mutable_request()->set_other_payer(schedule_->Chance(60));
      return Send<av1::CreateApplicationRequest, av1::Application>(
          &of, Service::kApplications, absl::StrCat("CreateApplication case-", of.number),
          applicant, request, [](ServiceParts& parts, auto... call) {
            parts.applications->CreateApplication(call...);
          });
    }
    case What::kUpdate: {
      av1::UpdateApplicationRequest request;
      request.mutable_application()->mutable_request()->set_quote_fen(
          90000 + static_cast<int64_t>(schedule_->Choose(4)) * 1000);
      request.mutable_update_mask()->add_paths("request.quote_fen");
      return send("UpdateApplication", applicant, request, [](ServiceParts& parts, auto... call) {
        parts.applications->UpdateApplication(call...);
      });
    }
    case What::kSubmit:
      return send("SubmitApplication", applicant, av1::SubmitApplicationRequest(),
                  [](ServiceParts& parts, auto... call) {
                    parts.applications->SubmitApplication(call...);
                  });
    case What::kWithdraw: {
      av1::WithdrawApplicationRequest request;
      request.set_reason("不再需要");
      return send("WithdrawApplication", applicant, request, [](ServiceParts& parts, auto... call) {
        parts.applications->WithdrawApplication(call...);
      });
    }
    case What::kTransfer: {
      const auto* record =
          committed_->Get<applications::storage::v1::ApplicationRecord>("application", of.id);
      const bool in_first = record->application().county_code() == kCounties[0];
      av1::TransferApplicationRequest request;
      request.set_county_code(kCounties[in_first ? 1 : 0]);
      request.set_address("虚构村2号");
      request.set_proof("户口簿");
      return send("TransferApplication", applicant, request, [](ServiceParts& parts, auto... call) {
        parts.applications->TransferApplication(call...);
      });
    }
    case What::kApprove: {
      av1::ApproveApplicationRequest request;
      request.set_remark("同意");
      return send("ApproveApplication", reviewer, request, [](ServiceParts& parts, auto... call) {
        parts.applications->ApproveApplication(call...);
      });
    }
    case What::kReject: {
      av1::RejectApplicationRequest request;
      request.add_reason_codes("DEVICE_NOT_SUITABLE");
      request.set_remark("不适合");
      return send("RejectApplication", reviewer, request, [](ServiceParts& parts, auto... call) {
        parts.applications->RejectApplication(call...);
      });
    }
    case What::kReturn: {
      av1::ReturnApplicationRequest request;
      request.add_reason_codes("DOCUMENT_MISSING");
      request.set_remark("请补交");
      return send("ReturnApplication", reviewer, request, [](ServiceParts& parts, auto... call) {
        parts.applications->ReturnApplication(call...);
      });
    }
    case What::kSupplement: {
      av1::SupplementApplicationRequest request;
      request.set_explanation("已补交");
      return send("SupplementApplication", applicant, request,
                  [](ServiceParts& parts, auto... call) {
                    parts.applications->SupplementApplication(call...);
                  });
    }
    case What::kConfirm: {
      av1::ConfirmReceiptRequest request;
      request.set_serial_number(
          committed_->Get<applications::storage::v1::ApplicationRecord>("application", of.id)
              ->application()
              .service()
              .serial_number());
      return send("ConfirmReceipt", applicant, request, [](ServiceParts& parts, auto... call) {
        parts.applications->ConfirmReceipt(call...);
      });
    }
    case What::kAnswerFollowUp: {
      av1::AnswerFollowUpRequest request;
      request.set_satisfaction(5);
      request.set_in_use(true);
      return send("AnswerFollowUp", applicant, request, [](ServiceParts& parts, auto... call) {
        parts.applications->AnswerFollowUp(call...);
      });
    }
    case What::kAllocate: {
      cv1::AllocateBudgetRequest request;
      request.set_county_code(deed.name);
      request.set_fiscal_year(kFiscalYear);
      request.set_amount_fen(schedule_->Chance(500) ? kScarceBudget : -kScarceBudget);
      return Send<cv1::AllocateBudgetRequest, cv1::Budget>(
          &of, Service::kCatalogue, absl::StrCat("AllocateBudget ", deed.name), kFinance, request,
          [](ServiceParts& parts, auto... call) { parts.catalogue->AllocateBudget(call...); });
    }
    default:
      return;
  }
}

absl::Time Actors::VisitStart(int number) const {
  // Visits take two hours: neighbours overlap.
  static constexpr int kHours[] = {9, 10, 14, 15};
  absl::CivilDay day = vocabulary::TodayInShanghai(commons_->clock.Now()) + 1 + number / 4;
  if (absl::GetWeekday(day) == absl::Weekday::sunday) ++day;
  return vocabulary::StartOfDay(day) + absl::Hours(kHours[number % 4]);
}

void Actors::DoForVendor(Case& of, const Deed& deed, bool gentle) {
  const auto send = [&](const char* what, Service service, auto answer, auto request, auto method) {
    request.set_name(deed.name);
    Send<decltype(request), decltype(answer)>(&of, service, absl::StrCat(what, " ", deed.name),
                                              "vendor:v1", std::move(request), method);
  };
  const std::string vendor = deed.name.substr(0, deed.name.find('/', deed.name.find('/') + 1));
  const auto visit = [&](auto& request) {
    request.set_technician(absl::StrCat(vendor, "/technicians/", kStaffNumber));
    const int number = of.booked++ + (gentle ? 0 : static_cast<int>(schedule_->Choose(4)));
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
      request.set_vendor(InventedVendor(static_cast<int>(schedule_->Choose(kVendors))).name());
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
