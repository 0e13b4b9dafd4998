#include "chassis/admin/dead_letter_names.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "chassis/streams/entry_id.h"

namespace fuju::chassis {
namespace {

constexpr std::string_view kCollection = "deadLetters/";
constexpr std::string_view kPartition = "-p";

struct Parts {
  std::string service;
  DeadLetterPlace place;
};

std::optional<Parts> Split(std::string_view name) {
  if (!name.starts_with(kCollection)) return std::nullopt;
  const std::string_view id = name.substr(kCollection.size());
  const size_t mark = id.rfind(kPartition);
  if (mark == std::string_view::npos) return std::nullopt;
  const std::string_view rest = id.substr(mark + kPartition.size());
  const size_t dash = rest.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  Parts parts;
  parts.service = std::string(id.substr(0, mark));
  parts.place.entry_id = std::string(rest.substr(dash + 1));
  const std::optional<EntryId> entry = EntryId::Parse(parts.place.entry_id);
  if (!entry.has_value() || entry->ToString() != parts.place.entry_id ||
      !absl::SimpleAtoi(std::string(rest.substr(0, dash)), &parts.place.partition) ||
      // One spelling for each letter.
      DeadLetterName(parts.service, parts.place) != name) {
    return std::nullopt;
  }
  return parts;
}

}  // namespace

std::string DeadLetterName(const std::string& service, const DeadLetterPlace& place) {
  return absl::StrFormat("deadLetters/%s-p%02d-%s", service, place.partition, place.entry_id);
}

std::optional<DeadLetterPlace> ParseDeadLetterName(std::string_view name, const Keys& keys) {
  std::optional<Parts> parts = Split(name);
  if (!parts.has_value() || parts->service != keys.service() || parts->place.partition < 0 ||
      parts->place.partition >= keys.partitions()) {
    return std::nullopt;
  }
  return std::move(parts->place);
}

std::string ServiceOfDeadLetter(std::string_view name) {
  const std::optional<Parts> parts = Split(name);
  return parts.has_value() ? parts->service : "";
}

}  // namespace fuju::chassis
