#include "catalogue/versions/publication.h"

#include <array>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include <openssl/sha.h>

#include "catalogue/versions/version_record.h"
#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"
#include "fuju/catalogue/v1/catalogue_events.pb.h"
#include "fuju/catalogue/v1/catalogue_version_events.pb.h"
#include "vocabulary/civil_date.h"

namespace fuju::catalogue {
namespace {

using CatalogueRecord = storage::v1::CatalogueRecord;

// Who acts, whatever the role.
absl::string_view PersonOf(absl::string_view actor) { return actor.substr(actor.find(':') + 1); }

absl::string_view StateName(v1::CatalogueState state) {
  switch (state) {
    case v1::CATALOGUE_STATE_DRAFT:
      return "DRAFT";
    case v1::CATALOGUE_STATE_DISCARDED:
      return "DISCARDED";
    default:
      return "PUBLISHED";
  }
}

absl::Status CheckDraft(const CurrentVersion& current, absl::string_view label,
                        absl::string_view move) {
  const std::string name = CatalogueVersionName(label);
  if (!current.exists()) return chassis::NotFound(name);
  const v1::CatalogueState state = current.state.version().state();
  if (state == v1::CATALOGUE_STATE_DRAFT) return absl::OkStatus();
  return chassis::StateForbids(name, std::string(move), std::string(StateName(state)), {});
}

absl::Status SamePerson(absl::string_view label, const std::string& drafted_by,
                        const std::string& published_by) {
  return chassis::Refusal(
             absl::StatusCode::kFailedPrecondition, "SECOND_PERSON_REQUIRED",
             absl::StrCat("目录版本", label, "由", drafted_by, "导入，", published_by,
                          "是同一人，不能发布；请另一人核对后发布"),
             absl::StrCat("catalogue version ", label, " was imported by ", drafted_by, ", and ",
                          published_by,
                          " is the same person: another one has to check and publish it"))
      .With("drafted_by", drafted_by)
      .With("published_by", published_by);
}

absl::Status DayPassed(absl::CivilDay effective, absl::CivilDay today) {
  return chassis::Refusal(
             absl::StatusCode::kFailedPrecondition, "EFFECTIVE_DATE_PASSED",
             absl::StrCat("生效日期", vocabulary::FormatCivilDateZh(effective),
                          "已过，此前的补贴已按现行目录核定；请选择",
                          vocabulary::FormatCivilDateZh(today), "或以后的日期"),
             absl::StrCat("the effective date ", vocabulary::FormatCivilDateEn(effective),
                          " has passed, and the catalogue in force decided since: choose ",
                          vocabulary::FormatCivilDateEn(today), " or later"))
      .With("effective_date", vocabulary::FormatCivilDate(effective))
      .With("today", vocabulary::FormatCivilDate(today));
}

VersionDecision Published(CatalogueRecord record, absl::CivilDay effective, std::string actor,
                          absl::Time now) {
  v1::CatalogueVersion& version = *record.mutable_version();
  version.set_state(v1::CATALOGUE_STATE_PUBLISHED);
  version.set_effective_date(vocabulary::FormatCivilDate(effective));
  version.set_published_by(std::move(actor));
  *version.mutable_publish_time() = chassis::ToTimestamp(now);
  v1::CataloguePublished fact;
  *fact.mutable_catalogue_version() = version;
  VersionDecision decision;
  decision.next = std::move(record);
  decision.facts.push_back(chassis::MakeFact(std::move(fact)));
  return decision;
}

}  // namespace

absl::Status CatalogueMissing() {
  return chassis::Refusal(absl::StatusCode::kFailedPrecondition, "CATALOGUE_MISSING",
                          "尚未发布补贴目录，请待省级残联发布后再试",
                          "no catalogue has been published yet: repeat after its publication");
}

std::string Sha256Hex(absl::string_view bytes) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest;
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()));
}

