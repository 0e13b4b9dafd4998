#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chassis/streams/entry_id.h"

namespace fuju::chassis {

// What the holder of a partition has of one stream, as it tells whoever comes after it beside its
// acknowledgements (keys.h, ":handed"). Without it: nothing behind the group's position.
struct HandedEntries {
  // All entries up to here are done, except the open ones.
  EntryId done_to;
  // Handlers may have had entries up to here, and kMostUntold of the Acknowledger behind it.
  EntryId given_to;
  // In hand, and not behind done_to; ascending.
  std::vector<EntryId> open;

  // The holder has read up to given_to, which is done_to as well. Of what lies behind it, this was
  // told before it: also by a holder that left in good order, then without given_to.
  void ContinueWith(const HandedEntries& former);
  // Names no more than so many open entries: behind the next one everything counts as not done.
  void Shorten(size_t most_open);

  // "<done_to>|<given_to>|<open id>,<open id>".
  std::string ToString() const;
  // Absent if the text is not of that form.
  static std::optional<HandedEntries> Parse(std::string_view text);
};

// What a new holder knows about the entries of one stream behind the group's position. Those that
// the former holder may have had in hand when it was lost are suspects: one of them may have been
// its end. Not thread-safe.
class FormerHolding {
 public:
  enum class Standing {
    kNew,
    kSuspect,
    // Behind an entry that is not: the position has not passed it yet.
    kDone,
  };

  FormerHolding() = default;

  // At the beginning of a term. `end`: the last entry that the former holder can have had.
  // `most_untold`: how many it may have had that it did not tell. `innocent`: it has left in good
  // order, or there was none; then nothing is suspected.
  FormerHolding(std::optional<HandedEntries> told, EntryId end, int most_untold, bool innocent);

  // None of the entries behind it is suspected.
  EntryId suspects_end() const { return innocent_ ? EntryId() : end_; }

  // In the same term, before entries are read once more: what is told now.
  void Refresh(std::optional<HandedEntries> told);

  // Of entries in the order of the stream, or of ones that were asked for before.
  Standing Judge(const EntryId& id);

 private:
  EntryId done_to_;
  std::vector<EntryId> open_;
  // Suspected are all up to here that are not done, and the next untold_ ones.
  EntryId suspect_to_;
  EntryId end_;
  bool innocent_ = true;
  int untold_ = 0;
};

}  // namespace fuju::chassis
