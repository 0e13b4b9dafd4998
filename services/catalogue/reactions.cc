#include "catalogue/reactions.h"

#include <memory>
#include <utility>

#include "catalogue/decision/beneficiary.h"
#include "catalogue/decision/subsidy_decision.h"
#include "catalogue/grant_change.h"
#include "catalogue/grant_queue.h"
#include "catalogue/ledger/account.h"
#include "chassis/values/timestamps.h"
#include "fuju/catalogue/v1/catalogue_events.pb.h"
#include "fuju/catalogue/v1/ledger_events.pb.h"
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
// How often a decision is made again because others took the money that it had found.
constexpr int kMostAttempts = 50;

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
  if (application.has_submit_time()) asked.submitted = chassis::ToTime(application.submit_time());
  if (application.request().quantity() > 0) asked.quantity = application.request().quantity();
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

template <typename Fact>
std::string PayingArea(const Fact& fact) {
  return fact.grant().county_code();
}
std::string PaidArea(const v1::BudgetAllocated& fact) { return fact.county_code(); }

}  // namespace

CatalogueReactions::CatalogueReactions(const CatalogueStores* stores,
                                       const CatalogueWatcher* watcher,
                                       const vocabulary::RegionTable* regions,
                                       const LedgerSettings& ledger)
    : stores_(stores),
      watcher_(watcher),
      finder_(stores, watcher),
      policy_(PolicyOfOldVersions()),
      assessor_(stores, watcher, regions, policy_),
      funds_(stores, watcher, ledger.reservation),
      queue_(stores, &funds_, &assessor_) {}

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
  ServeQueueOn<v1::SubsidyQueued>(reactions, PayingArea);
  ServeQueueOn<v1::SubsidyExpired>(reactions, PayingArea);
  ServeQueueOn<v1::SettlementAwaited>(reactions, PayingArea);
  ServeQueueOn<v1::SubsidyReleased>(reactions, PayingArea);
  ServeQueueOn<v1::SubsidyRepriced>(reactions, PayingArea);
  ServeQueueOn<v1::BudgetAllocated>(reactions, PaidArea);
  return reactions;
}

chassis::TimerHandlers CatalogueReactions::Timers() {
  chassis::TimerHandlers timers;
  timers.On(stores_->grants.kind().kind,
            [this](const chassis::DueTimer& timer, chassis::ReactionDone done) {
              const bool expires = timer.name == kExpiryTimer;
              UpdateGrant(
                  timer.id, timer.ToCommand(kService),
                  [expires, now = stores_->Now()](const auto& current) {
                    return expires ? ExpireGrant(current, now) : RollOver(current, now);
                  },
                  [done = std::move(done)](const auto& grant) { done(grant.status()); });
            });
  return timers;
}

template <typename Fact>
void CatalogueReactions::ServeQueueOn(chassis::Reactions& reactions,
                                      std::string (*area)(const Fact&)) {
  reactions.On<Fact>(kService, [this, area](const auto& fact, const auto& delivery, auto done) {
    queue_.Serve(area(fact), delivery.ToCommand(kService), std::move(done));
  });
}

void CatalogueReactions::OnSubmitted(const ApplicationSubmitted& fact,
                                     const chassis::Delivery& delivery,
                                     chassis::ReactionDone done) {
  Ask(Asked(fact), OpenGrant, delivery, std::move(done));
}

void CatalogueReactions::OnReopened(const ApplicationReopened& fact,
                                    const chassis::Delivery& delivery, chassis::ReactionDone done) {
  Ask(Asked(fact), ReopenGrant, delivery, std::move(done));
}

void CatalogueReactions::OnTransferred(const ApplicationTransferred& fact,
                                       const chassis::Delivery& delivery,
                                       chassis::ReactionDone done) {
  // Two aggregates, in two partitions: the old county's money first, so that a case never holds
  // both. The versions that they record make a repeat harmless. What the person's record holds is
  // the case's, and becomes what the new grant says.
  const std::string id = GrantId(fact.application().name(), fact.from_county_code());
  UpdateGrant(
      id, delivery.ToCommand(kService),
      [id, now = stores_->Now()](const auto& current) { return ReleaseGrant(current, id, now); },
      [this, asked = Asked(fact), delivery,
       done = std::move(done)](const absl::StatusOr<v1::Grant>& released) {
        if (!released.ok()) return done(released.status());
        Ask(asked, ReopenGrant, delivery, done);
      });
}