CatalogueRecord MakeDraft(VersionDraft draft) {
  CatalogueRecord record;
  v1::CatalogueVersion& version = *record.mutable_version();
  version.set_name(CatalogueVersionName(draft.label));
  version.set_version(std::move(draft.label));
  version.set_area_code(std::move(draft.area_code));
  version.set_title_zh(std::move(draft.title_zh));
  version.set_state(v1::CATALOGUE_STATE_DRAFT);
  version.set_sha256(Sha256Hex(draft.files));
  version.set_drafted_by(std::move(draft.actor));
  *version.mutable_draft_time() = chassis::ToTimestamp(draft.now);
  version.set_item_count(draft.document.items_size());
  version.set_top_up_count(draft.document.top_ups_size());
  if (draft.document.has_policy()) *version.mutable_policy() = draft.document.policy();
  *record.mutable_items() = std::move(*draft.document.mutable_items());
  *record.mutable_top_ups() = std::move(*draft.document.mutable_top_ups());
  return record;
}

absl::StatusOr<VersionDecision> ImportDraft(const CurrentVersion& current, CatalogueRecord draft) {
  if (current.exists()) {
    const std::string& label = current.state.version().version();
    return chassis::Refusal(
               absl::StatusCode::kAlreadyExists, "ALREADY_EXISTS",
               absl::StrCat("目录版本名", label,
                            "已使用过，每个版本名只能用一次；请使用新的版本名"),
               absl::StrCat("the label ", label,
                            " is used already, and each is used once: choose a new one"))
        .With("resource", CatalogueVersionName(label))
        .Build();
  }
  v1::CatalogueDrafted fact;
  *fact.mutable_catalogue_version() = draft.version();
  VersionDecision decision;
  decision.next = std::move(draft);
  decision.facts.push_back(chassis::MakeFact(std::move(fact)));
  return decision;
}

absl::StatusOr<VersionDecision> PublishDraft(const CurrentVersion& current,
                                             const Publication& publication) {
  if (absl::Status s = CheckDraft(current, publication.label, "publish"); !s.ok()) return s;
  const std::string& drafted_by = current.state.version().drafted_by();
  if (PersonOf(drafted_by) == PersonOf(publication.actor)) {
    return SamePerson(publication.label, drafted_by, publication.actor);
  }
  const absl::CivilDay today = vocabulary::TodayInShanghai(publication.now);
  if (publication.in_force && publication.effective < today) {
    return DayPassed(publication.effective, today);
  }
  return Published(current.state, publication.effective, publication.actor, publication.now);
}

absl::StatusOr<VersionDecision> DiscardDraft(const CurrentVersion& current, absl::string_view label,
                                             const std::string& actor) {
  if (absl::Status s = CheckDraft(current, label, "discard"); !s.ok()) return s;
  VersionDecision decision;
  decision.next = current.state;
  decision.next.mutable_version()->set_state(v1::CATALOGUE_STATE_DISCARDED);
  v1::CatalogueDiscarded fact;
  *fact.mutable_catalogue_version() = decision.next.version();
  fact.set_discarded_by(actor);
  decision.facts.push_back(chassis::MakeFact(std::move(fact)));
  return decision;
}

absl::StatusOr<VersionDecision> PublishAtStart(const CurrentVersion& current, CatalogueRecord draft,
                                               absl::Time now) {
  if (current.exists()) return VersionDecision::Unchanged();
  std::string actor = draft.version().drafted_by();
  return Published(std::move(draft), vocabulary::TodayInShanghai(now), std::move(actor), now);
}

chassis::Footprint VersionFootprint(absl::string_view id, const CatalogueRecord& record) {
  chassis::Footprint footprint;
  if (!record.has_version()) return footprint;
  const v1::CatalogueVersion& version = record.version();
  const bool published = version.has_publish_time();
  footprint.index.push_back(
      {std::string(published ? kCatalogueIndex : kDraftIndex), std::string(id),
       chassis::ToMillis(published ? version.publish_time() : version.draft_time())});
  return footprint;
}

}  // namespace fuju::catalogue
