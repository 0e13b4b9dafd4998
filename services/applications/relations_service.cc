#include "applications/relations_service.h"

#include <functional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

#include "applications/application.h"
#include "applications/reactions.h"
#include "chassis/rpc/page_token.h"
#include "chassis/values/refusal.h"

namespace fuju::applications {
namespace {

using chassis::CallInfo;
using Relation = v1::OfficerRelation;
using Current = chassis::Versioned<Relation>;
using Done = std::function<void(absl::StatusOr<Relation>)>;

absl::string_view View(std::string_view text) {
  return absl::string_view(text.data(), text.size());
}

RelationStore::Done Answering(Done done) {
  return [done = std::move(done)](absl::StatusOr<chassis::Committed<Relation>> committed) {
    if (committed.ok()) return done(std::move(committed->state));
    if (chassis::ReasonOf(committed.status()) != "CLAIM_HELD") return done(committed.status());
    // "<kind>|<id>"
    const std::string holder = chassis::MetadataOf(committed.status(), "holder");
    const std::string name = RelationNameOf(holder.substr(holder.find('|') + 1));
    done(chassis::Refusal(absl::StatusCode::kAlreadyExists, "RELATION_EXISTS",
                          absl::StrCat("该关系已申报（", name, "）"),
                          absl::StrCat("this relation is declared already: ", name))
             .With("holder", name)
             .Build());
  };
}

}  // namespace

chassis::AggregateKind<Relation> RelationAggregate() {
  return {
      .kind = "relation",
      .name = [](std::string_view id) { return RelationNameOf(View(id)); },
      .route = [](std::string_view id) { return RouteOf(View(id)); },
      .footprint = [](std::string_view id,
                      const Relation& relation) { return RelationFootprint(View(id), relation); },
  };
}

void AddRelationTimers(chassis::TimerHandlers& handlers, const RelationStore* store) {
  handlers.On(store->kind().kind, [store](const chassis::DueTimer& timer,
                                          chassis::ReactionDone done) {
    store->Update(
        timer.id, timer.ToCommand(kService),
        [store](const Current& current) {
          return DecideExpire(current.state, store->raw()->clock().Now());
        },
        [done = std::move(done)](const absl::StatusOr<chassis::Committed<Relation>>& committed) {
          done(committed.status());
        });
  });
}

RelationsService::Reactor* RelationsService::DeclareRelation(
    Context* context, const v1::DeclareRelationRequest* request, Relation* response) {
  return gate_->Unary<v1::DeclareRelationRequest, Relation>(
      context, request, response,
      [this](const CallInfo& call, const v1::DeclareRelationRequest& asked, Done done) {
        const absl::StatusOr<std::string> id =
            ids_->Next(store_->raw()->clock().Now(), RelationTailOf(asked.relation()));
        if (!id.ok()) return done(id.status());
        store_->Update(
            *id, call.ToCommand(asked),
            [this, id = *id, actor = call.actor, &asked](const Current& current) -> RelationResult {
              if (current.exists()) return absl::InternalError(id + " was made twice");
              return DecideDeclare(id, asked.relation(), actor, store_->raw()->clock().Now());
            },
            Answering(std::move(done)));
      });
}

RelationsService::Reactor* RelationsService::EndRelation(Context* context,
                                                         const v1::EndRelationRequest* request,
                                                         Relation* response) {
  return gate_->Unary<v1::EndRelationRequest, Relation>(
      context, request, response,
      [this](const CallInfo& call, const v1::EndRelationRequest& asked, Done done) {
        store_->Update(
            RelationIdOf(asked.name()), call.ToCommand(asked),
            [this, actor = call.actor, &asked](const Current& current) -> RelationResult {
              if (!current.exists()) return chassis::NotFound(asked.name());
              return DecideEndRelation(current.state, actor, store_->raw()->clock().Now());
            },
            Answering(std::move(done)));
      });
}

RelationsService::Reactor* RelationsService::ListRelations(Context* context,
                                                           const v1::ListRelationsRequest* request,
                                                           v1::ListRelationsResponse* response) {
  using ListDone = std::function<void(absl::StatusOr<v1::ListRelationsResponse>)>;
  return gate_->Unary<v1::ListRelationsRequest, v1::ListRelationsResponse>(
      context, request, response,
      [this](const CallInfo& call, const v1::ListRelationsRequest& asked, ListDone done) {
        absl::StatusOr<std::string> cursor = chassis::CursorOf(asked);
        if (!cursor.ok()) return done(cursor.status());
        // An officer's relations are where the persons are.
        store_->List(
            RelationIndex(asked.officer()), "", *std::move(cursor),
            chassis::PageSize(asked.page_size()), call.deadline,
            [&asked, done = std::move(done)](absl::StatusOr<chassis::Page<Relation>> page) {
              if (!page.ok()) return done(page.status());
              v1::ListRelationsResponse answer;
              for (const auto& item : page->items) {
                *answer.add_relations() = item.aggregate.state;
              }
              if (!page->next_cursor.empty()) {
                answer.set_next_page_token(chassis::MakePageToken(asked, page->next_cursor));
              }
              done(std::move(answer));
            });
      });
}

}  // namespace fuju::applications
