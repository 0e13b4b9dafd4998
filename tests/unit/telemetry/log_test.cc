#include "chassis/telemetry/log.h"

#include <cmath>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <nlohmann/json.hpp>

namespace fuju::chassis {
namespace {

using testing::MatchesRegex;

std::string Logged(const std::function<void()>& log) {
  testing::internal::CaptureStderr();
  log();
  return testing::internal::GetCapturedStderr();
}

TEST(LogTest, WritesOneJsonObjectALine) {
  InitLogging("probe", "host-1", "info");
  const std::string line = Logged([] {
    LogWarning("something happened",
               {{"text", "a"}, {"number", 7}, {"ratio", 0.5}, {"yes", true}, {"big", 1L << 40}});
  });
  ASSERT_EQ(line.back(), '\n');
  const nlohmann::json json = nlohmann::json::parse(line);
  EXPECT_EQ(json["level"], "warning");
  EXPECT_EQ(json["service"], "probe");
  EXPECT_EQ(json["instance"], "host-1");
  EXPECT_EQ(json["message"], "something happened");
  EXPECT_EQ(json["text"], "a");
  EXPECT_EQ(json["number"], 7);
  EXPECT_EQ(json["ratio"], 0.5);
  EXPECT_EQ(json["yes"], true);
  EXPECT_EQ(json["big"], 1L << 40);
  EXPECT_THAT(json["time"].get<std::string>(),
              MatchesRegex("[0-9]+-[0-9]+-[0-9]+T[0-9]+:[0-9]+:[0-9]+\\.[0-9][0-9][0-9]Z"));
}

TEST(LogTest, EscapesWhatWouldBreakALine) {
  InitLogging("probe", "host-1", "info");
  const std::string line = Logged([] {
    LogError("a \"quoted\"\nline {} %s", {{"bad", std::string("\xff\x01 兰州")}});
  });
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
  const nlohmann::json json = nlohmann::json::parse(line);
  EXPECT_EQ(json["message"], "a \"quoted\"\nline {} %s");
  EXPECT_EQ(json["bad"], "\xef\xbf\xbd\x01 兰州");
}

TEST(LogTest, AFieldDoesNotTakeThePlaceOfTheLinesOwn) {
  InitLogging("probe", "host-1", "info");
  const nlohmann::json json = nlohmann::json::parse(Logged([] {
    LogInfo("said", {{"level", "loud"}, {"message", "other"}});
  }));
  EXPECT_EQ(json["level"], "info");
  EXPECT_EQ(json["message"], "said");
}

TEST(LogTest, NotANumberIsStillJson) {
  InitLogging("probe", "host-1", "info");
  const nlohmann::json json = nlohmann::json::parse(Logged([] {
    LogInfo("said", {{"value", std::nan("")}});
  }));
  EXPECT_TRUE(json["value"].is_null());
}

TEST(LogTest, LeavesOutWhatIsBelowTheLevel) {
  InitLogging("probe", "host-1", "error");
  EXPECT_EQ(Logged([] {
              LogInfo("a");
              LogWarning("b");
            }),
            "");
  EXPECT_NE(Logged([] { LogError("c"); }), "");
  InitLogging("probe", "host-1", "info");
}

}  // namespace
}  // namespace fuju::chassis
