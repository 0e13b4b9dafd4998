#include "chassis/process/port_file.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>

#include "absl/strings/str_cat.h"

namespace fuju::chassis {

absl::Status WritePortFile(const std::string& path, int grpc_port, int metrics_port,
                           const std::map<std::string, int>& others) {
  const std::string draft = absl::StrCat(path, ".", getpid(), ".tmp");
  std::ofstream file(draft, std::ios::trunc);
  file << absl::StrCat("{\"grpc\":", grpc_port, ",\"metrics\":", metrics_port);
  for (const auto& [name, port] : others) file << absl::StrCat(",\"", name, "\":", port);
  file << "}\n";
  file.close();
  if (!file || std::rename(draft.c_str(), path.c_str()) != 0) {
    const int error = errno;
    std::remove(draft.c_str());
    return absl::UnavailableError(
        absl::StrCat("can not write --port_file=", path, ": ", std::strerror(error)));
  }
  return absl::OkStatus();
}

}  // namespace fuju::chassis
