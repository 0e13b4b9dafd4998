#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace fuju::audit {

// A file of the page.
struct StaticFile {
  std::string content;
  std::string content_type;
  // Named by its content, as Vite names what it puts into assets/: it never changes.
  bool immutable = false;
};

// The built page in a folder. Files are read when they are asked for. Thread-safe.
class StaticFiles {
 public:
  // `root` need not exist: it may be built later.
  explicit StaticFiles(std::string root) : root_(std::move(root)) {}

  // True if the page is built: the folder has an index.html.
  bool Built() const;

  // The file of a decoded URL path such as "/" (index.html) or "/assets/index-1a2b.js". NOT_FOUND
  // if there is none, or if it lies outside the folder, also by a symbolic link, or is no regular
  // file.
  absl::StatusOr<StaticFile> Read(const std::string& url_path) const;

 private:
  std::string root_;
};

}  // namespace fuju::audit
