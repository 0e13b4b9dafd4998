#include "support/survey_file.h"

#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"

namespace fuju::test_support {
namespace {

constexpr const char* kCounties[] = {"620102", "620103", "620421", "620502", "620921",
                                     "621122", "621202", "622901", "622926", "623027"};
constexpr const char* kSurnames[] = {"王", "李", "张", "马", "刘", "杨", "陈", "赵"};
constexpr const char* kGivenNames[] = {"小兰", "建国", "秀英", "文", "志强", "玉梅", "海", "春花"};
constexpr const char* kAreas[] = {"出行", "日常照料", "康复训练", "辅具适配", "无障碍改造"};
constexpr const char* kDevices[] = {"M01", "122203", "", "W06", "B01", "V01", "E01"};
constexpr const char* kStatuses[] = {"低保", "特困", "一般", "DBBY", "FFP"};
constexpr const char* kUrgencies[] = {"一般", "较急", "紧急", ""};

template <size_t kCount>
const char* Pick(const char* const (&from)[kCount], int number) {
  return from[static_cast<size_t>(number) % kCount];
}

}  // namespace

const char kSurveyHeader[] =
    "县区代码,乡镇代码,村社区代码,姓名,身份证号,残疾人证号,联系电话,住址,经济状况,需求领域,"
    "辅具编码,"
    "紧急程度,调查日期,调查人,备注,同意登记";

std::string InventedResidentId(int person) {
  constexpr int kDays = 20000;
  const absl::CivilDay birth = absl::CivilDay(1945, 1, 1) + person % kDays;
  const std::string body = absl::StrFormat("620102%04d%02d%02d%03d", birth.year(), birth.month(),
                                           birth.day(), person / kDays % 1000);
  constexpr int kWeights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (size_t i = 0; i < body.size(); ++i) sum += (body[i] - '0') * kWeights[i];
  return absl::StrCat(body, std::string(1, "10X98765432"[sum % 11]));
}

std::string SurveyRow(int person) {
  const std::string id = InventedResidentId(person);
  const std::string county = Pick(kCounties, person);
  const std::string town = absl::StrFormat("%s%03d", county, 1 + person % 9);
  const std::string village = absl::StrFormat("%s%03d", town, 200 + person % 40);
  return absl::StrCat(county, ",", town, ",", village, ",", Pick(kSurnames, person),
                      Pick(kGivenNames, person / 3), ",", id, ",", id, 1 + person % 7,
                      1 + person % 4, ",", absl::StrFormat("139%08d", person % 100'000'000),
                      ",\"幸福路", person % 300, "号，三单元\",", Pick(kStatuses, person / 7), ",",
                      Pick(kAreas, person / 2), ",", Pick(kDevices, person / 5), ",",
                      Pick(kUrgencies, person), ",",
                      absl::StrFormat("%d-03-%02d", kSurveyYear, 1 + person % 28), ",陈晓,",
                      person % 10 == 0 ? "独居" : "", ",是");
}

std::string SurveyCsv(int first, int count) {
  std::string csv = absl::StrCat(kSurveyHeader, "\r\n");
  for (int person = first; person < first + count; ++person) {
    absl::StrAppend(&csv, SurveyRow(person), "\r\n");
  }
  return csv;
}

}  // namespace fuju::test_support
