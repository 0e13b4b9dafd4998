#include "catalogue/decision/prepared_item.h"

#include <algorithm>
#include <cstring>

namespace fuju::catalogue {
namespace {

using vocabulary::BasisPoints;
using vocabulary::Fen;

// FNV-1a, 64 bits: the same in every release and on every machine.
uint64_t HashOf(absl::string_view text) {
  uint64_t hash = 14695981039346656037ULL;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 1099511628211ULL;
  }
  return hash == 0 ? 1 : hash;
}

BasisPoints RatioOf(int32_t basis_points) {
  return BasisPoints::Of(basis_points).value_or(BasisPoints());
}

Fen NotNegative(int64_t fen) { return Fen(std::max<int64_t>(fen, 0)); }

}  // namespace

uint64_t ItemKey(absl::string_view item_code) {
  if (item_code.size() > sizeof(uint64_t)) return HashOf(item_code);
  uint64_t key = 0;
  std::memcpy(&key, item_code.data(), item_code.size());
  return key;
}

uint64_t GroupKey(absl::string_view share_group) {
  return share_group.empty() ? 0 : HashOf(share_group);
}

uint32_t DivisionNumber(absl::string_view code) {
  constexpr size_t kDigits = 6;
  if (code.size() != kDigits && code.size() != kDigits + 2) return 0;
  uint32_t number = 0;
  for (const char c : code.substr(0, kDigits)) {
    if (c < '0' || c > '9') return 0;
    number = number * 10 + static_cast<uint32_t>(c - '0');
  }
  return number;
}

PreparedItem PrepareItem(const v1::Item& row) {
  PreparedItem item;
  item.row = &row;
  item.key = ItemKey(row.item_code());
  item.share_group = GroupKey(row.share_group());
  item.division = DivisionNumber(row.iso9999_code());
  for (const int category : row.categories()) item.categories.Insert(category);
  for (const int grade : row.grades()) item.grades.Insert(grade);
  for (const int group : row.allowed_groups()) item.groups.Insert(group);
  item.age_min = row.age_min();
  item.age_max = row.age_max();
  item.cap = NotNegative(row.cap_fen());
  if (row.price_ceiling_fen() > 0) item.ceiling = Fen(row.price_ceiling_fen());
  item.tk = RatioOf(row.ratios().tk_bp());
  item.db = RatioOf(row.ratios().db_bp());
  item.dbby = RatioOf(row.ratios().dbby_bp());
  item.general = RatioOf(row.ratios().general_bp());
  item.child = RatioOf(row.ratios().child_bp());
  item.service_share = RatioOf(row.service_share_bp());
  item.years = row.replacement_years();
  item.child_years = row.child_replacement_years();
  item.quantity_limit = row.quantity_limit();
  item.quantity_per_year = row.quantity_per_year();
  item.free = row.item_class() == v1::ITEM_CLASS_FREE;
  if (row.interval_key() != v1::INTERVAL_KEY_UNSPECIFIED) item.interval = row.interval_key();
  return item;
}

}  // namespace fuju::catalogue
