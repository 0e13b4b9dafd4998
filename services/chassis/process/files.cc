#include "chassis/process/files.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace fuju::chassis {
namespace {

absl::Status CannotRead(const std::string& path, int error) {
  const std::string text = absl::StrCat("cannot read '", path, "': ", std::strerror(error));
  if (error == ENOENT || error == ENOTDIR) return absl::NotFoundError(text);
  if (error == EACCES || error == EPERM) return absl::PermissionDeniedError(text);
  return absl::UnavailableError(text);
}

}  // namespace

absl::StatusOr<std::string> ReadTextFile(const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"),
                                                             &std::fclose);
  if (file == nullptr) return CannotRead(path, errno);
  struct stat info {};
  if (fstat(fileno(file.get()), &info) != 0) return CannotRead(path, errno);
  if (!S_ISREG(info.st_mode)) {
    return absl::InvalidArgumentError(absl::StrCat("'", path, "' is not a regular file"));
  }
  if (info.st_size > kLargestTextFile) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", path, "' has ", info.st_size, " bytes, more than ", kLargestTextFile));
  }
  std::string text(static_cast<size_t>(info.st_size), '\0');
  const size_t read = std::fread(text.data(), 1, text.size(), file.get());
  if (read != text.size()) {
    return absl::UnavailableError(
        absl::StrCat("cannot read '", path, "': got ", read, " of ", text.size(), " bytes"));
  }
  return text;
}

absl::StatusOr<std::vector<NamedText>> ReadTextFiles(const std::string& folder,
                                                     std::string_view extension) {
  namespace fs = std::filesystem;
  std::vector<fs::path> paths;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    std::error_code unknown;
    if (at->path().extension() == extension && !at->is_directory(unknown)) {
      paths.push_back(at->path());
    }
  }
  if (error) {
    return absl::NotFoundError(absl::StrCat("cannot list '", folder, "': ", error.message()));
  }
  if (paths.empty()) {
    return absl::NotFoundError(absl::StrCat("'", folder, "' has no *",
                                            absl::string_view(extension.data(), extension.size())));
  }
  std::sort(paths.begin(), paths.end());
  std::vector<NamedText> files;
  for (const fs::path& path : paths) {
    absl::StatusOr<std::string> text = ReadTextFile(path.string());
    if (!text.ok()) return text.status();
    files.push_back({path.filename().string(), *std::move(text)});
  }
  return files;
}

}  // namespace fuju::chassis
