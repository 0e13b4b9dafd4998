// The commands that offices send, and those that come before all.

#include <utility>

#include "absl/strings/str_cat.h"

#include "dispatch/names.h"
#include "simulation/actors.h"
#include "simulation/invented.h"

namespace fuju::simulation {
namespace {

namespace av1 = applications::v1;
namespace cv1 = catalogue::v1;
namespace dv1 = dispatch::v1;
namespace fv1 = fitting::v1;
using What = Deed::What;

constexpr char kFinance[] = "province:finance";
constexpr char kPrefecture[] = "prefecture_officer:6201";
// Who learns of a death, or that a certificate was cancelled.
constexpr char kRegistry[] = "county_reviewer:registry";

}  // namespace

// Another person in each stage and county, and again after each rejection: who decided once may be
// barred.
std::string Actors::OfficerOf(const Record& record) const {
  const av1::Application& application = record.application();
  const applications::Stage* stage = StageOf(record);
  int rejected = 0;
  for (const av1::StageAct& act : application.review().acts()) {
    if (act.decision() == av1::STAGE_DECISION_REJECT) ++rejected;
  }
  return absl::StrCat(stage == nullptr ? "county_reviewer" : stage->config.roles(0), ":",
                      application.county_code(), "-", application.review().stage(), "-", rejected);
}

void Actors::Found() {
  for (const auto& [county, amount_fen] : plan_->budgets) {
    cv1::AllocateBudgetRequest request;
    request.set_county_code(county);
    request.set_fiscal_year(kFiscalYear);
    request.set_amount_fen(amount_fen);
    Send<cv1::AllocateBudgetRequest, cv1::Budget>(
        nullptr, Service::kCatalogue, absl::StrCat("AllocateBudget ", county), kFinance, request,
        [](ServiceParts& parts, auto... call) { parts.catalogue->AllocateBudget(call...); });
  }
  for (int i = 0; i < kVendors; ++i) {
    dv1::RegisterVendorRequest vendor;
    *vendor.mutable_vendor() = InventedVendor(i, plan_->vendor_capacity);
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

bool Actors::DoForOffice(Case& of, const Deed& deed) {
  switch (deed.what) {
    case What::kApprove: {
      av1::ApproveApplicationRequest request;
      request.set_remark("同意");
      return SendFor(of, deed, "ApproveApplication", OfficerOf(*RecordOf(of)), request,
                     [](ServiceParts& parts, auto... call) {
                       parts.applications->ApproveApplication(call...);
                     });
    }
    case What::kReject: {
      av1::RejectApplicationRequest request;
      request.add_reason_codes("DEVICE_NOT_SUITABLE");
      request.set_remark("不适合");
      return SendFor(of, deed, "RejectApplication", OfficerOf(*RecordOf(of)), request,
                     [](ServiceParts& parts, auto... call) {
                       parts.applications->RejectApplication(call...);
                     });
    }
    case What::kReturn: {
      av1::ReturnApplicationRequest request;
      request.add_reason_codes("DOCUMENT_MISSING");
      request.set_remark("请补交");
      return SendFor(of, deed, "ReturnApplication", OfficerOf(*RecordOf(of)), request,
                     [](ServiceParts& parts, auto... call) {
                       parts.applications->ReturnApplication(call...);
                     });
    }
    case What::kHold: {
      av1::HoldApplicationRequest request;
      request.add_reason_codes("UNDER_VERIFICATION");
      request.set_remark("待核实");
      return SendFor(
          of, deed, "HoldApplication", OfficerOf(*RecordOf(of)), request,
          [](ServiceParts& parts, auto... call) { parts.applications->HoldApplication(call...); });
    }
    case What::kResume: {
      av1::ResumeApplicationRequest request;
      request.set_remark("已核实");
      return SendFor(of, deed, "ResumeApplication", OfficerOf(*RecordOf(of)), request,
                     [](ServiceParts& parts, auto... call) {
                       parts.applications->ResumeApplication(call...);
                     });
    }
    case What::kFixPrice: {
      av1::FixPriceRequest request;
      request.set_price_fen(kLowerPrice);
      request.set_remark("按市场价核定");
      return SendFor(
          of, deed, "FixPrice", OfficerOf(*RecordOf(of)), request,
          [](ServiceParts& parts, auto... call) { parts.applications->FixPrice(call...); });
    }
    case What::kObject: {
      av1::ObjectToPublicNoticeRequest request;
      request.set_name(deed.name);
      request.set_reason("情况不属实");
      Send<av1::ObjectToPublicNoticeRequest, av1::PublicNotice>(
          &of, Service::kApplications, absl::StrCat("ObjectToPublicNotice ", deed.name),
          "citizen:portal", request, [](ServiceParts& parts, auto... call) {
            parts.public_notices->ObjectToPublicNotice(call...);
          });
      return true;
    }
    case What::kGrantAppeal: {
      av1::GrantAppealRequest request;
      request.set_remark("重新审核");
      return SendFor(
          of, deed, "GrantAppeal", kPrefecture, request,
          [](ServiceParts& parts, auto... call) { parts.applications->GrantAppeal(call...); });
    }
    case What::kDismissAppeal: {
      av1::DismissAppealRequest request;
      request.set_remark("维持原决定");
      return SendFor(
          of, deed, "DismissAppeal", kPrefecture, request,
          [](ServiceParts& parts, auto... call) { parts.applications->DismissAppeal(call...); });
    }
    case What::kReportDeath:
    case What::kReportCancelledCertificate: {
      av1::TerminateApplicationRequest request;
      request.set_cause(deed.what == What::kReportDeath
                            ? av1::TERMINATION_CAUSE_DEATH
                            : av1::TERMINATION_CAUSE_CERTIFICATE_CANCELLED);
      request.set_remark("据登记");
      return SendFor(of, deed, "TerminateApplication", kRegistry, request,
                     [](ServiceParts& parts, auto... call) {
                       parts.applications->TerminateApplication(call...);
                     });
    }
    case What::kAllocate: {
      cv1::AllocateBudgetRequest request;
      request.set_county_code(deed.name);
      request.set_fiscal_year(kFiscalYear);
      request.set_amount_fen(schedule_->Chance(500) ? kScarceBudget : -kScarceBudget);
      Send<cv1::AllocateBudgetRequest, cv1::Budget>(
          &of, Service::kCatalogue, absl::StrCat("AllocateBudget ", deed.name), kFinance, request,
          [](ServiceParts& parts, auto... call) { parts.catalogue->AllocateBudget(call...); });
      return true;
    }
    default:
      return false;
  }
}

}  // namespace fuju::simulation
