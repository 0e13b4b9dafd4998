#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "fuju/type/v1/error_reason.pb.h"

namespace fuju::chassis {
namespace {

// Where a reason stands in code: Refusal(code, "REASON", ...), and the default reasons of
// rpc/status.cc.
const char kRefusal[] = R"re(Refusal\(\s*[\w:]+,\s*"([A-Z][A-Z0-9_]+)")re";
const char kReturned[] = R"re(return "([A-Z][A-Z0-9_]{3,})";)re";

std::string Read(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

void Collect(const std::string& text, const char* expression, const std::string& file,
             std::map<std::string, std::string>& reasons) {
  const std::regex regex(expression);
  for (std::sregex_iterator match(text.begin(), text.end(), regex), end; match != end; ++match) {
    reasons[(*match)[1].str()] = file;
  }
}

TEST(ErrorReasonRegistryTest, HasEveryReasonThatTheCodeUses) {
  std::map<std::string, std::string> reasons;
  for (const auto& entry : std::filesystem::recursive_directory_iterator("services")) {
    const std::filesystem::path& path = entry.path();
    if (path.extension() != ".cc" && path.extension() != ".h") continue;
    const std::string text = Read(path);
    Collect(text, kRefusal, path.string(), reasons);
    if (path.filename() == "status.cc") Collect(text, kReturned, path.string(), reasons);
  }
  // The search itself works.
  EXPECT_TRUE(reasons.contains("FIELD_INVALID"));
  EXPECT_TRUE(reasons.contains("SHUTTING_DOWN"));
  EXPECT_TRUE(reasons.contains("DEADLINE_PASSED"));
  for (const auto& [reason, file] : reasons) {
    fuju::type::v1::ErrorReason value;
    EXPECT_TRUE(fuju::type::v1::ErrorReason_Parse(absl::StrCat("ERROR_REASON_", reason), &value))
        << file << " uses " << reason << ", which proto/fuju/type/v1/error_reason.proto lacks";
  }
}

}  // namespace
}  // namespace fuju::chassis
