#include <cstdint>
#include <string>

#include "absl/strings/ascii.h"
#include <google/protobuf/descriptor.h>

#include "catalogue/versions/cells.h"
#include "catalogue/versions/column.h"

namespace fuju::catalogue {
namespace {

using absl::string_view;
using v1::LocalTopUp;

constexpr int64_t kHighestFen = 100'000'000;

const Column<LocalTopUp> kColumns[] = {
    {"item_code", "item_code", "品目", "item", "目录中的一个品目代码，如M01；或“*”，即其余全部品目",
     "the code of an item of the catalogue, such as M01, or '*' for every other item",
     [](string_view cell, LocalTopUp& row) {
       const bool is_code = cell.size() == 3 && absl::ascii_isupper(cell[0]) &&
                            absl::ascii_isdigit(cell[1]) && absl::ascii_isdigit(cell[2]);
       row.set_item_code(std::string(cell));
       return is_code || cell == "*";
     },
     [](const LocalTopUp& row) { return row.item_code(); }},
    {"ratio", "ratio_bp", "负担比例", "part that it pays",
     "对个人自付部分的负担比例，大于0、不超过1，最多四位小数，如0.50",
     "the part that it pays of what is left to the person, above 0, up to 1, with at most four "
     "decimals, such as 0.50",
     [](string_view cell, LocalTopUp& row) {
       int32_t basis_points = 0;
       if (!ReadRatio(cell, &basis_points) || basis_points == 0) return false;
       row.set_ratio_bp(basis_points);
       return true;
     },
     [](const LocalTopUp& row) { return WriteRatio(row.ratio_bp()); }, false, true},
    {"cap_cny", "cap_fen", "上限", "cap", "上限（元），0.01至1000000，最多两位小数",
     "the cap in yuan, 0.01 to 1000000 with at most two decimals",
     [](string_view cell, LocalTopUp& row) {
       int64_t fen = 0;
       if (!ReadYuan(cell, 1, kHighestFen, &fen)) return false;
       row.set_cap_fen(fen);
       return true;
     },
     [](const LocalTopUp& row) { return WriteYuan(row.cap_fen()); }, false, true, "元", " yuan"},
    {"fund_source", "fund_source", "资金来源", "fund",
     "national、provincial、prefecture、county或charity",
     "national, provincial, prefecture, county or charity",
     [](string_view cell, LocalTopUp& row) {
       int value = 0;
       if (!ReadEnum(*v1::FundSource_descriptor(), cell, &value)) return false;
       row.set_fund_source(static_cast<v1::FundSource>(value));
       return true;
     },
     [](const LocalTopUp& row) {
       return WriteEnum(*v1::FundSource_descriptor(), row.fund_source());
     }},
    {"basis", "basis", "依据", "basis", "依据，如“SRC:文件”“PLACEHOLDER”，1至100个字",
     "a basis such as 'SRC:document' or 'PLACEHOLDER', 1 to 100 characters",
     [](string_view cell, LocalTopUp& row) {
       return ReadFilledText(cell, 100, row.mutable_basis());
     },
     [](const LocalTopUp& row) { return row.basis(); }},
};

}  // namespace

absl::Span<const Column<LocalTopUp>> TopUpColumns() { return kColumns; }

}  // namespace fuju::catalogue
