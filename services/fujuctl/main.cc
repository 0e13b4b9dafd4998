#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include <google/rpc/error_details.pb.h>

#include "chassis/process/files.h"
#include "chassis/values/refusal.h"
#include "fujuctl/commands.h"

ABSL_FLAG(std::string, redis, "127.0.0.1:6379", "Redis, as host:port.");
ABSL_FLAG(std::string, redis_user, "", "Redis ACL user; empty: default.");
ABSL_FLAG(std::string, redis_password_file, "", "File with the password of the Redis user.");
ABSL_FLAG(int, partitions, 16, "Partitions of the store, as the services have it.");
ABSL_FLAG(std::string, audit, "127.0.0.1:8085", "gRPC address of the audit service.");
ABSL_FLAG(std::string, catalogue, "127.0.0.1:8082", "gRPC address of the catalogue service.");
ABSL_FLAG(std::string, actor, "operator:fujuctl", "Who acts, as <role>:<id>; it is recorded.");
ABSL_FLAG(bool, all, false, "streams status: empty partitions too.");
ABSL_FLAG(std::string, service, "", "dead-letters list: only of this service.");
ABSL_FLAG(std::string, version, "", "catalogue import: label of the version.");
ABSL_FLAG(bool, check, false, "catalogue import: only check the file.");

namespace fuju::fujuctl {
namespace {

constexpr char kUsage[] = R"(the operator's command line

  fujuctl application trace applications/<id>          every event of a case, from the archive (--audit)
  fujuctl streams status [--all]                       streams, groups, backlog (--redis)
  fujuctl dead-letters list [--service=applications]   events that were put aside (--redis)
  fujuctl catalogue import FILE --version=LABEL [--check]   publishes a catalogue file (--catalogue)

Exit codes: 0 done, 1 refused or failed, 64 wrong usage.)";

constexpr int kExitFailed = 1;
constexpr int kExitUsage = 64;

absl::StatusOr<Connections> ReadConnections() {
  Connections connections;
  const std::pair<std::string, std::string> redis =
      absl::StrSplit(absl::GetFlag(FLAGS_redis), absl::MaxSplits(':', 1));
  connections.redis.host = redis.first;
  if (!absl::SimpleAtoi(redis.second, &connections.redis.port)) {
    return absl::InvalidArgumentError("--redis must be host:port");
  }
  connections.redis.user = absl::GetFlag(FLAGS_redis_user);
  if (const std::string file = absl::GetFlag(FLAGS_redis_password_file); !file.empty()) {
    auto password = chassis::ReadTextFile(file);
    if (!password.ok()) return password.status();
    connections.redis.password = std::string(absl::StripAsciiWhitespace(*password));
  }
  connections.partitions = absl::GetFlag(FLAGS_partitions);
  connections.audit = absl::GetFlag(FLAGS_audit);
  connections.catalogue = absl::GetFlag(FLAGS_catalogue);
  connections.actor = absl::GetFlag(FLAGS_actor);
  return connections;
}

// Message and every field violation, one a line.
void PrintError(const absl::Status& status) {
  std::cerr << absl::StatusCodeToString(status.code()) << ": " << status.message() << "\n";
  const auto payload = status.GetPayload(
      absl::string_view(chassis::kBadRequestUrl.data(), chassis::kBadRequestUrl.size()));
  google::rpc::BadRequest bad;
  if (!payload.has_value() || !bad.ParseFromString(std::string(*payload))) return;
  for (const auto& violation : bad.field_violations()) {
    std::cerr << "  " << violation.field() << ": " << violation.description() << "\n";
  }
}

int Run(const std::vector<std::string>& words) {
  const absl::StatusOr<Connections> connections = ReadConnections();
  if (!connections.ok()) {
    PrintError(connections.status());
    return kExitUsage;
  }
  const auto is = [&words](const char* noun, const char* verb, size_t count) {
    return words.size() == count && words[0] == noun && words[1] == verb;
  };
  absl::Status status;
  if (is("application", "trace", 3)) {
    status = TraceApplication(*connections, words[2], std::cout);
  } else if (is("streams", "status", 2)) {
    status = ShowStreams(*connections, absl::GetFlag(FLAGS_all), std::cout);
  } else if (is("dead-letters", "list", 2)) {
    status = ListDeadLetters(*connections, absl::GetFlag(FLAGS_service), std::cout);
  } else if (is("catalogue", "import", 3) && !absl::GetFlag(FLAGS_version).empty()) {
    status = ImportCatalogue(*connections, words[2], absl::GetFlag(FLAGS_version),
                             absl::GetFlag(FLAGS_check), std::cout);
  } else {
    std::cerr << "fujuctl: " << kUsage << "\n";
    return kExitUsage;
  }
  if (status.ok()) return 0;
  PrintError(status);
  return kExitFailed;
}

}  // namespace
}  // namespace fuju::fujuctl

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage(fuju::fujuctl::kUsage);
  const std::vector<char*> left = absl::ParseCommandLine(argc, argv);
  return fuju::fujuctl::Run(std::vector<std::string>(left.begin() + 1, left.end()));
}
