// The folder of questionnaires as an operator may have it. No Redis is needed.

#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "applications/settings.h"
#include "support/service_calls.h"

namespace fuju::applications {
namespace {

using test_support::GansuFile;
using ::testing::AllOf;
using ::testing::HasSubstr;

class QuestionnaireFilesTest : public ::testing::Test {
 protected:
  QuestionnaireFilesTest() {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_ / "questionnaires");
    Write("catalogue.csv", GansuFile("catalogue.csv"));
    Write("questionnaires/seeing.json", GansuFile("questionnaires/seeing.json"));
  }
  ~QuestionnaireFilesTest() override { std::filesystem::remove_all(folder_); }

  void Write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }
  absl::StatusOr<QuestionnaireSet> Read() const { return ReadQuestionnaires(folder_.string()); }
  std::string Complaint() const { return std::string(Read().status().message()); }

  const std::filesystem::path folder_ =
      std::filesystem::path(::testing::TempDir()) /
      absl::StrCat("fuju_questionnaires_",
                   ::testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(QuestionnaireFilesTest, AreTheJsonFilesOfTheFolder) {
  Write("questionnaires/seeing.json.orig", "not looked at");
  const auto set = Read();
  ASSERT_TRUE(set.ok()) << set.status();
  EXPECT_EQ(set->ListNewest(type::v1::DISABILITY_CATEGORY_UNSPECIFIED).size(), 1u);
}

TEST_F(QuestionnaireFilesTest, AreNamedWithAllThatIsWrong) {
  Write("questionnaires/broken.json", "{");
  Write("questionnaires/empty.json", "{}");
  Write("catalogue.csv", "item_code\nV01\n");
  EXPECT_THAT(Complaint(), AllOf(HasSubstr("broken.json: JSON: "), HasSubstr("empty.json: name: "),
                                 HasSubstr("seeing.json: rules[magnifier].itemCodes: ")));
}

TEST_F(QuestionnaireFilesTest, WithoutTheirFolderTheServiceDoesNotStart) {
  std::filesystem::remove(folder_ / "questionnaires/seeing.json");
  EXPECT_THAT(Complaint(), HasSubstr("has no *.json"));
  std::filesystem::remove(folder_ / "questionnaires");
  EXPECT_THAT(Complaint(), AllOf(HasSubstr("cannot list"), HasSubstr("questionnaires")));
}

TEST_F(QuestionnaireFilesTest, NeedTheCatalogueBesideThem) {
  Write("catalogue.csv", "code\nV01\n");
  EXPECT_THAT(Complaint(), HasSubstr("item_code"));
  std::filesystem::remove(folder_ / "catalogue.csv");
  EXPECT_THAT(Complaint(), HasSubstr("catalogue.csv"));
}

}  // namespace
}  // namespace fuju::applications
