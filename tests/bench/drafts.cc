#include "bench/drafts.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"

#include "scenario/people.h"
#include "vocabulary/civil_date.h"

namespace fuju::bench {

DraftInventor::DraftInventor(const std::string& data_dir)
    : today_(vocabulary::TodayInShanghai(absl::Now())) {
  const std::string path = absl::StrCat(data_dir, "/divisions.csv");
  std::ifstream table(path);
  std::string line;
  while (std::getline(table, line)) {
    const std::vector<std::string> fields = absl::StrSplit(line, ',');
    if (fields.size() == 4 && fields[3] == "county") counties_.push_back(fields[0]);
  }
  if (counties_.empty()) {
    std::fprintf(stderr, "no counties in %s\n", path.c_str());
    std::abort();
  }
}

applications::v1::Application DraftInventor::Invent(int number) const {
  const int counties = static_cast<int>(counties_.size());
  std::mt19937_64 random(static_cast<uint64_t>(number));
  catalogue::v1::Item wheelchair;
  wheelchair.add_categories(type::v1::DISABILITY_CATEGORY_PHYSICAL);
  wheelchair.add_grades(1);
  wheelchair.add_grades(2);
  wheelchair.set_age_min(0);
  wheelchair.set_age_max(85);

  applications::v1::Application draft;
  draft.set_county_code(counties_[number % counties]);
  *draft.mutable_applicant() =
      scenario::InventPerson(wheelchair, draft.county_code(), number / counties, today_, random)
          .applicant;
  applications::v1::DeviceRequest& request = *draft.mutable_request();
  request.set_item_code("M01");
  request.set_device_division("122203");
  request.set_quote_fen(98000);
  request.set_purpose("日常出行");
  return draft;
}

}  // namespace fuju::bench
