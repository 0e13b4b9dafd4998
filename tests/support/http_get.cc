#include "support/http_get.h"

#include "absl/strings/str_cat.h"
#include <httplib.h>

namespace fuju::test_support {

absl::StatusOr<std::string> HttpGet(int port, const std::string& path) {
  httplib::Client client("127.0.0.1", port);
  const httplib::Result result = client.Get(path);
  if (!result) return absl::UnavailableError(httplib::to_string(result.error()));
  if (result->status != 200) {
    return absl::UnknownError(absl::StrCat(path, " answers ", result->status));
  }
  return result->body;
}

}  // namespace fuju::test_support