void CatalogueReactions::OnPriceFixed(const ApplicationPriceFixed& fact,
                                      const chassis::Delivery& delivery,
                                      chassis::ReactionDone done) {
  const std::string id = IdOf(fact.application());
  const vocabulary::Fen price(fact.price_fen());
  const int32_t number = fact.application().funding_request();
  const absl::Time now = stores_->Now();
  FindDecidedBy(id, [this, id, price, number, now, delivery,
                     done = std::move(done)](absl::StatusOr<DecidedBy> decided) {
    if (!decided.ok()) return done(decided.status());
    if (decided->catalogue == nullptr) return done(absl::OkStatus());
    // What is reserved stays in the books of its year.
    UpdateWithFunds(
        id, decided->year, delivery.ToCommand(kService),
        [this, price, number, now, catalogue = decided->catalogue](const auto& current,
                                                                   const FundsAtHand& funds) {
          return RepriceGrant(current, price, number, funds, now, *catalogue, policy_);
        },
        ThenFollow(delivery, done));
  });
}

void CatalogueReactions::FindDecidedBy(const std::string& id,
                                       std::function<void(absl::StatusOr<DecidedBy>)> done) const {
  stores_->grants.Get(
      id, absl::InfiniteFuture(),
      [this, done = std::move(done)](const absl::StatusOr<chassis::Versioned<v1::Grant>>& grant) {
        if (!grant.ok()) return done(grant.status());
        const std::string& label = grant->state.decision().catalogue_version();
        if (label.empty()) return done(DecidedBy());
        finder_.Find(label, absl::InfiniteFuture(),
                     [done, year = grant->state.fiscal_year()](
                         absl::StatusOr<std::shared_ptr<const Catalogue>> catalogue) {
                       if (!catalogue.ok()) return done(catalogue.status());
                       done(DecidedBy{*std::move(catalogue), year});
                     });
      });
}

void CatalogueReactions::Ask(const GrantApplication& asked, DecideOn opening,
                             const chassis::Delivery& delivery, chassis::ReactionDone done) {
  assessor_.Assess(
      asked, delivery.ToCommand(kService),
      [this, opening, delivery,
       done = std::move(done)](absl::StatusOr<std::shared_ptr<const Assessment>> assessed) {
        if (!assessed.ok()) return done(assessed.status());
        const GrantApplication& application = (*assessed)->application;
        const absl::Time now = stores_->Now();
        chassis::Command command = delivery.ToCommand(kService);
        command.presumes_new = opening == OpenGrant;
        UpdateWithFunds(
            GrantId(application.application, application.county_code), YearOf(now),
            std::move(command),
            [opening, now, assessed = *assessed](const auto& current, const FundsAtHand& funds) {
              return opening(current, assessed->application, assessed->decision, funds, now);
            },
            ThenFollow(delivery, done));
      });
}

void CatalogueReactions::UpdateWithFunds(const std::string& id, int32_t year,
                                         chassis::Command command, DecideWith decide,
                                         GrantDone done, int attempt) {
  funds_.Read(AreaOf(id), year, command.deadline,
              [this, id, year, command, decide = std::move(decide), done = std::move(done),
               attempt](absl::StatusOr<FundsAtHand> funds) {
                if (!funds.ok()) return done(funds.status());
                UpdateGrant(
                    id, command,
                    [decide, funds = *std::move(funds)](const auto& current) {
                      return decide(current, funds);
                    },
                    [this, id, year, command, decide, done,
                     attempt](const absl::StatusOr<v1::Grant>& grant) {
                      if (!FundsChanged(grant.status())) return done(grant);
                      // That commit wrote nothing: somebody else was quicker.
                      if (attempt == kMostAttempts)
                        return done(absl::UnavailableError("the area's money moves too fast"));
                      UpdateWithFunds(id, year, command, decide, done, attempt + 1);
                    });
              });
}

