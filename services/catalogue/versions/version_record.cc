#include "catalogue/versions/version_record.h"

#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"

#include "chassis/values/timestamps.h"
#include "vocabulary/civil_date.h"

namespace fuju::catalogue {
namespace {

constexpr absl::string_view kCollection = "catalogueVersions/";

// What the flags of the service said by default while versions had no policy: what those versions
// were decided by. Later versions bring their own.
v1::SubsidyPolicy PolicyBeforeThereWereAny() {
  v1::SubsidyPolicy policy;
  policy.set_mode(v1::SUBSIDY_MODE_CAP_THEN_RATIO);
  policy.set_ffp_ratio_bp(10000);
  policy.add_child_yearly_devices("0618");
  policy.add_child_yearly_devices("0624");
  policy.add_fund_order(v1::FUND_SOURCE_COUNTY);
  return policy;
}

std::string PublicationDay(const v1::CatalogueVersion& version) {
  return vocabulary::FormatCivilDate(
      vocabulary::TodayInShanghai(chassis::ToTime(version.publish_time())));
}

}  // namespace

std::string CatalogueVersionName(absl::string_view label) {
  return absl::StrCat(kCollection, label);
}

std::string CatalogueVersionLabel(absl::string_view name) {
  return std::string(absl::StripPrefix(name, kCollection));
}

std::string ChainLabel(const std::vector<SharedRecord>& chain) {
  return absl::StrJoin(chain, std::string(1, kChainSeparator),
                       [](std::string* out, const SharedRecord& record) {
                         absl::StrAppend(out, record->version().version());
                       });
}

void FillInDefaults(v1::Item& item) {
  if (item.kind() == v1::ITEM_KIND_UNSPECIFIED) item.set_kind(v1::ITEM_KIND_ASSISTIVE_DEVICE);
  if (item.item_class() == v1::ITEM_CLASS_UNSPECIFIED) {
    item.set_item_class(v1::ITEM_CLASS_SUBSIDISED);
  }
  if (item.interval_key() == v1::INTERVAL_KEY_UNSPECIFIED) {
    item.set_interval_key(v1::INTERVAL_KEY_DIVISION);
  }
}

void ReadVersion(v1::CatalogueVersion& version, absl::string_view province) {
  if (version.state() == v1::CATALOGUE_STATE_UNSPECIFIED) {
    version.set_state(v1::CATALOGUE_STATE_PUBLISHED);
    if (!version.has_policy()) *version.mutable_policy() = PolicyBeforeThereWereAny();
  }
  if (version.area_code().empty()) version.set_area_code(std::string(province));
  if (version.effective_date().empty() && version.state() == v1::CATALOGUE_STATE_PUBLISHED) {
    version.set_effective_date(PublicationDay(version));
  }
}

SharedRecord ReadRecord(storage::v1::CatalogueRecord record, absl::string_view province) {
  v1::CatalogueVersion& version = *record.mutable_version();
  ReadVersion(version, province);
  for (v1::Item& item : *record.mutable_items()) {
    item.set_catalogue_version(version.version());
    FillInDefaults(item);
  }
  for (v1::LocalTopUp& top_up : *record.mutable_top_ups()) {
    top_up.set_catalogue_version(version.version());
    top_up.set_area_code(version.area_code());
  }
  return std::make_shared<const storage::v1::CatalogueRecord>(std::move(record));
}

absl::CivilDay EffectiveDay(const v1::CatalogueVersion& version) {
  return vocabulary::ParseCivilDate(version.effective_date()).value_or(absl::CivilDay());
}

bool Supersedes(const v1::CatalogueVersion& version, const v1::CatalogueVersion& other) {
  const auto place = [](const v1::CatalogueVersion& of) {
    return std::make_tuple(EffectiveDay(of), of.publish_time().seconds(), of.publish_time().nanos(),
                           absl::string_view(of.version()));
  };
  return place(version) > place(other);
}

}  // namespace fuju::catalogue
