#pragma once

#include <functional>
#include <string>

#include "absl/time/time.h"
#include <grpcpp/grpcpp.h>

#include "applications/draft_decisions.h"
#include "applications/questionnaire_set.h"
#include "applications/review_decisions.h"
#include "applications/wiring.h"
#include "chassis/rpc/call.h"
#include "chassis/store/unique_names.h"
#include "chassis/streams/fanout.h"
#include "fuju/applications/v1/applications_service.grpc.pb.h"
#include "vocabulary/person_key.h"
#include "vocabulary/ulid.h"

namespace fuju::applications {

// The gRPC edge: checks the shape (the gate does), maps in, calls a decision through Wiring, maps
// out. Thread-safe. What is passed outlives it and every call in flight.
class ApplicationsService final : public v1::ApplicationsService::CallbackService {
 public:
  struct Parts {
    chassis::CallGate* gate;
    const Wiring* wiring;
    chassis::Fanout* fanout;
    const vocabulary::PersonKeyer* keyer;
    vocabulary::UlidGenerator* ids;
    Rules rules;
    const QuestionnaireSet* questionnaires;
    absl::Duration watch_heartbeat;
  };

  explicit ApplicationsService(Parts parts) : parts_(parts) {}

  using Context = grpc::CallbackServerContext;
  using Reactor = grpc::ServerUnaryReactor;
  using Done = std::function<void(absl::StatusOr<v1::Application>)>;

  // A draft to be made.
  struct NewDraft {
    v1::Application application;
    v1::Acting acting;
    bool validate_only = false;
    // What is known of the applicant already: it keeps its proofs and stamps.
    v1::Applicant known = {};
  };
  // Makes it, for this and other services of the process. `command` is that of the call.
  void MakeDraft(chassis::Command command, const NewDraft& draft, Done done) const;

  Reactor* CreateApplication(Context* context, const v1::CreateApplicationRequest* request,
                             v1::Application* response) override;
  Reactor* UpdateApplication(Context* context, const v1::UpdateApplicationRequest* request,
                             v1::Application* response) override;
  Reactor* SubmitApplication(Context* context, const v1::SubmitApplicationRequest* request,
                             v1::Application* response) override;
  Reactor* SupplementApplication(Context* context, const v1::SupplementApplicationRequest* request,
                                 v1::Application* response) override;
  Reactor* WithdrawApplication(Context* context, const v1::WithdrawApplicationRequest* request,
                               v1::Application* response) override;
  Reactor* TerminateApplication(Context* context, const v1::TerminateApplicationRequest* request,
                                v1::Application* response) override;
  Reactor* TransferApplication(Context* context, const v1::TransferApplicationRequest* request,
                               v1::Application* response) override;
  Reactor* FixPrice(Context* context, const v1::FixPriceRequest* request,
                    v1::Application* response) override;
  Reactor* ApproveApplication(Context* context, const v1::ApproveApplicationRequest* request,
                              v1::Application* response) override;
  Reactor* RejectApplication(Context* context, const v1::RejectApplicationRequest* request,
                             v1::Application* response) override;
  Reactor* ReturnApplication(Context* context, const v1::ReturnApplicationRequest* request,
                             v1::Application* response) override;
  Reactor* HoldApplication(Context* context, const v1::HoldApplicationRequest* request,
                           v1::Application* response) override;
  Reactor* ResumeApplication(Context* context, const v1::ResumeApplicationRequest* request,
                             v1::Application* response) override;
  Reactor* AppealApplication(Context* context, const v1::AppealApplicationRequest* request,
                             v1::Application* response) override;
  Reactor* DismissAppeal(Context* context, const v1::DismissAppealRequest* request,
                         v1::Application* response) override;
  Reactor* GrantAppeal(Context* context, const v1::GrantAppealRequest* request,
                       v1::Application* response) override;
  Reactor* ConfirmReceipt(Context* context, const v1::ConfirmReceiptRequest* request,
                          v1::Application* response) override;
  Reactor* AnswerFollowUp(Context* context, const v1::AnswerFollowUpRequest* request,
                          v1::Application* response) override;
  Reactor* GetApplication(Context* context, const v1::GetApplicationRequest* request,
                          v1::Application* response) override;
  Reactor* ListApplications(Context* context, const v1::ListApplicationsRequest* request,
                            v1::ListApplicationsResponse* response) override;
  grpc::ServerWriteReactor<v1::WatchApplicationResponse>* WatchApplication(
      Context* context, const v1::WatchApplicationRequest* request) override;

  // questionnaires_service.cc
  Reactor* GetQuestionnaire(Context* context, const v1::GetQuestionnaireRequest* request,
                            v1::Questionnaire* response) override;
  Reactor* ListQuestionnaires(Context* context, const v1::ListQuestionnairesRequest* request,
                              v1::ListQuestionnairesResponse* response) override;
  Reactor* EvaluateAnswers(Context* context, const v1::EvaluateAnswersRequest* request,
                           v1::EvaluateAnswersResponse* response) override;

 private:
  // A command on one application, by its name.
  template <typename Request, typename Decide>
  Reactor* Command(Context* context, const Request* request, v1::Application* response, Move move,
                   Decide decide);

  DraftBooks books() const { return {*parts_.questionnaires, parts_.rules.intake, *parts_.keyer}; }
  // The decision of a submission, with the questionnaires of this process.
  Wiring::Decide Submitting(const v1::SubmitApplicationRequest& asked) const;
  // An officer's decision on a case in its stage.
  using DecideVerdict = Result (*)(const Record&, const Verdict&, const Rules&, const Act&);
  template <typename Request>
  Reactor* OfficerDecides(Context* context, const Request* request, v1::Application* response,
                          Move move, DecideVerdict decide);

  // What a command would lead to; stores nothing.
  void DryRun(const chassis::CallInfo& call, const std::string& name, std::string expected_etag,
              Wiring::Decide decide, Done done) const;

  void TrySubmit(const chassis::CallInfo& call, const v1::SubmitApplicationRequest& request,
                 Done done) const;

  const Parts parts_;
};

}  // namespace fuju::applications
