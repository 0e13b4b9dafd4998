// The commands that applicants send.

#include <utility>

#include "absl/strings/str_cat.h"

#include "simulation/actors.h"
#include "simulation/invented.h"

namespace fuju::simulation {
namespace {

namespace av1 = applications::v1;
using What = Deed::What;

}  // namespace

bool Actors::DoForApplicant(Case& of, const Deed& deed) {
  const std::string applicant = absl::StrCat("applicant:p", of.plan->person);
  switch (deed.what) {
    case What::kCreate: {
      av1::CreateApplicationRequest request;
      *request.mutable_application() = InventedDraft(of.plan->person, of.number, of.plan->county);
      request.mutable_application()->mutable_request()->set_other_payer(of.plan->other_payer);
      Send<av1::CreateApplicationRequest, av1::Application>(
          &of, Service::kApplications, absl::StrCat("CreateApplication case-", of.number),
          applicant, request, [](ServiceParts& parts, auto... call) {
            parts.applications->CreateApplication(call...);
          });
      return true;
    }
    case What::kUpdate: {
      av1::UpdateApplicationRequest request;
      request.mutable_application()->mutable_request()->set_quote_fen(
          90000 + static_cast<int64_t>(schedule_->Choose(4)) * 1000);
      request.mutable_update_mask()->add_paths("request.quote_fen");
      return SendFor(of, deed, "UpdateApplication", applicant, request,
                     [](ServiceParts& parts, auto... call) {
                       parts.applications->UpdateApplication(call...);
                     });
    }
    case What::kSubmit:
      return SendFor(of, deed, "SubmitApplication", applicant, av1::SubmitApplicationRequest(),
                     [](ServiceParts& parts, auto... call) {
                       parts.applications->SubmitApplication(call...);
                     });
    case What::kWithdraw: {
      av1::WithdrawApplicationRequest request;
      request.set_reason("不再需要");
      return SendFor(of, deed, "WithdrawApplication", applicant, request,
                     [](ServiceParts& parts, auto... call) {
                       parts.applications->WithdrawApplication(call...);
                     });
    }
    case What::kTransfer: {
      const bool in_first = RecordOf(of)->application().county_code() == kCounties[0];
      av1::TransferApplicationRequest request;
      request.set_county_code(kCounties[in_first ? 1 : 0]);
      request.set_address("虚构村2号");
      request.set_proof("户口簿");
      return SendFor(of, deed, "TransferApplication", applicant, request,
                     [](ServiceParts& parts, auto... call) {
                       parts.applications->TransferApplication(call...);
                     });
    }
    case What::kSupplement: {
      av1::SupplementApplicationRequest request;
      request.set_explanation("已补交");
      return SendFor(of, deed, "SupplementApplication", applicant, request,
                     [](ServiceParts& parts, auto... call) {
                       parts.applications->SupplementApplication(call...);
                     });
    }
    case What::kAppeal: {
      av1::AppealApplicationRequest request;
      request.set_reason("情况有误");
      return SendFor(of, deed, "AppealApplication", applicant, request,
                     [](ServiceParts& parts, auto... call) {
                       parts.applications->AppealApplication(call...);
                     });
    }
    case What::kConfirm: {
      av1::ConfirmReceiptRequest request;
      request.set_serial_number(RecordOf(of)->application().service().serial_number());
      return SendFor(
          of, deed, "ConfirmReceipt", applicant, request,
          [](ServiceParts& parts, auto... call) { parts.applications->ConfirmReceipt(call...); });
    }
    case What::kAnswerFollowUp: {
      av1::AnswerFollowUpRequest request;
      request.set_satisfaction(5);
      request.set_in_use(true);
      return SendFor(
          of, deed, "AnswerFollowUp", applicant, request,
          [](ServiceParts& parts, auto... call) { parts.applications->AnswerFollowUp(call...); });
    }
    default:
      return false;
  }
}

}  // namespace fuju::simulation
