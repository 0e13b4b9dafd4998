#include "audit/static_files.h"

#include <array>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "chassis/process/files.h"
#include "chassis/values/refusal.h"

namespace fuju::audit {
namespace {

namespace fs = std::filesystem;

constexpr char kIndex[] = "index.html";
constexpr char kAssets[] = "assets";

constexpr std::array<std::pair<const char*, const char*>, 13> kContentTypes = {{
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".map", "application/json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".webp", "image/webp"},
    {".woff2", "font/woff2"},
    {".txt", "text/plain; charset=utf-8"},
    {".webmanifest", "application/manifest+json"},
}};

std::string ContentTypeOf(const fs::path& file) {
  const std::string extension = file.extension().string();
  for (const auto& [known, type] : kContentTypes) {
    if (extension == known) return type;
  }
  return "application/octet-stream";
}

bool IsWithin(const fs::path& file, const fs::path& folder) {
  const fs::path relative = file.lexically_relative(folder);
  return !relative.empty() && *relative.begin() != ".." && relative != ".";
}

}  // namespace

bool StaticFiles::Built() const {
  std::error_code ignored;
  return fs::is_regular_file(fs::path(root_) / kIndex, ignored);
}

absl::StatusOr<StaticFile> StaticFiles::Read(const std::string& url_path) const {
  if (url_path.empty() || url_path[0] != '/' || absl::StrContains(url_path, '\0')) {
    return chassis::NotFound(url_path);
  }
  const std::string relative = url_path == "/" ? kIndex : url_path.substr(1);
  std::error_code error;
  const fs::path root = fs::canonical(root_, error);
  if (error) return chassis::NotFound(url_path);
  // Resolved with its symbolic links before it is judged.
  const fs::path file = fs::canonical(root / fs::path(relative).relative_path(), error);
  if (error || !IsWithin(file, root)) return chassis::NotFound(url_path);
  absl::StatusOr<std::string> content = chassis::ReadTextFile(file.string());
  if (!content.ok()) return chassis::NotFound(url_path);

  StaticFile found;
  found.content = *std::move(content);
  found.content_type = ContentTypeOf(file);
  found.immutable = *file.lexically_relative(root).begin() == kAssets;
  return found;
}

}  // namespace fuju::audit
