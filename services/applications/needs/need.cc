#include "applications/needs/need.h"

#include <array>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include <openssl/sha.h>

#include "applications/application.h"
#include "applications/masked_address.h"
#include "chassis/values/timestamps.h"
#include "fuju/applications/v1/need_events.pb.h"
#include "vocabulary/person_name.h"
#include "vocabulary/phone.h"
#include "vocabulary/resident_id.h"
#include "vocabulary/ulid.h"

namespace fuju::applications {
namespace {

constexpr size_t kPairs = 10;  // of characters in an id, ten bits each

std::string Code(int64_t number) { return number == 0 ? "" : absl::StrCat(number); }

type::v1::DisabilityCategory CategoryOf(const NeedRecord& need) {
  if (need.certificate_suffix().empty()) return type::v1::DISABILITY_CATEGORY_UNSPECIFIED;
  return static_cast<type::v1::DisabilityCategory>(need.certificate_suffix()[0] - '0');
}

bool IsOf(const NeedRecord& need, const NeedSource& source) {
  return need.import_digest() == source.digest && need.import_run() == source.run;
}

// What the survey said, without when and where it came from.
std::string Content(NeedRecord need) {
  need.clear_create_ms();
  need.clear_update_after_ms();
  need.clear_import_digest();
  need.clear_import_run();
  need.clear_import_row();
  need.clear_import_changed();
  return need.SerializeAsString();
}

template <typename Fact>
NeedDecision Publish(absl::string_view id, NeedRecord next) {
  Fact fact;
  *fact.mutable_need() = NeedEventView(id, next);
  NeedDecision decision;
  decision.next = std::move(next);
  decision.facts.push_back(chassis::MakeFact(std::move(fact)));
  return decision;
}

}  // namespace

std::string NeedIdOf(absl::string_view person_key, const NeedRecord& need) {
  const std::string device =
      need.item_code().empty() ? Code(need.device_division()) : need.item_code();
  const std::string text = absl::StrCat(need.survey_year(), "|", person_key, "|",
                                        static_cast<int>(need.area()), "|", device);
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest;
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  std::string id = absl::StrCat(need.survey_year(), "-");
  for (size_t pair = 0; pair < kPairs; ++pair) {
    const unsigned two_bytes = digest[2 * pair] << 8U | digest[2 * pair + 1];
    id += vocabulary::UlidTail(static_cast<uint16_t>(two_bytes % vocabulary::kUlidTails));
  }
  return absl::StrCat(id, PersonRoute(person_key));
}

std::string NeedNameOf(absl::string_view id) { return absl::StrCat("needs/", id); }

absl::string_view NeedMoveName(NeedMove move) {
  switch (move) {
    case NeedMove::kRecord:
      return "record";
    case NeedMove::kChange:
      return "change";
    case NeedMove::kConfirm:
      return "confirm";
    case NeedMove::kContradict:
      return "contradict";
  }
  return "";
}

NeedOutcome DecideSurveyed(absl::string_view id, const chassis::Versioned<NeedRecord>& current,
                           const NeedRecord& surveyed, const NeedSource& source, absl::Time now) {
  const NeedRecord& before = current.state;
  NeedOutcome outcome{.decision = NeedDecision::Unchanged()};
  const bool same_import = current.exists() && IsOf(before, source);
  if (same_import && before.import_row() == source.row) {
    outcome.move = before.import_changed() ? NeedMove::kChange : NeedMove::kRecord;
    return outcome;
  }
  // A later row of the file has written since: when this one came first, it found nothing to write.
  if (same_import && before.import_row() > source.row) return outcome;
  if (current.exists() && Content(before) == Content(surveyed)) return outcome;
  if (same_import) {
    outcome.move = NeedMove::kContradict;
    outcome.other_row = before.import_row();
    return outcome;
  }
  NeedRecord next = surveyed;
  const int64_t now_ms = absl::ToUnixMillis(now);
  next.set_create_ms(current.exists() ? before.create_ms() : now_ms);
  next.set_update_after_ms(now_ms - next.create_ms());
  next.set_import_digest(source.digest);
  next.set_import_run(source.run);
  next.set_import_row(source.row);
  next.set_import_changed(current.exists());
  outcome.move = current.exists() ? NeedMove::kChange : NeedMove::kRecord;
  outcome.decision = current.exists() ? Publish<v1::NeedChanged>(id, std::move(next))
                                      : Publish<v1::NeedRecorded>(id, std::move(next));
  return outcome;
}

std::string NeedsOfCounty(int survey_year, absl::string_view county_code) {
  return absl::StrCat("needs:", survey_year, ":", county_code);
}

int64_t PersonScore(absl::string_view person_key) {
  // As many bits as a score holds exactly.
  constexpr size_t kDigits = 13;
  int64_t score = 0;
  return absl::SimpleHexAtoi(person_key.substr(0, kDigits), &score) ? score : 0;
}

std::string DemandCounter(int survey_year, absl::string_view county_code,
                          type::v1::DisabilityCategory category, v1::NeedArea area) {
  return absl::StrCat("demand:", survey_year, ":", county_code, ":", static_cast<int>(category),
                      ":", static_cast<int>(area));
}

chassis::Footprint NeedFootprintOf(absl::string_view id, const NeedRecord& need) {
  chassis::Footprint footprint;
  // A store asks for the footprint of a need that does not exist yet, too.
  if (need.survey_year() == 0) return footprint;
  const std::string county = Code(need.county_code());
  footprint.index = {{NeedsOfCounty(need.survey_year(), county), std::string(id), need.create_ms()},
                     {std::string(kNeedsOfPersons), std::string(id),
                      PersonScore(absl::BytesToHexString(need.person_key()))}};
  footprint.holdings = {
      {DemandCounter(need.survey_year(), county, CategoryOf(need), need.area()), 1}};
  return footprint;
}

std::string ImportIdOf(int survey_year, absl::string_view digest, int run) {
  return absl::StrCat(survey_year, "-", absl::BytesToHexString(digest), "-", run);
}

v1::Need NeedEventView(absl::string_view id, const NeedRecord& need) {
  v1::Need view;
  view.set_name(NeedNameOf(id));
  view.set_survey_year(need.survey_year());
  view.set_person_key(absl::BytesToHexString(need.person_key()));
  view.set_county_code(Code(need.county_code()));
  view.set_town_code(Code(need.town_code()));
  view.set_category(CategoryOf(need));
  if (need.certificate_suffix().size() > 1) view.set_grade(need.certificate_suffix()[1] - '0');
  view.set_economic_status(need.economic_status());
  view.set_area(need.area());
  view.set_item_code(need.item_code());
  view.set_device_division(
      need.device_division() == 0 ? "" : absl::StrFormat("%06d", need.device_division()));
  view.set_urgency(need.urgency());
  view.set_survey_date(absl::StrFormat("%04d-%02d-%02d", need.survey_date() / 10000,
                                       need.survey_date() / 100 % 100, need.survey_date() % 100));
  view.set_consent(need.consent());
  const absl::Time created = absl::FromUnixMillis(need.create_ms());
  *view.mutable_create_time() = chassis::ToTimestamp(created);
  *view.mutable_update_time() =
      chassis::ToTimestamp(created + absl::Milliseconds(need.update_after_ms()));
  view.set_import(absl::StrCat(
      "needsImports/", ImportIdOf(need.survey_year(), need.import_digest(), need.import_run())));
  view.set_import_row(need.import_row());
  return view;
}

v1::Need NeedView(absl::string_view id, const NeedRecord& need, std::string etag) {
  v1::Need view = NeedEventView(id, need);
  view.set_etag(std::move(etag));
  view.set_village_code(Code(need.village_code()));
  view.set_surveyor(vocabulary::MaskPersonName(need.surveyor()));
  view.set_remark(need.remark());
  v1::NeedPerson& person = *view.mutable_person();
  person.set_name(vocabulary::MaskPersonName(need.person_name()));
  person.set_resident_id(vocabulary::MaskResidentId(need.resident_id()));
  if (!need.certificate_suffix().empty()) {
    person.set_certificate_number(
        vocabulary::MaskResidentId(absl::StrCat(need.resident_id(), need.certificate_suffix())));
  }
  if (!need.phone().empty()) person.set_phone(vocabulary::MaskPhone(need.phone()));
  if (!need.address().empty()) person.set_address(MaskAddress(need.address()));
  return view;
}

}  // namespace fuju::applications
