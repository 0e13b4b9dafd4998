#include "applications/needs/needs_of_person.h"

#include <optional>
#include <utility>

#include "absl/strings/escaping.h"

#include "applications/needs/surveyed_person.h"
#include "applications/public_view.h"

namespace fuju::applications {
namespace {

// Far more than a person has in a life.
constexpr int kMostOfPerson = 200;

}  // namespace

void ReadNeedsOfPerson(const NeedStore& needs, const std::string& person_key, absl::Time deadline,
                       std::function<void(absl::StatusOr<std::vector<StoredNeed>>)> done) {
  const int64_t score = PersonScore(person_key);
  needs.raw()->RangeIndex(
      std::string(kNeedsOfPersons), PersonRoute(person_key), score, score, kMostOfPerson, deadline,
      [&needs, person_key, deadline,
       done = std::move(done)](absl::StatusOr<std::vector<chassis::IndexEntry>> entries) mutable {
        if (!entries.ok()) return done(entries.status());
        std::vector<std::string> ids;
        for (chassis::IndexEntry& entry : *entries) ids.push_back(std::move(entry.member));
        if (ids.empty()) return done(std::vector<StoredNeed>());
        std::vector<std::string> read = ids;
        needs.GetMany(
            std::move(read), deadline,
            [ids = std::move(ids), person_key, done = std::move(done)](
                absl::StatusOr<std::vector<chassis::Versioned<NeedRecord>>> found) {
              if (!found.ok()) return done(found.status());
              std::vector<StoredNeed> of_person;
              for (size_t i = 0; i < ids.size(); ++i) {
                // Another person may have the same score.
                if (absl::BytesToHexString((*found)[i].state.person_key()) != person_key) {
                  continue;
                }
                of_person.push_back({ids[i], std::move((*found)[i])});
              }
              done(std::move(of_person));
            });
      });
}

FindSurveyed SurveyFinder(const NeedStore& needs) {
  return [&needs](const std::string& person_key, absl::Time deadline,
                  std::function<void(absl::StatusOr<std::optional<Surveyed>>)> done) {
    ReadNeedsOfPerson(needs, person_key, deadline,
                      [done = std::move(done)](absl::StatusOr<std::vector<StoredNeed>> found) {
                        if (!found.ok()) return done(found.status());
                        std::vector<NeedRecord> records;
                        for (StoredNeed& stored : *found) {
                          records.push_back(std::move(stored.need.state));
                        }
                        done(SurveyedOf(records));
                      });
  };
}

}  // namespace fuju::applications
