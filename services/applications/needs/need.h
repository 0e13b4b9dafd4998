#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "chassis/values/decision.h"
#include "fuju/applications/storage/v1/need_record.pb.h"
#include "fuju/applications/v1/need.pb.h"

namespace fuju::applications {

// The aggregate: one need of one person in one survey year. It lives in the partition of the
// person, and its id follows from what it is, so that whatever row of whatever file tells of it
// finds it. Pure.
using NeedRecord = storage::v1::NeedRecord;
using NeedDecision = chassis::Decision<NeedRecord>;

// "<year>-<20 characters><the person's two>" of year, person, area, and the item, else the
// division, else nothing. Tells nothing about the person: the key is an HMAC.
std::string NeedIdOf(absl::string_view person_key, const NeedRecord& need);
// "needs/<id>".
std::string NeedNameOf(absl::string_view id);

// The row of an import that tells of a need.
struct NeedSource {
  // Ten bytes of the file's hash.
  std::string digest;
  int run = 0;
  int64_t row = 0;
};

// What becomes of a row. The same row of the same import gets the same answer again, however often
// it comes: it knows what it did.
enum class NeedMove { kRecord, kChange, kConfirm, kContradict };
absl::string_view NeedMoveName(NeedMove move);

struct NeedOutcome {
  NeedMove move = NeedMove::kConfirm;
  NeedDecision decision;
  // kContradict: the row of the same file that said something else; it stands.
  int64_t other_row = 0;
};

// `surveyed` has everything but the times and the import. A file tells of a need once: a further
// row of the same import that says the same confirms it, one that says something else contradicts
// and changes nothing.
NeedOutcome DecideSurveyed(absl::string_view id, const chassis::Versioned<NeedRecord>& current,
                           const NeedRecord& surveyed, const NeedSource& source, absl::Time now);

// What the store keeps beside a need: its place in the list of its county and year, its place
// among the needs of persons, and one in the count of its county, category and area. Part of the
// stored format.
chassis::Footprint NeedFootprintOf(absl::string_view id, const NeedRecord& need);
std::string NeedsOfCounty(int survey_year, absl::string_view county_code);
// One index for all persons of a partition, because a key for each would be half of the memory: a
// person's needs have PersonScore, and with it perhaps those of another.
inline constexpr absl::string_view kNeedsOfPersons = "needs_of_persons";
int64_t PersonScore(absl::string_view person_key);
std::string DemandCounter(int survey_year, absl::string_view county_code,
                          type::v1::DisabilityCategory category, v1::NeedArea area);

// The name of the import that wrote a need last.
std::string ImportIdOf(int survey_year, absl::string_view digest, int run);

// For answers, masked; and for facts, without personal data, village, surveyor and remark.
v1::Need NeedView(absl::string_view id, const NeedRecord& need, std::string etag);
v1::Need NeedEventView(absl::string_view id, const NeedRecord& need);

}  // namespace fuju::applications
