#include "chassis/process/redis_flags.h"

#include <optional>

#include "absl/flags/flag.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "chassis/process/address.h"
#include "chassis/process/files.h"

ABSL_FLAG(std::string, redis, "127.0.0.1:6379",
          "Redis, as host:port; for --redis_mode=sentinel Sentinels and for cluster some nodes, "
          "parted by commas");
ABSL_FLAG(std::string, redis_mode, "single",
          "What --redis is: single (one node), sentinel (a primary that Sentinels know) or cluster "
          "(Redis Cluster)");
ABSL_FLAG(std::string, redis_primary_name, "",
          "--redis_mode=sentinel: name by which the Sentinels know the primary");
ABSL_FLAG(std::string, redis_user, "", "Redis ACL user; empty: default");
ABSL_FLAG(std::string, redis_password_file, "", "File with the password of the Redis user");
ABSL_FLAG(std::string, redis_sentinel_password_file, "",
          "--redis_mode=sentinel: file with the password of the Sentinels; empty: none");

namespace fuju::chassis {
namespace {

using Kind = redis::Deployment::Kind;

std::optional<Kind> KindOf(const std::string& mode) {
  if (mode == "single") return Kind::kSingle;
  if (mode == "sentinel") return Kind::kSentinel;
  if (mode == "cluster") return Kind::kCluster;
  return std::nullopt;
}

std::string ReadPassword(const absl::Flag<std::string>& flag,
                         std::vector<std::string>& complaints) {
  const std::string path = absl::GetFlag(flag);
  if (path.empty()) return "";
  const absl::StatusOr<std::string> text = ReadTextFile(path);
  if (!text.ok()) {
    complaints.push_back(absl::StrCat("--", flag.Name(), ": ", text.status().message()));
    return "";
  }
  std::string password(absl::StripAsciiWhitespace(*text));
  if (password.empty())
    complaints.push_back(absl::StrCat("--", flag.Name(), "=", path, " is empty"));
  return password;
}

}  // namespace

redis::Deployment ReadRedisFlags(std::vector<std::string>& complaints) {
  redis::Deployment deployment;
  const std::string mode = absl::GetFlag(FLAGS_redis_mode);
  const std::optional<Kind> kind = KindOf(mode);
  if (!kind.has_value()) {
    complaints.push_back(
        absl::StrCat("--redis_mode is \"", mode, "\", must be single, sentinel or cluster"));
  }
  deployment.kind = kind.value_or(Kind::kSingle);

  const std::string addresses = absl::GetFlag(FLAGS_redis);
  for (const absl::string_view part : absl::StrSplit(addresses, ',')) {
    const std::string address(absl::StripAsciiWhitespace(part));
    std::optional<redis::Address> parsed = ParseAddress(address);
    if (!parsed.has_value() || parsed->port == 0) {
      complaints.push_back(absl::StrCat("--redis is \"", address, "\", must be host:port"));
    } else {
      deployment.seeds.push_back(*std::move(parsed));
    }
  }
  if (kind == Kind::kSingle && deployment.seeds.size() > 1) {
    complaints.push_back(absl::StrCat("--redis is \"", addresses,
                                      "\", several addresses; with --redis_mode=single it must be "
                                      "one"));
  }

  deployment.primary_name = absl::GetFlag(FLAGS_redis_primary_name);
  if (deployment.primary_name.empty() == (deployment.kind == Kind::kSentinel)) {
    complaints.push_back("--redis_primary_name belongs to --redis_mode=sentinel, and only to it");
  }
  deployment.user = absl::GetFlag(FLAGS_redis_user);
  deployment.password = ReadPassword(FLAGS_redis_password_file, complaints);
  if (!deployment.user.empty() && deployment.password.empty()) {
    complaints.push_back("--redis_user needs --redis_password_file");
  }
  deployment.sentinel_password = ReadPassword(FLAGS_redis_sentinel_password_file, complaints);
  return deployment;
}

}  // namespace fuju::chassis
