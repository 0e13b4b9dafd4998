#include "support/service_calls.h"

#include <atomic>
#include <fstream>
#include <sstream>
#include <thread>

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

namespace fuju::test_support {

std::string NewRequestId() {
  static std::atomic<int> last{0};
  return absl::StrCat("request-", ++last);
}

std::string GansuFile(const std::string& name) {
  std::ifstream file(absl::StrCat("deploy/data/gansu/", name), std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

void Eventually(const std::string& what, const std::function<bool()>& holds) {
  const absl::Time deadline = absl::Now() + absl::Seconds(30);
  while (!holds()) {
    if (absl::Now() > deadline) {
      ADD_FAILURE() << "not within half a minute: " << what;
      return;
    }
    std::this_thread::yield();
  }
}

}  // namespace fuju::test_support
