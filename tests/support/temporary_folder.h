#pragma once

#include <filesystem>
#include <string>

namespace fuju::test_support {

// A folder of the test's own, removed with everything in it at the end. With FUJU_KEEP_FAILED in
// the environment that of a failed test stays, and its path is printed (scripts/chaos --keep).
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::string& path() const { return path_; }
  std::string File(const std::string& name) const { return path_ + "/" + name; }
  std::filesystem::path operator/(const std::string& name) const { return File(name); }

 private:
  std::string path_;
};

}  // namespace fuju::test_support
