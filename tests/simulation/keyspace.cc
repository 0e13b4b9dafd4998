#include "simulation/keyspace.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace fuju::simulation {

bool SortedSet::Add(const std::string& member, int64_t score) {
  const auto [place, inserted] = scores.try_emplace(member, score);
  if (!inserted) {
    if (place->second == score) return false;
    order.erase({place->second, member});
    place->second = score;
  }
  order.emplace(score, member);
  return inserted;
}

bool SortedSet::Remove(const std::string& member) {
  const auto found = scores.find(member);
  if (found == scores.end()) return false;
  order.erase({found->second, member});
  scores.erase(found);
  return true;
}

EntryId EntryId::Parse(std::string_view text, uint64_t missing_sequence) {
  EntryId id;
  const size_t dash = text.find('-');
  const std::string_view ms = text.substr(0, dash);
  (void)absl::SimpleAtoi(absl::string_view(ms.data(), ms.size()), &id.ms);
  if (dash == std::string_view::npos) {
    id.sequence = missing_sequence;
  } else {
    const std::string_view sequence = text.substr(dash + 1);
    (void)absl::SimpleAtoi(absl::string_view(sequence.data(), sequence.size()), &id.sequence);
  }
  return id;
}

std::string EntryId::ToString() const { return absl::StrCat(ms, "-", sequence); }

Slot& Keyspace::At(std::string_view key, int64_t now) {
  auto& slot = slots_[absl::string_view(key.data(), key.size())];
  if (slot == nullptr) {
    slot = std::make_unique<Slot>();
    slot->key = std::string(key);
  } else if (slot->expires != 0 && slot->expires <= now) {
    Delete(*slot);
  }
  return *slot;
}

void Keyspace::Touch(Slot& slot) {
  if (slot.written == round_) return;
  slot.written = round_;
  touched_.push_back(&slot);
}

void Keyspace::Delete(Slot& slot) {
  slot.value = std::monostate();
  slot.expires = 0;
  Touch(slot);
}

const std::vector<Slot*>& Keyspace::TakeTouched() {
  taken_.swap(touched_);
  touched_.clear();
  ++round_;
  return taken_;
}

std::vector<const Slot*> Keyspace::Sorted() const {
  std::vector<const Slot*> all;
  all.reserve(slots_.size());
  for (const auto& [key, slot] : slots_) all.push_back(slot.get());
  std::sort(all.begin(), all.end(), [](const Slot* a, const Slot* b) { return a->key < b->key; });
  return all;
}

}  // namespace fuju::simulation
