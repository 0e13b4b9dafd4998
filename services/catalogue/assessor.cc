#include "catalogue/assessor.h"

#include <utility>

#include "catalogue/decision/beneficiary.h"
#include "catalogue/decision/subsidy_decision.h"
#include "vocabulary/civil_date.h"

namespace fuju::catalogue {
namespace {

using BeneficiaryRecord = storage::v1::BeneficiaryRecord;

// A change of a person's record that follows from a grant: what it does depends on what the record
// says alone, so a repeat needs no mark in it.
chassis::Command OnRecord(chassis::Command command, const std::string& person_key) {
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

void Assessor::Assess(const GrantApplication& application, const chassis::Command& command,
                      Done done) const {
  stores_->beneficiaries.Get(application.facts.person_key(), absl::InfiniteFuture(),
                             [this, application, command, done = std::move(done)](
                                 absl::StatusOr<chassis::Versioned<BeneficiaryRecord>> person) {
                               if (!person.ok()) return done(person.status());
                               const absl::Time now = stores_->Now();
                               absl::StatusOr<Assessment> assessed =
                                   AssessWith(application, person->state, now);
                               if (!assessed.ok()) return done(assessed.status());
                               // Only a limit of the person is worth a commit of the person's
                               // record.
                               if (HasPersonLimits(assessed->decision))
                                 return Hold(application, now, command, done);
                               done(std::make_shared<const Assessment>(*std::move(assessed)));
                             });
}

absl::StatusOr<Assessment> Assessor::AssessWith(GrantApplication application,
                                                const BeneficiaryRecord& person,
                                                absl::Time now) const {
  const std::shared_ptr<const Catalogue> catalogue =
      watcher_->For(application.county_code, vocabulary::TodayInShanghai(now));
  // Not the applicant's fault: the application waits until the province has published one.
  if (catalogue == nullptr) return absl::UnavailableError("no catalogue has been published yet");
  application.history = HistoryFor(person, application.application);
  absl::StatusOr<v1::SubsidyDecision> decision =
      AssessApplication(application, *catalogue,
                        IsReviewingOffice(*regions_, application.county_code), now, defaults_);
  if (!decision.ok()) return decision.status();
  const v1::Item* item = catalogue->Find(application.item_code);
  return Assessment{.application = std::move(application),
                    .decision = *std::move(decision),
                    .share_group = item == nullptr ? "" : item->share_group()};
}

void Assessor::Hold(const GrantApplication& application, absl::Time now,
                    const chassis::Command& command, Done done) const {
  const std::string& person_key = application.facts.person_key();
  // What the last run of the decision found: it is the one that was committed.
  auto found = std::make_shared<Assessment>();
  stores_->beneficiaries.Update(
      person_key, OnRecord(command, person_key),
      [this, application, now, person_key,
       found](const chassis::Versioned<BeneficiaryRecord>& current)
          -> absl::StatusOr<chassis::Decision<BeneficiaryRecord>> {
        absl::StatusOr<Assessment> assessed = AssessWith(application, current.state, now);
        if (!assessed.ok()) return assessed.status();
        *found = *std::move(assessed);
        if (!found->decision.eligible()) {
          return DropEntitlement(current, person_key, application.application);
        }
        return HoldEntitlement(
            current, person_key,
            EntitlementOf(application.application, found->decision, found->share_group));
      },
      [found,
       done = std::move(done)](const absl::StatusOr<chassis::Committed<BeneficiaryRecord>>& held) {
        if (!held.ok()) return done(held.status());
        done(found);
      });
}

void Assessor::Follow(const v1::Grant& grant, const chassis::Command& command,
                      std::function<void(absl::Status)> done) const {
  const std::string& person_key = grant.facts().person_key();
  stores_->beneficiaries.Update(
      person_key, OnRecord(command, person_key),
      [person_key, application = grant.application(), holds = HoldsEntitlement(grant),
       entitlement = EntitlementOf(grant.application(), grant.decision(), "")](
          const chassis::Versioned<BeneficiaryRecord>& current) {
        return holds ? HoldEntitlement(current, person_key, entitlement)
                     : DropEntitlement(current, person_key, application);
      },
      [done = std::move(done)](const auto& committed) { done(committed.status()); });
}

}  // namespace fuju::catalogue
