#include "support/promtool.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "absl/strings/str_cat.h"

namespace fuju::test_support {

std::string PromtoolComplaints(const std::string& metrics) {
  char path[] = "/tmp/fuju_metrics_XXXXXX";
  const int descriptor = mkstemp(path);
  if (descriptor < 0) return "no temporary file";
  close(descriptor);
  std::ofstream(path) << metrics;
  std::FILE* pipe = popen(absl::StrCat("promtool check metrics <", path, " 2>&1").c_str(), "r");
  if (pipe == nullptr) return "promtool can not be started";
  std::string output;
  char buffer[512];
  while (std::fgets(buffer, sizeof(buffer), pipe) != nullptr) output += buffer;
  const int status = pclose(pipe);
  std::remove(path);
  if (status != 0 && output.empty()) return absl::StrCat("promtool ended with ", status);
  return output;
}

}  // namespace fuju::test_support
