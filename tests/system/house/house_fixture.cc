#include "house_fixture.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "support/child_process.h"

namespace fuju {

std::unique_ptr<test_support::Cluster> StartCluster(const std::string& work_dir) {
  // Tests run in the source tree.
  auto cluster = test_support::Cluster::Start({.bin_dir = test_support::BinDir(),
                                               .source_dir = std::filesystem::current_path(),
                                               .work_dir = work_dir});
  EXPECT_TRUE(cluster.ok()) << cluster.status();
  return cluster.ok() ? *std::move(cluster) : nullptr;
}

scenario::ScenarioOptions ShortRun(int applications, uint64_t seed) {
  scenario::ScenarioOptions options;
  options.applications = applications;
  options.seed = seed;
  options.limit = absl::Minutes(4);
  options.data_dir = "deploy/data/gansu";
  return options;
}

void ExpectGood(const scenario::ScenarioResult& result, int applications) {
  EXPECT_GE(result.books.applications, applications);
  EXPECT_EQ(result.books.unfinished, 0) << absl::StrJoin(result.books.unfinished_cases, "\n");
  EXPECT_EQ(result.books.double_booked, 0);
  EXPECT_EQ(result.books.allocated,
            result.books.available + result.books.reserved + result.books.paid);
  EXPECT_EQ(result.books.paid, result.books.paid_by_applications);
  EXPECT_EQ(result.books.reserved, 0);
  EXPECT_GT(result.books.paid, 0);
  EXPECT_EQ(absl::StrJoin(result.complaints, "\n"), "");
}

int RunProgram(const std::vector<std::string>& argv, const std::string& work_dir,
               std::string* output) {
  const std::string log = absl::StrCat(work_dir, "/program.out");
  std::filesystem::remove(log);
  auto process = test_support::ChildProcess::Start(argv, log);
  EXPECT_TRUE(process.ok()) << process.status();
  if (!process.ok()) return -1;
  const auto code = process->Wait(absl::Minutes(2));
  std::ifstream in(log);
  *output = std::string(std::istreambuf_iterator<char>(in), {});
  EXPECT_TRUE(code.ok()) << code.status();
  return code.value_or(-1);
}

}  // namespace fuju
