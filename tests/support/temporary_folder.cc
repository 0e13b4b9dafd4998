#include "support/temporary_folder.h"

#include <cstdio>
#include <cstdlib>

#include <gtest/gtest.h>

namespace fuju::test_support {

TemporaryFolder::TemporaryFolder() {
  path_ = (std::filesystem::temp_directory_path() / "fuju-test-XXXXXX").string();
  if (mkdtemp(path_.data()) == nullptr) std::abort();
}

TemporaryFolder::~TemporaryFolder() {
  if (std::getenv("FUJU_KEEP_FAILED") != nullptr && testing::Test::HasFailure()) {
    std::printf("kept: %s\n", path_.c_str());
    return;
  }
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace fuju::test_support
