#include "applications/persons/wiring.h"

#include <utility>

namespace fuju::applications {
namespace {

absl::string_view View(std::string_view text) {
  return absl::string_view(text.data(), text.size());
}

chassis::AggregateKind<PersonRecord> PersonKind() {
  return {
      .kind = "person",
      .name = [](std::string_view id) { return PersonNameOf(View(id)); },
      // Where the person's applications are.
      .route = [](std::string_view id) { return PersonRoute(View(id)); },
      .footprint = [](std::string_view, const PersonRecord&) { return chassis::Footprint(); },
  };
}

}  // namespace

Persons::Persons(chassis::RawStore* store, const chassis::Clock* clock, DraftBooks books)
    : store_(store, PersonKind()), clock_(clock), books_(books) {}

void Persons::Record(Finding finding, chassis::Command command, Store::Done done) const {
  v1::Application about;
  *about.mutable_applicant() = std::move(finding.found);
  about.mutable_applicant()->clear_consents();
  about.mutable_applicant()->clear_documents();
  const absl::StatusOr<v1::Application> normal =
      NormalDraft(about, books_, Act{clock_->Now(), command.actor});
  if (!normal.ok()) return done(normal.status());
  finding.found = normal->applicant();
  const std::string key = normal->person_key();
  store_.Update(
      key, std::move(command),
      [key, finding = std::move(finding),
       clock = clock_](const chassis::Versioned<PersonRecord>& current)
          -> absl::StatusOr<chassis::Decision<PersonRecord>> {
        return RecordFinding(current.state, key, finding, clock->Now());
      },
      std::move(done));
}

void Persons::Find(const std::string& person_key, absl::Time deadline,
                   std::function<void(absl::StatusOr<PersonRecord>)> done) const {
  store_.Get(person_key, deadline,
             [done = std::move(done)](absl::StatusOr<chassis::Versioned<PersonRecord>> found) {
               if (!found.ok()) return done(found.status());
               done(std::move(found->state));
             });
}

}  // namespace fuju::applications
