#include "chassis/streams/handed_entries.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace fuju::chassis {

std::string HandedEntries::ToString() const {
  return absl::StrCat(done_to.ToString(), "|", given_to.ToString(), "|",
                      absl::StrJoin(open, ",", [](std::string* out, const EntryId& id) {
                        absl::StrAppend(out, id.ms, "-", id.sequence);
                      }));
}

std::optional<HandedEntries> HandedEntries::Parse(std::string_view text) {
  const std::vector<std::string> parts = absl::StrSplit(std::string(text), '|');
  if (parts.size() != 3) return std::nullopt;
  HandedEntries handed;
  const std::optional<EntryId> done_to = EntryId::Parse(parts[0]);
  const std::optional<EntryId> given_to = EntryId::Parse(parts[1]);
  if (!done_to.has_value() || !given_to.has_value()) return std::nullopt;
  handed.done_to = *done_to;
  handed.given_to = *given_to;
  const std::vector<std::string> open = absl::StrSplit(parts[2], ',', absl::SkipEmpty());
  for (const std::string& one : open) {
    const std::optional<EntryId> id = EntryId::Parse(one);
    if (!id.has_value()) return std::nullopt;
    handed.open.push_back(*id);
  }
  return handed;
}

void HandedEntries::ContinueWith(const HandedEntries& former) {
  const EntryId read_to = given_to;
  given_to = std::max(given_to, former.given_to);
  if (former.done_to <= read_to) return;
  done_to = former.done_to;
  std::copy_if(former.open.begin(), former.open.end(), std::back_inserter(open),
               [&read_to](const EntryId& id) { return id > read_to; });
}

void HandedEntries::Shorten(size_t most_open) {
  if (open.size() <= most_open) return;
  done_to = open[most_open].Before();
  open.resize(most_open);
}

FormerHolding::FormerHolding(std::optional<HandedEntries> told, EntryId end, int most_untold,
                             bool innocent)
    : end_(end), innocent_(innocent) {
  if (!innocent) {
    untold_ = most_untold;
    if (told.has_value()) suspect_to_ = told->given_to;
  }
  Refresh(std::move(told));
}

void FormerHolding::Refresh(std::optional<HandedEntries> told) {
  done_to_ = told.has_value() ? told->done_to : EntryId();
  open_ = told.has_value() ? std::move(told->open) : std::vector<EntryId>();
}

FormerHolding::Standing FormerHolding::Judge(const EntryId& id) {
  if (id <= done_to_ && !std::binary_search(open_.begin(), open_.end(), id)) {
    return Standing::kDone;
  }
  if (id > end_) return Standing::kNew;
  if (id <= suspect_to_) return Standing::kSuspect;
  if (untold_ == 0) return Standing::kNew;
  --untold_;
  suspect_to_ = id;
  return Standing::kSuspect;
}

}  // namespace fuju::chassis