void CatalogueReactions::OnAccepted(const ApplicationAccepted& fact,
                                    const chassis::Delivery& delivery, chassis::ReactionDone done) {
  // Two aggregates; the versions that both record make a repeat harmless.
  GrantDone deliver = [this, fact, delivery,
                       done = std::move(done)](const absl::StatusOr<v1::Grant>& settled) {
    if (!settled.ok()) return done(settled.status());
    const std::string& person_key = fact.application().person_key();
    chassis::Command command = delivery.ToCommand(kService);
    // A person's history belongs to no single case.
    command.correlation_id = BeneficiaryName(person_key);
    stores_->beneficiaries.Update(
        person_key, std::move(command),
        [person_key, delivered = Delivered(fact, *settled, ShareGroupOf(fact))](
            const auto& current) { return RecordDelivery(current, person_key, delivered); },
        [done](const auto& committed) { done(committed.status()); });
  };
  if (fact.application().service().invoice_fen() == 0) {
    return Settle(fact, delivery, nullptr, std::move(deliver));
  }
  FindDecidedBy(IdOf(fact.application()), [this, fact, delivery, deliver = std::move(deliver)](
                                              absl::StatusOr<DecidedBy> decided) {
    if (!decided.ok()) return deliver(decided.status());
    Settle(fact, delivery, std::move(decided->catalogue), deliver);
  });
}

void CatalogueReactions::Settle(const ApplicationAccepted& fact, const chassis::Delivery& delivery,
                                std::shared_ptr<const Catalogue> catalogue, GrantDone done) {
  const std::string id = IdOf(fact.application());
  UpdateGrant(
      id, delivery.ToCommand(kService),
      [this, id, vendor = fact.application().service().vendor(),
       invoiced = vocabulary::Fen(fact.application().service().invoice_fen()),
       catalogue = std::move(catalogue), now = stores_->Now()](const auto& current) {
        if (catalogue == nullptr) return SettleGrant(current, id, vendor, nullptr, now);
        const Invoice invoice{invoiced, *catalogue, policy_};
        return SettleGrant(current, id, vendor, &invoice, now);
      },
      std::move(done));
}

void CatalogueReactions::OnEnded(const ApplicationEnded& fact, const chassis::Delivery& delivery,
                                 chassis::ReactionDone done) {
  const std::string id = IdOf(fact.application());
  UpdateGrant(
      id, delivery.ToCommand(kService),
      [id, now = stores_->Now()](const auto& current) { return ReleaseGrant(current, id, now); },
      ThenFollow(delivery, std::move(done)));
}

std::string CatalogueReactions::ShareGroupOf(const ApplicationAccepted& fact) const {
  const std::shared_ptr<const Catalogue> catalogue =
      watcher_->For(fact.application().county_code(), vocabulary::TodayInShanghai(stores_->Now()));
  const v1::Item* item =
      catalogue == nullptr ? nullptr : catalogue->Find(fact.application().request().item_code());
  return item == nullptr ? "" : item->share_group();
}

void CatalogueReactions::UpdateGrant(const std::string& id, chassis::Command command, Decide decide,
                                     GrantDone done) {
  stores_->grants.Update(id, std::move(command), std::move(decide),
                         [done = std::move(done)](auto committed) {
                           if (!committed.ok()) return done(committed.status());
                           done(std::move(committed->state));
                         });
}

CatalogueReactions::GrantDone CatalogueReactions::ThenFollow(const chassis::Delivery& delivery,
                                                             chassis::ReactionDone done) const {
  return [this, delivery, done = std::move(done)](const absl::StatusOr<v1::Grant>& grant) {
    if (!grant.ok()) return done(grant.status());
    if (!HasPersonLimits(grant->decision())) return done(absl::OkStatus());
    assessor_.Follow(*grant, delivery.ToCommand(kService), done);
  };
}

}  // namespace fuju::catalogue
