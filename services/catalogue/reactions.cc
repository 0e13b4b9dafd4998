#include "catalogue/reactions.h"

#include <memory>
#include <utility>

#include "catalogue/budget.h"
#include "catalogue/decision/beneficiary.h"
#include "chassis/values/refusal.h"

namespace fuju::catalogue {
namespace {

using applications::v1::Application;
using applications::v1::ApplicationAccepted;
using applications::v1::ApplicationEnded;
using applications::v1::ApplicationPriceFixed;
using applications::v1::ApplicationReopened;
using applications::v1::ApplicationSubmitted;
using applications::v1::ApplicationTransferred;
using BeneficiaryRecord = storage::v1::BeneficiaryRecord;

constexpr char kService[] = "catalogue";
constexpr char kSource[] = "applications";

// The grant of the county that has the case.
std::string IdOf(const Application& application) {
  return GrantId(application.name(), application.county_code());
}

// Of a submission, or of a case that was reopened or transferred.
template <typename Fact>
GrantApplication Asked(const Fact& fact) {
  const Application& application = fact.application();
  GrantApplication asked;
  asked.application = application.name();
  asked.county_code = application.county_code();
  asked.item_code = application.request().item_code();
  asked.device_division = application.request().device_division();
  asked.quote = vocabulary::Fen(application.request().quote_fen());
  if (application.subsidy().approved_price_fen() > 0) {
    asked.approved_price = vocabulary::Fen(application.subsidy().approved_price_fen());
  }
  asked.funding_request = application.funding_request();
  asked.facts = fact.facts();
  return asked;
}

// `share_group` is that of the item, if the person's record does not say it.
v1::Delivery Delivered(const ApplicationAccepted& fact, const v1::Grant& grant,
                       const std::string& share_group) {
  const Application& application = fact.application();
  v1::Delivery delivery = EntitlementOf(application.name(), grant.decision(), share_group);
  delivery.set_item_code(application.request().item_code());
  delivery.set_device_division(application.request().device_division());
  delivery.set_subsidy_fen(grant.amount_fen());
  delivery.set_acceptance_date(fact.acceptance_date());
  return delivery;
}

// A change of a person's record that follows from a grant: what it does depends on what the record
// says alone, so a repeat needs no mark in it.
chassis::Command OnRecord(const chassis::Delivery& delivery, const std::string& person_key) {
  chassis::Command command = delivery.ToCommand(kService);
  command.cause.reset();
  // A person's history belongs to no single case.
  command.correlation_id = BeneficiaryName(person_key);
  return command;
}

bool IsReviewingOffice(const vocabulary::RegionTable& regions, const std::string& county_code) {
  const absl::StatusOr<vocabulary::RegionCode> code = vocabulary::RegionCode::Parse(county_code);
  return code.ok() && regions.IsReviewingOffice(*code);
}

}  // namespace

CatalogueReactions::CatalogueReactions(const CatalogueStores* stores,
                                       const CatalogueWatcher* watcher,
                                       const vocabulary::RegionTable* regions,
                                       const SubsidySettings& settings)
    : stores_(stores),
      watcher_(watcher),
      regions_(regions),
      finder_(stores, watcher),
      policy_(PreparePolicy(PolicyFrom(settings))) {}

chassis::Reactions CatalogueReactions::Table() {
  chassis::Reactions reactions;
  reactions.On<ApplicationSubmitted>(kSource,
                                     [this](const auto& fact, const auto& delivery, auto done) {
                                       OnSubmitted(fact, delivery, std::move(done));
                                     });
  reactions.On<ApplicationReopened>(kSource,
                                    [this](const auto& fact, const auto& delivery, auto done) {
                                      OnReopened(fact, delivery, std::move(done));
                                    });
  reactions.On<ApplicationTransferred>(kSource,
                                       [this](const auto& fact, const auto& delivery, auto done) {
                                         OnTransferred(fact, delivery, std::move(done));
                                       });
  reactions.On<ApplicationPriceFixed>(kSource,
                                      [this](const auto& fact, const auto& delivery, auto done) {
                                        OnPriceFixed(fact, delivery, std::move(done));
                                      });
  reactions.On<ApplicationAccepted>(kSource,
                                    [this](const auto& fact, const auto& delivery, auto done) {
                                      OnAccepted(fact, delivery, std::move(done));
                                    });
  reactions.On<ApplicationEnded>(kSource,
                                 [this](const auto& fact, const auto& delivery, auto done) {
                                   OnEnded(fact, delivery, std::move(done));
                                 });
  return reactions;
}

void CatalogueReactions::OnSubmitted(const ApplicationSubmitted& fact,
                                     const chassis::Delivery& delivery,
                                     chassis::ReactionDone done) {
  Ask(Asked(fact), Opening{OpenGrant, OpenUnfundedGrant}, delivery, std::move(done));
}

void CatalogueReactions::OnReopened(const ApplicationReopened& fact,
                                    const chassis::Delivery& delivery, chassis::ReactionDone done) {
  Ask(Asked(fact), Opening{ReopenGrant, ReopenUnfundedGrant}, delivery, std::move(done));
}

void CatalogueReactions::OnTransferred(const ApplicationTransferred& fact,
                                       const chassis::Delivery& delivery,
                                       chassis::ReactionDone done) {
  // Two aggregates, in two partitions: the old county's money first, so that a case never holds
  // both. The versions that they record make a repeat harmless. What the person's record holds is
  // the case's, and becomes what the new grant says.
  const std::string id = GrantId(fact.application().name(), fact.from_county_code());
  UpdateGrant(
      id, delivery,
      [id, now = stores_->Now()](const auto& current) { return ReleaseGrant(current, id, now); },
      [this, asked = Asked(fact), delivery,
       done = std::move(done)](const absl::StatusOr<v1::Grant>& released) {
        if (!released.ok()) return done(released.status());
        Ask(asked, Opening{ReopenGrant, ReopenUnfundedGrant}, delivery, done);
      });
}

void CatalogueReactions::OnPriceFixed(const ApplicationPriceFixed& fact,
                                      const chassis::Delivery& delivery,
                                      chassis::ReactionDone done) {
  const std::string id = IdOf(fact.application());
  const vocabulary::Fen price(fact.price_fen());
  const int32_t number = fact.application().funding_request();
  const absl::Time now = stores_->Now();
  const auto reprice = [this, id, price, number, now, delivery,
                        done](absl::StatusOr<std::shared_ptr<const Catalogue>> catalogue) {
    if (!catalogue.ok()) return done(catalogue.status());
    UpdateHeldGrant(
        id, delivery,
        [this, price, number, now, catalogue = *std::move(catalogue)](const auto& current) {
          return RepriceGrant(current, price, number, now, *catalogue, policy_);
        },
        [this, id, number, now, delivery, done](const absl::Status& status) {
          // That commit wrote nothing; this one is the only effect of the event.
          if (chassis::ReasonOf(status) != "COUNTER_BELOW_FLOOR") return done(status);
          UpdateHeldGrant(
              id, delivery,
              [number, now](const auto& current) { return RefuseToReprice(current, number, now); },
              done);
        });
  };
  // The price is looked at by the version that decided, which a new one may have followed.
  stores_->grants.Get(id, absl::InfiniteFuture(),
                      [this, reprice, done](absl::StatusOr<chassis::Versioned<v1::Grant>> grant) {
                        if (!grant.ok()) return done(grant.status());
                        const std::string& label = grant->state.decision().catalogue_version();
                        if (label.empty()) return done(absl::OkStatus());
                        finder_.Find(label, absl::InfiniteFuture(), reprice);
                      });
}

void CatalogueReactions::Ask(const GrantApplication& asked, Opening opening,
                             const chassis::Delivery& delivery, chassis::ReactionDone done) {
  stores_->beneficiaries.Get(
      asked.facts.person_key(), absl::InfiniteFuture(),
      [this, asked, opening, delivery,
       done = std::move(done)](absl::StatusOr<chassis::Versioned<BeneficiaryRecord>> person) {
        if (!person.ok()) return done(person.status());
        const absl::Time now = stores_->Now();
        absl::StatusOr<Assessed> assessed = Assess(asked, person->state, now);
        if (!assessed.ok()) return done(assessed.status());
        // Only a limit of the person is worth a commit of the person's record.
        if (HasPersonLimits(assessed->decision))
          return Entitle(asked, opening, now, delivery, done);
        Open(std::make_shared<const Assessed>(*std::move(assessed)), opening, now, delivery, done);
      });
}

absl::StatusOr<CatalogueReactions::Assessed> CatalogueReactions::Assess(
    GrantApplication application, const BeneficiaryRecord& person, absl::Time now) const {
  const std::shared_ptr<const Catalogue> catalogue = watcher_->InForce();
  // Not the applicant's fault: the application waits until the province has published one.
  if (catalogue == nullptr) return absl::UnavailableError("no catalogue has been published yet");
  application.history = HistoryFor(person, application.application);
  absl::StatusOr<v1::SubsidyDecision> decision = AssessApplication(
      application, *catalogue, IsReviewingOffice(*regions_, application.county_code), now, policy_);
  if (!decision.ok()) return decision.status();
  const v1::Item* item = catalogue->Find(application.item_code);
  return Assessed{.application = std::move(application),
                  .decision = *std::move(decision),
                  .share_group = item == nullptr ? "" : item->share_group()};
}

void CatalogueReactions::Entitle(const GrantApplication& asked, Opening opening, absl::Time now,
                                 const chassis::Delivery& delivery, chassis::ReactionDone done) {
  const std::string& person_key = asked.facts.person_key();
  // What the last run of the decision found: it is the one that was committed.
  auto found = std::make_shared<Assessed>();
  stores_->beneficiaries.Update(
      person_key, OnRecord(delivery, person_key),
      [this, asked, now, person_key, found](const chassis::Versioned<BeneficiaryRecord>& current)
          -> absl::StatusOr<chassis::Decision<BeneficiaryRecord>> {
        absl::StatusOr<Assessed> assessed = Assess(asked, current.state, now);
        if (!assessed.ok()) return assessed.status();
        *found = *std::move(assessed);
        if (!found->decision.eligible()) {
          return DropEntitlement(current, person_key, asked.application);
        }
        return HoldEntitlement(
            current, person_key,
            EntitlementOf(asked.application, found->decision, found->share_group));
      },
      [this, opening, now, delivery, found,
       done = std::move(done)](const absl::StatusOr<chassis::Committed<BeneficiaryRecord>>& held) {
        if (!held.ok()) return done(held.status());
        Open(found, opening, now, delivery, done);
      });
}

void CatalogueReactions::Open(std::shared_ptr<const Assessed> assessed, Opening opening,
                              absl::Time now, const chassis::Delivery& delivery,
                              chassis::ReactionDone done) {
  const GrantApplication& application = assessed->application;
  const std::string id = GrantId(application.application, application.county_code);
  UpdateHeldGrant(
      id, delivery,
      [assessed, opening, now](const auto& current) {
        return opening.funded(current, assessed->application, assessed->decision, now);
      },
      [this, id, assessed, opening, now, delivery,
       done = std::move(done)](const absl::Status& status) {
        // That commit wrote nothing; this one is the only effect of the event.
        if (chassis::ReasonOf(status) != "COUNTER_BELOW_FLOOR") return done(status);
        UpdateHeldGrant(
            id, delivery,
            [assessed, opening, now](const auto& current) {
              return opening.unfunded(current, assessed->application, assessed->decision, now);
            },
            done);
      });
}

void CatalogueReactions::OnAccepted(const ApplicationAccepted& fact,
                                    const chassis::Delivery& delivery, chassis::ReactionDone done) {
  const std::string id = IdOf(fact.application());
  // Two aggregates; the versions that both record make a repeat harmless.
  UpdateGrant(
      id, delivery,
      [id, vendor = fact.application().service().vendor(),
       now = stores_->Now()](const auto& current) { return SettleGrant(current, id, vendor, now); },
      [this, fact, delivery, done = std::move(done)](const absl::StatusOr<v1::Grant>& settled) {
        if (!settled.ok()) return done(settled.status());
        const std::string& person_key = fact.application().person_key();
        chassis::Command command = delivery.ToCommand(kService);
        command.correlation_id = BeneficiaryName(person_key);
        stores_->beneficiaries.Update(
            person_key, std::move(command),
            [person_key, delivered = Delivered(fact, *settled, ShareGroupOf(fact))](
                const auto& current) { return RecordDelivery(current, person_key, delivered); },
            [done](const auto& committed) { done(committed.status()); });
      });
}

void CatalogueReactions::OnEnded(const ApplicationEnded& fact, const chassis::Delivery& delivery,
                                 chassis::ReactionDone done) {
  const std::string id = IdOf(fact.application());
  UpdateHeldGrant(
      id, delivery,
      [id, now = stores_->Now()](const auto& current) { return ReleaseGrant(current, id, now); },
      std::move(done));
}

std::string CatalogueReactions::ShareGroupOf(const ApplicationAccepted& fact) const {
  const std::shared_ptr<const Catalogue> catalogue = watcher_->InForce();
  const v1::Item* item =
      catalogue == nullptr ? nullptr : catalogue->Find(fact.application().request().item_code());
  return item == nullptr ? "" : item->share_group();
}

void CatalogueReactions::UpdateGrant(const std::string& id, const chassis::Delivery& delivery,
                                     Decide decide, GrantDone done) {
  stores_->grants.Update(id, delivery.ToCommand(kService), std::move(decide),
                         [done = std::move(done)](auto committed) {
                           if (!committed.ok()) return done(committed.status());
                           done(std::move(committed->state));
                         });
}

void CatalogueReactions::UpdateHeldGrant(const std::string& id, const chassis::Delivery& delivery,
                                         Decide decide, chassis::ReactionDone done) {
  UpdateGrant(id, delivery, std::move(decide),
              [this, delivery, done = std::move(done)](const absl::StatusOr<v1::Grant>& grant) {
                if (!grant.ok()) return done(grant.status());
                if (!HasPersonLimits(grant->decision())) return done(absl::OkStatus());
                FollowGrant(*grant, delivery, done);
              });
}

void CatalogueReactions::FollowGrant(const v1::Grant& grant, const chassis::Delivery& delivery,
                                     chassis::ReactionDone done) {
  const std::string& person_key = grant.facts().person_key();
  stores_->beneficiaries.Update(
      person_key, OnRecord(delivery, person_key),
      [person_key, application = grant.application(), holds = HoldsEntitlement(grant),
       entitlement = EntitlementOf(grant.application(), grant.decision(), "")](
          const chassis::Versioned<BeneficiaryRecord>& current) {
        return holds ? HoldEntitlement(current, person_key, entitlement)
                     : DropEntitlement(current, person_key, application);
      },
      [done = std::move(done)](const auto& committed) { done(committed.status()); });
}

}  // namespace fuju::catalogue
