#include "applications/desk/evidence_reader.h"

#include <atomic>
#include <memory>
#include <utility>

#include "applications/desk/case_view.h"
#include "applications/desk/desk_place.h"
#include "applications/desk/evidence.h"
#include "applications/footprint.h"
#include "chassis/values/refusal.h"

namespace fuju::applications {
namespace {

constexpr int kMostOfPerson = 200;

// The parts of one case on their way; each writes a place of its own, and the last one answers.
struct Gathering {
  Gathering(chassis::Versioned<Record> found, absl::Time now,
            std::function<void(absl::StatusOr<v1::CaseEvidence>)> then)
      : record(std::move(found.state)), done(std::move(then)) {
    const std::string etag = chassis::EtagOf(found.version);
    *evidence.mutable_application() = AnswerView(record, etag);
    if (WaitsForOfficer(record.application().state())) {
      *evidence.mutable_queued_case() = QueuedCaseView(record, etag, now);
    }
  }

  void End(v1::SubsidyEvidence part) {
    *evidence.mutable_subsidy() = std::move(part);
    EndPart();
  }
  void End(v1::BudgetEvidence part) {
    *evidence.mutable_budget() = std::move(part);
    EndPart();
  }
  void End(v1::PersonEvidence part) {
    *evidence.mutable_person() = std::move(part);
    EndPart();
  }

  const Record record;

 private:
  void EndPart() {
    if (--left == 0) done(std::move(evidence));
  }

  v1::CaseEvidence evidence;
  const std::function<void(absl::StatusOr<v1::CaseEvidence>)> done;
  std::atomic<int> left = 3;
};

void ReadPerson(const Wiring& wiring, absl::Time deadline,
                const std::shared_ptr<Gathering>& parts) {
  const std::string& key = parts->record.application().person_key();
  wiring.store().List(PersonIndex(key), PersonRoute(key), "", kMostOfPerson, deadline,
                      [parts](absl::StatusOr<chassis::Page<Record>> page) {
                        if (!page.ok()) {
                          return parts->End(PersonEvidenceOf(page.status(), parts->record));
                        }
                        PersonsApplications all;
                        all.more = !page->next_cursor.empty();
                        for (auto& item : page->items) {
                          all.records.push_back(std::move(item.aggregate.state));
                        }
                        parts->End(PersonEvidenceOf(all, parts->record));
                      });
}

}  // namespace

void ReadEvidence(const Wiring& wiring, CatalogueSource* catalogue, const std::string& name,
                  absl::Time deadline, CatalogueSource::Asking asking,
                  std::function<void(absl::StatusOr<v1::CaseEvidence>)> done) {
  wiring.store().Get(
      IdOf(name), deadline,
      [&wiring, catalogue, name, deadline, asking = std::move(asking),
       done = std::move(done)](absl::StatusOr<chassis::Versioned<Record>> found) {
        if (!found.ok()) return done(found.status());
        if (!found->exists()) return done(chassis::NotFound(name));
        const absl::Time now = wiring.clock().Now();
        auto parts = std::make_shared<Gathering>(*std::move(found), now, done);
        ReadPerson(wiring, deadline, parts);
        catalogue->GetGrant(GrantNameOf(parts->record), asking,
                            [parts](const absl::StatusOr<catalogue::v1::Grant>& grant) {
                              parts->End(SubsidyEvidenceOf(grant, parts->record));
                            });
        catalogue->GetBudget(BudgetNameOf(parts->record, now), asking,
                             [parts](const absl::StatusOr<catalogue::v1::Budget>& budget) {
                               parts->End(BudgetEvidenceOf(budget));
                             });
      });
}

}  // namespace fuju::applications
