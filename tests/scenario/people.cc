#include "scenario/people.h"

#include <algorithm>
#include <array>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "support/complete_applicant.h"

namespace fuju::scenario {
namespace {

template <typename T, size_t N>
const T& Pick(const std::array<T, N>& from, std::mt19937_64& random) {
  return from[random() % N];
}

// GB 11643: weights and check characters.
std::string WithCheckDigit(const std::string& first_17) {
  constexpr std::array<int, 17> kWeights = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (size_t i = 0; i < kWeights.size(); ++i) sum += (first_17[i] - '0') * kWeights[i];
  return first_17 + "10X98765432"[sum % 11];
}

std::string InventName(std::mt19937_64& random) {
  static constexpr std::array<const char*, 12> kFamily = {"王", "李", "张", "刘", "陈", "杨",
                                                          "马", "赵", "周", "吴", "徐", "孙"};
  static constexpr std::array<const char*, 12> kGiven = {"试一", "试二", "样例", "演示",
                                                         "测安", "测平", "例和", "例顺",
                                                         "虚构", "拟真", "示明", "示清"};
  return absl::StrCat(Pick(kFamily, random), Pick(kGiven, random));
}

fuju::type::v1::EconomicStatus InventStatus(std::mt19937_64& random) {
  using fuju::type::v1::EconomicStatus;
  static constexpr std::array<EconomicStatus, 6> kStatus = {
      fuju::type::v1::ECONOMIC_STATUS_TK,   fuju::type::v1::ECONOMIC_STATUS_DB,
      fuju::type::v1::ECONOMIC_STATUS_DBBY, fuju::type::v1::ECONOMIC_STATUS_FFP,
      fuju::type::v1::ECONOMIC_STATUS_YB,   fuju::type::v1::ECONOMIC_STATUS_YB};
  return Pick(kStatus, random);
}

}  // namespace

InventedPerson InventPerson(const fuju::catalogue::v1::Item& item, const std::string& county_code,
                            int sequence, absl::CivilDay today, std::mt19937_64& random) {
  InventedPerson person;
  // A single category where the item allows one; 7 (multiple) needs its list of single ones.
  std::vector<int> categories;
  for (const int category : item.categories()) {
    if (category != fuju::type::v1::DISABILITY_CATEGORY_MULTIPLE) categories.push_back(category);
  }
  person.category = categories[random() % categories.size()];
  person.grade =
      item.grades(static_cast<int>(random() % static_cast<uint64_t>(item.grades_size())));
  const int youngest = item.age_min();
  const int oldest = std::min(item.age_max(), 85);
  const int age =
      youngest + static_cast<int>(random() % static_cast<uint64_t>(oldest - youngest + 1));
  // Half a year after the birthday, clear of the edges of an age window. The day and the serial
  // digits carry the sequence: unique for 27 * 999 persons of one birth month.
  const absl::CivilDay half_a_year_ago = today - 180;
  person.birth_date = absl::CivilDay(half_a_year_ago.year() - age, half_a_year_ago.month(),
                                     1 + sequence / 999 % 27);
  const std::string id = WithCheckDigit(
      absl::StrFormat("%s%04d%02d%02d%03d", county_code, person.birth_date.year(),
                      person.birth_date.month(), person.birth_date.day(), 1 + sequence % 999));
  auto& applicant = person.applicant;
  applicant.set_name(InventName(random));
  applicant.set_resident_id(id);
  applicant.set_certificate_number(absl::StrCat(id, person.category, person.grade));
  // Some have no phone: it must refuse nobody.
  if (random() % 5 != 0) applicant.set_phone(absl::StrFormat("139%08d", random() % 100000000));
  applicant.set_address(absl::StrCat("虚构村", 1 + random() % 90, "号"));
  applicant.set_economic_status(InventStatus(random));
  test_support::CompleteApplicant(applicant, /*child=*/age < 18);
  return person;
}

}  // namespace fuju::scenario
