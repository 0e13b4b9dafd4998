#include "scenario/case_watch.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace fuju::scenario {

namespace av1 = fuju::applications::v1;

bool IsFinal(ApplicationState state) {
  switch (state) {
    case av1::APPLICATION_STATE_CLOSED:
    case av1::APPLICATION_STATE_WITHDRAWN:
    case av1::APPLICATION_STATE_INELIGIBLE:
    case av1::APPLICATION_STATE_UNFUNDED:
    case av1::APPLICATION_STATE_REJECTED:
    case av1::APPLICATION_STATE_EXPIRED:
    case av1::APPLICATION_STATE_UNSERVED:
      return true;
    default:
      return false;
  }
}

CaseWatch::CaseWatch(World* world, std::string application)
    : world_(world), application_(std::move(application)) {}

CaseWatch::~CaseWatch() {
  if (context_ != nullptr) context_->get()->TryCancel();
  if (reader_ != nullptr) reader_->Finish();
}

void CaseWatch::Open(absl::Time deadline) {
  context_ = std::make_unique<StreamContext>(world_, "mobile:demo");
  context_->get()->set_deadline(absl::ToChronoTime(deadline));
  av1::WatchApplicationRequest request;
  request.set_name(application_);
  request.set_resume_token(token_);
  reader_ = world_->stubs.applications->WatchApplication(context_->get(), request);
}

std::optional<ApplicationState> CaseWatch::Next(absl::Duration limit) {
  const absl::Time deadline = absl::Now() + limit;
  while (!world_->stop.HasBeenNotified() && absl::Now() < deadline) {
    // A stream is opened for longer than one wait, so that a slow step does not cut it.
    if (reader_ == nullptr) Open(deadline + absl::Seconds(60));
    av1::WatchApplicationResponse step;
    if (reader_->Read(&step)) {
      token_ = step.resume_token();
      if (!step.has_entry()) continue;
      if (step.entry().sequence() != sequence_ + 1) {
        world_->Complain(absl::StrCat("timeline of ", application_, ": after ", sequence_, " came ",
                                      step.entry().sequence()));
      }
      sequence_ = step.entry().sequence();
      state_ = step.entry().state();
      return state_;
    }
    const grpc::Status status = reader_->Finish();
    reader_.reset();
    context_.reset();
    if (status.ok()) return std::nullopt;
    if (status.error_code() == grpc::StatusCode::NOT_FOUND ||
        status.error_code() == grpc::StatusCode::INVALID_ARGUMENT) {
      world_->Complain(absl::StrCat("watch of ", application_, ": ", status.error_message()));
      return std::nullopt;
    }
    ++world_->watches_resumed;
    world_->stop.WaitForNotificationWithTimeout(absl::Milliseconds(100));
  }
  return std::nullopt;
}

std::optional<ApplicationState> CaseWatch::Await(const std::set<ApplicationState>& states,
                                                 absl::Duration limit) {
  const absl::Time deadline = absl::Now() + limit;
  while (!state_.has_value() || !(states.contains(*state_) || IsFinal(*state_))) {
    if (!Next(deadline - absl::Now()).has_value()) return std::nullopt;
  }
  return state_;
}

}  // namespace fuju::scenario
