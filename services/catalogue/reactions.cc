#include "catalogue/reactions.h"

#include <memory>
#include <utility>

#include "catalogue/beneficiary.h"
#include "catalogue/budget.h"
#include "catalogue/policy_settings.h"
#include "chassis/values/refusal.h"
#include "vocabulary/civil_date.h"

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

v1::Delivery Delivered(const ApplicationAccepted& fact) {
  const Application& application = fact.application();
  v1::Delivery delivery;
  delivery.set_application(application.name());
  delivery.set_item_code(application.request().item_code());
  delivery.set_device_division(application.request().device_division());
  delivery.set_acceptance_date(fact.acceptance_date());
  return delivery;
}

bool IsReviewingOffice(const vocabulary::RegionTable& regions, const std::string& county_code) {
  const absl::StatusOr<vocabulary::RegionCode> code = vocabulary::RegionCode::Parse(county_code);
  return code.ok() && regions.IsReviewingOffice(*code);
}

}  // namespace

CatalogueReactions::CatalogueReactions(const CatalogueStores* stores,
                                       const CatalogueWatcher* watcher,
                                       const vocabulary::RegionTable* regions)
    : stores_(stores), watcher_(watcher), regions_(regions) {}

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
  // both. The versions that they record make a repeat harmless.
  Release(
      GrantId(fact.application().name(), fact.from_county_code()), delivery,
      [this, asked = Asked(fact), delivery, done = std::move(done)](const absl::Status& status) {
        if (!status.ok()) return done(status);
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
  // Counts only for a decision from before it kept its mode.
  const std::shared_ptr<const Catalogue> catalogue =
      watcher_->For(fact.application().county_code(), vocabulary::TodayInShanghai(now));
  const SubsidySettings settings =
      catalogue == nullptr ? SubsidySettings() : SettingsOf(catalogue->policy());
  UpdateGrant(
      id, delivery.ToCommand(kService),
      [price, number, now, settings](const auto& current) {
        return RepriceGrant(current, price, number, now, settings);
      },
      [this, id, number, now, delivery, done = std::move(done)](const absl::Status& status) {
        // That commit wrote nothing; this one is the only effect of the event.
        if (chassis::ReasonOf(status) != "COUNTER_BELOW_FLOOR") return done(status);
        UpdateGrant(
            id, delivery.ToCommand(kService),
            [number, now](const auto& current) { return RefuseToReprice(current, number, now); },
            done);
      });
}

void CatalogueReactions::Ask(const GrantApplication& asked, Opening opening,
                             const chassis::Delivery& delivery, chassis::ReactionDone done) {
  stores_->beneficiaries.Get(
      asked.facts.person_key(), absl::InfiniteFuture(),
      [this, asked, opening, delivery,
       done = std::move(done)](absl::StatusOr<chassis::Versioned<BeneficiaryRecord>> person) {
        if (!person.ok()) return done(person.status());
        const auto& deliveries = person->state.deliveries();
        Open(asked, opening, {deliveries.begin(), deliveries.end()}, delivery, done);
      });
}

void CatalogueReactions::Open(const GrantApplication& application, Opening opening,
                              std::vector<v1::Delivery> history, const chassis::Delivery& delivery,
                              chassis::ReactionDone done) {
  const absl::Time now = stores_->Now();
  const std::shared_ptr<const Catalogue> catalogue =
      watcher_->For(application.county_code, vocabulary::TodayInShanghai(now));
  // Not the applicant's fault: the application waits until the province has published one.
  if (catalogue == nullptr)
    return done(absl::UnavailableError("no catalogue has been published yet"));

  absl::StatusOr<v1::SubsidyDecision> assessed = AssessApplication(
      application, *catalogue, IsReviewingOffice(*regions_, application.county_code),
      std::move(history), now, SettingsOf(catalogue->policy()));
  if (!assessed.ok()) return done(assessed.status());
  auto decision = std::make_shared<const v1::SubsidyDecision>(*std::move(assessed));
  const std::string id = GrantId(application.application, application.county_code);
  UpdateGrant(
      id, delivery.ToCommand(kService),
      [application, opening, decision, now](const auto& current) {
        return opening.funded(current, application, *decision, now);
      },
      [this, id, application, opening, decision, now, delivery,
       done = std::move(done)](const absl::Status& status) {
        // That commit wrote nothing; this one is the only effect of the event.
        if (chassis::ReasonOf(status) != "COUNTER_BELOW_FLOOR") return done(status);
        UpdateGrant(
            id, delivery.ToCommand(kService),
            [application, opening, decision, now](const auto& current) {
              return opening.unfunded(current, application, *decision, now);
            },
            done);
      });
}

void CatalogueReactions::OnAccepted(const ApplicationAccepted& fact,
                                    const chassis::Delivery& delivery, chassis::ReactionDone done) {
  const std::string id = IdOf(fact.application());
  // Two aggregates; the versions that both record make a repeat harmless.
  UpdateGrant(
      id, delivery.ToCommand(kService),
      [id, vendor = fact.application().service().vendor(),
       now = stores_->Now()](const auto& current) { return SettleGrant(current, id, vendor, now); },
      [this, person_key = fact.application().person_key(), delivered = Delivered(fact), delivery,
       done = std::move(done)](const absl::Status& status) {
        if (!status.ok()) return done(status);
        chassis::Command command = delivery.ToCommand(kService);
        // A person's history belongs to no single case.
        command.correlation_id = BeneficiaryName(person_key);
        stores_->beneficiaries.Update(
            person_key, std::move(command),
            [person_key, delivered](const auto& current) {
              return RecordDelivery(current, person_key, delivered);
            },
            [done](const auto& committed) { done(committed.status()); });
      });
}

void CatalogueReactions::OnEnded(const ApplicationEnded& fact, const chassis::Delivery& delivery,
                                 chassis::ReactionDone done) {
  Release(IdOf(fact.application()), delivery, std::move(done));
}

void CatalogueReactions::Release(const std::string& id, const chassis::Delivery& delivery,
                                 chassis::ReactionDone done) {
  UpdateGrant(
      id, delivery.ToCommand(kService),
      [id, now = stores_->Now()](const auto& current) { return ReleaseGrant(current, id, now); },
      std::move(done));
}

void CatalogueReactions::UpdateGrant(const std::string& id, chassis::Command command, Decide decide,
                                     chassis::ReactionDone done) {
  stores_->grants.Update(
      id, std::move(command), std::move(decide),
      [done = std::move(done)](const auto& committed) { done(committed.status()); });
}

}  // namespace fuju::catalogue
