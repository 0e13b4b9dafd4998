#include "scenario/desks.h"

#include <algorithm>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"

namespace fuju::scenario {
namespace {

namespace av1 = fuju::applications::v1;
namespace dv1 = fuju::dispatch::v1;
namespace fv1 = fuju::fitting::v1;
using Applications = av1::ApplicationsService::Stub;
using Dispatch = dv1::DispatchService::Stub;
using Fitting = fv1::FittingService::Stub;

// A refusal because another player was first is part of the play.
void Note(World& world, const char* method, const std::string& name, const absl::Status& status) {
  if (status.ok() || world.stop.HasBeenNotified() ||
      status.code() == absl::StatusCode::kFailedPrecondition) {
    return;
  }
  world.Complain(absl::StrCat(method, " ", name, ": ", status.ToString()));
}

void Review(World& world, const av1::Application& application, const std::string& officer) {
  // The officer looks at the whole evidence before deciding.
  av1::GetCaseEvidenceRequest look;
  look.set_name(application.name());
  const auto evidence = world.calls("GetCaseEvidence", *world.stubs.desk,
                                    &av1::ReviewDeskService::Stub::GetCaseEvidence, look, officer);
  if (evidence.ok()) {
    ++world.evidence_seen;
    world.evidence_missing += evidence->subsidy().has_missing() + evidence->person().has_missing() +
                              evidence->budget().has_missing();
  } else {
    Note(world, "GetCaseEvidence", look.name(), evidence.status());
  }

  const Story story = world.StoryOf(application.name());
  const bool supplemented =
      std::any_of(application.timeline().begin(), application.timeline().end(),
                  [](const av1::TimelineEntry& entry) {
                    return entry.state() == av1::APPLICATION_STATE_SUPPLEMENT;
                  });
  const bool returns =
      story == Story::kReturned || story == Story::kLapsed || story == Story::kWithdrawnSupplement;
  if (returns && !supplemented) {
    av1::ReturnApplicationRequest request;
    request.set_name(application.name());
    request.add_reason_codes("DOCUMENT_MISSING");
    request.set_remark("演示：请补交户口簿复印件");
    request.set_request_id(NewRequestId());
    Note(world, "ReturnApplication", application.name(),
         world
             .calls("ReturnApplication", *world.stubs.applications,
                    &Applications::ReturnApplication, request, officer)
             .status());
  } else if (story == Story::kRejected) {
    av1::RejectApplicationRequest request;
    request.set_name(application.name());
    request.add_reason_codes("DEVICE_NOT_SUITABLE");
    request.set_remark("演示：评估认为该器具不适合");
    request.set_request_id(NewRequestId());
    Note(world, "RejectApplication", application.name(),
         world
             .calls("RejectApplication", *world.stubs.applications,
                    &Applications::RejectApplication, request, officer)
             .status());
  } else if (story != Story::kWithdrawnReview) {
    av1::ApproveApplicationRequest request;
    request.set_name(application.name());
    request.set_remark("演示：材料齐全，同意");
    request.set_request_id(NewRequestId());
    Note(world, "ApproveApplication", application.name(),
         world
             .calls("ApproveApplication", *world.stubs.applications,
                    &Applications::ApproveApplication, request, officer)
             .status());
  }
}

void ReviewCounty(World& world, const std::string& county) {
  const std::string officer = absl::StrCat("county_reviewer:", county, "-01");
  av1::ListApplicationsRequest list;
  list.set_county_code(county);
  list.set_state(av1::APPLICATION_STATE_UNDER_REVIEW);
  list.set_page_size(100);
  do {
    const auto page = world.calls("ListApplications", *world.stubs.applications,
                                  &Applications::ListApplications, list, officer);
    if (!page.ok()) return Note(world, "ListApplications", county, page.status());
    for (const av1::Application& application : page->applications()) {
      Review(world, application, officer);
    }
    list.set_page_token(page->next_page_token());
  } while (!list.page_token().empty() && !world.stop.HasBeenNotified());
}

enum class Answer { kAccept, kDecline, kSilence };

Answer AnswerTo(const World& world, const dv1::Offer& offer) {
  if (world.IsAssigned(offer.application())) return Answer::kAccept;
  switch (world.StoryOf(offer.application())) {
    case Story::kDeclined:
      return offer.attempt() == 1 ? Answer::kDecline : Answer::kAccept;
    case Story::kUnanswered:
      return offer.attempt() == 1 ? Answer::kSilence : Answer::kAccept;
    case Story::kExhausted:
    case Story::kUnserved:
      return Answer::kDecline;
    case Story::kWithdrawnApproved:
      return Answer::kSilence;
    default:
      return Answer::kAccept;
  }
}

void AnswerOffer(World& world, const dv1::Offer& offer, const std::string& actor) {
  ++world.offers_seen;
  switch (AnswerTo(world, offer)) {
    case Answer::kAccept: {
      dv1::AcceptOfferRequest request;
      request.set_name(offer.name());
      request.set_request_id(NewRequestId());
      Note(world, "AcceptOffer", offer.name(),
           world.calls("AcceptOffer", *world.stubs.dispatch, &Dispatch::AcceptOffer, request, actor)
               .status());
      break;
    }
    case Answer::kDecline: {
      dv1::DeclineOfferRequest request;
      request.set_name(offer.name());
      request.set_reason("演示：本周排满");
      request.set_request_id(NewRequestId());
      Note(
          world, "DeclineOffer", offer.name(),
          world
              .calls("DeclineOffer", *world.stubs.dispatch, &Dispatch::DeclineOffer, request, actor)
              .status());
      break;
    }
    case Answer::kSilence:
      break;
  }
}

void Visit(World& world, const World::Visit& visit) {
  const std::string actor = "technician:demo";
  fv1::GetOrderRequest get;
  get.set_name(visit.order);
  auto order = world.calls("GetOrder", *world.stubs.fitting, &Fitting::GetOrder, get, actor);
  // An order that the fitting service has not heard of yet comes a moment later.
  for (int i = 0; i < 100 && order.status().code() == absl::StatusCode::kNotFound; ++i) {
    if (world.stop.WaitForNotificationWithTimeout(absl::Milliseconds(50))) return;
    order = world.calls("GetOrder", *world.stubs.fitting, &Fitting::GetOrder, get, actor);
  }
  if (!order.ok()) return Note(world, "GetOrder", visit.order, order.status());
  const Story story = world.StoryOf(visit.application);
  if (story == Story::kVendorReturned && absl::EndsWith(visit.order, "-1")) {
    fv1::ReturnOrderRequest request;
    request.set_name(visit.order);
    request.set_reason("演示：配件缺货");
    request.set_request_id(NewRequestId());
    return Note(
        world, "ReturnOrder", visit.order,
        world.calls("ReturnOrder", *world.stubs.fitting, &Fitting::ReturnOrder, request, actor)
            .status());
  }
  if (order->state() != fv1::ORDER_STATE_SCHEDULED) return;
  if ((story == Story::kNotAtHome && order->no_shows() == 0) || story == Story::kNeverAtHome) {
    fv1::ReportNoShowRequest request;
    request.set_name(visit.order);
    request.set_reason("演示：家中无人");
    request.set_request_id(NewRequestId());
    return Note(
        world, "ReportNoShow", visit.order,
        world.calls("ReportNoShow", *world.stubs.fitting, &Fitting::ReportNoShow, request, actor)
            .status());
  }
  fv1::CompleteOrderRequest request;
  request.set_name(visit.order);
  auto& hand_over = *request.mutable_hand_over();
  hand_over.set_serial_number(
      absl::StrCat("SN-", visit.application.substr(visit.application.find('/') + 1)));
  hand_over.set_signature_sha256(
      absl::StrFormat("%064x", std::hash<std::string>{}(visit.application)));
  hand_over.set_signature_method("handwritten");
  hand_over.set_training_done(true);
  request.set_request_id(NewRequestId());
  Note(world, "CompleteOrder", visit.order,
       world.calls("CompleteOrder", *world.stubs.fitting, &Fitting::CompleteOrder, request, actor)
           .status());
}

void ServeManualQueue(World& world, size_t turn) {
  const std::string actor = "prefecture_dispatcher:demo";
  dv1::ListRoundsRequest list;
  list.set_state(dv1::ROUND_STATE_MANUAL);
  list.set_page_size(200);
  const auto page =
      world.calls("ListRounds", *world.stubs.dispatch, &Dispatch::ListRounds, list, actor);
  if (!page.ok()) return Note(world, "ListRounds", "manual", page.status());
  for (const dv1::Round& round : page->rounds()) {
    const Story story = world.StoryOf(round.application());
    if (story == Story::kWithdrawnApproved) continue;
    if (story == Story::kUnserved) {
      dv1::CloseRoundRequest request;
      request.set_name(round.name());
      request.set_reason("演示：本地暂无可服务机构");
      request.set_request_id(NewRequestId());
      Note(world, "CloseRound", round.name(),
           world.calls("CloseRound", *world.stubs.dispatch, &Dispatch::CloseRound, request, actor)
               .status());
      continue;
    }
    world.MarkAssigned(round.application());
    // Ask the candidates again in turn, or any vendor where there was none.
    dv1::AssignVendorRequest request;
    request.set_name(round.name());
    request.set_vendor(
        round.candidates_size() > 0
            ? round
                  .candidates(static_cast<int>(turn % static_cast<size_t>(round.candidates_size())))
                  .vendor()
            : world.vendors[turn % world.vendors.size()]);
    request.set_request_id(NewRequestId());
    Note(world, "AssignVendor", round.name(),
         world.calls("AssignVendor", *world.stubs.dispatch, &Dispatch::AssignVendor, request, actor)
             .status());
  }
}

}  // namespace

void PlayReviewers(World& world, int desk, int desks) {
  while (!world.stop.HasBeenNotified()) {
    for (const std::string& county : world.TakeReviews(desk, desks)) ReviewCounty(world, county);
  }
}

void PlayVendor(World& world, const std::string& vendor, int cut_every) {
  const std::string actor = absl::StrCat("vendor:", vendor.substr(vendor.find('/') + 1));
  std::string token;
  while (!world.stop.HasBeenNotified()) {
    StreamContext context(&world, actor);
    dv1::WatchOffersRequest request;
    request.set_parent(vendor);
    request.set_resume_token(token);
    auto reader = world.stubs.dispatch->WatchOffers(context.get(), request);
    dv1::WatchOffersResponse message;
    int messages = 0;
    while (reader->Read(&message)) {
      token = message.resume_token();
      if (message.has_offer() && message.offer().state() == dv1::OFFER_STATE_OPEN) {
        AnswerOffer(world, message.offer(), actor);
      }
      if (cut_every > 0 && ++messages >= cut_every) {
        // As a phone in a tunnel: gone in the middle, back with the last token.
        context.get()->TryCancel();
        ++world.watches_resumed;
      }
    }
    const grpc::Status status = reader->Finish();
    // Too old: start again with all open offers.
    if (status.error_code() == grpc::StatusCode::OUT_OF_RANGE) token.clear();
    if (status.error_code() == grpc::StatusCode::UNAVAILABLE) {
      world.stop.WaitForNotificationWithTimeout(absl::Milliseconds(100));
    }
  }
}

void PlayTechnician(World& world) {
  World::Visit visit;
  while (world.TakeVisit(&visit)) Visit(world, visit);
}

void PlayPrefecture(World& world, absl::Duration look_every) {
  for (size_t turn = 0; !world.stop.WaitForNotificationWithTimeout(look_every); ++turn) {
    ServeManualQueue(world, turn);
  }
}

}  // namespace fuju::scenario
