#include "unit/vocabulary/shipped_file.h"

#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

namespace fuju::vocabulary {

std::string ShippedFile(absl::string_view name) {
  const std::string path = absl::StrCat(FUJU_SOURCE_DIR, "/deploy/data/gansu/", name);
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.good()) << path;
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

}  // namespace fuju::vocabulary
