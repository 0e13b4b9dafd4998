#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include <grpcpp/grpcpp.h>

#include "applications/application.h"
#include "applications/applications_service.h"
#include "applications/persons/person.h"
#include "applications/wiring.h"
#include "chassis/rpc/call.h"
#include "fuju/applications/v1/intake_service.grpc.pb.h"
#include "vocabulary/person_key.h"

namespace fuju::applications {

// Finds what a survey found about the person of a key; nothing if none did. Thread-safe.
using FindSurveyed =
    std::function<void(const std::string& person_key, absl::Time deadline,
                       std::function<void(absl::StatusOr<std::optional<Surveyed>>)> done)>;

// The gRPC edge of who applies, and with what: checks the shape (the gate does), maps in, calls a
// decision through Wiring, maps out. Thread-safe. What is passed outlives it and every call in
// flight.
class IntakeService final : public v1::IntakeService::CallbackService {
 public:
  struct Parts {
    chassis::CallGate* gate;
    const Wiring* wiring;
    // Makes the drafts.
    const ApplicationsService* applications;
    FindSurveyed find_surveyed;
    const vocabulary::PersonKeyer* keyer;
    Rules rules;
  };

  explicit IntakeService(Parts parts) : parts_(std::move(parts)) {}

  using Context = grpc::CallbackServerContext;
  using Reactor = grpc::ServerUnaryReactor;

  Reactor* ListConsents(Context* context, const v1::ListConsentsRequest* request,
                        v1::ListConsentsResponse* response) override;
  Reactor* ListRequiredDocuments(Context* context, const v1::ListRequiredDocumentsRequest* request,
                                 v1::ListRequiredDocumentsResponse* response) override;
  Reactor* PrefillApplication(Context* context, const v1::PrefillApplicationRequest* request,
                              v1::Application* response) override;
  Reactor* VerifyPersonFact(Context* context, const v1::VerifyPersonFactRequest* request,
                            v1::Application* response) override;
  Reactor* WithdrawConsent(Context* context, const v1::WithdrawConsentRequest* request,
                           v1::Application* response) override;

 private:
  using Done = std::function<void(absl::StatusOr<v1::Application>)>;

  // What is known of the person, from surveys and the applications.
  void FindKnown(const std::string& person_key, absl::Time deadline,
                 std::function<void(absl::StatusOr<v1::Applicant>)> done) const;
  void Prefill(const chassis::CallInfo& call, const v1::PrefillApplicationRequest& asked,
               Done done) const;

  const Parts parts_;
};

}  // namespace fuju::applications
