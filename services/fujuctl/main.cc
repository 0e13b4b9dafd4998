#include <algorithm>
#include <iostream>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include <google/rpc/error_details.pb.h>

#include "chassis/process/redis_flags.h"
#include "chassis/values/refusal.h"
#include "fujuctl/commands.h"

ABSL_FLAG(int, partitions, 16, "Partitions of the store, as the services have it.");
ABSL_FLAG(std::string, audit, "127.0.0.1:8085", "gRPC address of the audit service.");
ABSL_FLAG(std::string, catalogue, "127.0.0.1:8082", "gRPC address of the catalogue service.");
ABSL_FLAG(std::string, actor, "operator:fujuctl", "Who acts, as <role>:<id>; it is recorded.");
ABSL_FLAG(std::string, applications, "127.0.0.1:8081", "gRPC address of the applications service.");
ABSL_FLAG(std::string, dispatch, "127.0.0.1:8083", "gRPC address of the dispatch service.");
ABSL_FLAG(std::string, fitting, "127.0.0.1:8084", "gRPC address of the fitting service.");
ABSL_FLAG(std::string, address, "",
          "dead-letters: gRPC address of the service, instead of the one that its own flag says.");
ABSL_FLAG(bool, all, false, "streams status: empty partitions too.");
ABSL_FLAG(std::string, service, "", "dead-letters: of this service.");
ABSL_FLAG(std::string, source, "", "dead-letters: only events that this service published.");
ABSL_FLAG(std::string, subject, "", "dead-letters: only events about this aggregate.");
ABSL_FLAG(bool, in_redis, false, "dead-letters list: read Redis, without the services.");
ABSL_FLAG(int, max, 0, "dead-letters replay: most letters; 0: 100.");
ABSL_FLAG(bool, dry_run, false, "dead-letters replay: only tell what would be replayed.");
ABSL_FLAG(std::string, reason, "", "dead-letters replay, discard; ledger: why; it is recorded.");
ABSL_FLAG(std::string, request_id, "",
          "dead-letters replay, discard; ledger: repeats that request; empty: a new one.");
ABSL_FLAG(std::string, version, "", "catalogue import: label of the version.");
ABSL_FLAG(std::string, vendor, "", "ledger create-batch: of this vendor only, as vendors/<id>.");
ABSL_FLAG(int, limit, 0, "ledger create-batch: most lines; 0: 200.");
ABSL_FLAG(std::string, from, "", "replay, simulate-catalogue: first day of the decisions.");
ABSL_FLAG(std::string, to, "", "replay, simulate-catalogue: last day of the decisions.");
ABSL_FLAG(bool, check, false, "catalogue import: only check the files.");
ABSL_FLAG(std::string, policy, "", "catalogue import: JSON file of the policy, beside a table.");
ABSL_FLAG(std::string, top_ups, "", "catalogue import: CSV file of the area's top-ups.");
ABSL_FLAG(
    std::string, area, "",
    "catalogue import, versions; replay, simulate-catalogue: area, GB/T 2260; empty: province, "
    "all.");
ABSL_FLAG(std::string, title, "", "catalogue import: what the version is for, Chinese.");
ABSL_FLAG(std::string, effective, "", "catalogue publish: first day, YYYY-MM-DD.");
ABSL_FLAG(std::string, out, "", "catalogue export: beginning of the names of the files.");
ABSL_FLAG(bool, json, false, "catalogue export: one JSON document.");
ABSL_FLAG(int, survey_year, 0, "import-needs: year of the survey; required.");
ABSL_FLAG(std::string, county, "", "import-needs: take rows of this county only.");
ABSL_FLAG(int, run, 0, "import-needs: another number reads the same file once more.");
ABSL_FLAG(bool, resume, false, "import-needs: go on with a file that was begun before.");
ABSL_FLAG(int, patience_s, 300, "import-needs: seconds without progress until it gives up.");

namespace fuju::fujuctl {
namespace {

constexpr char kUsage[] = R"(the operator's command line

  fujuctl application trace applications/<id>          every event of a case, from the archive (--audit)
  fujuctl streams status [--all]                       streams, groups, backlog (--redis)
  fujuctl dead-letters list [--service=S] [--source=S] [--subject=NAME]   events that services put aside
  fujuctl dead-letters list --in_redis [--service=S]   the same from Redis, with what waits (--redis)
  fujuctl dead-letters show NAME                       one with its event and what waits behind it
  fujuctl dead-letters replay NAME... | --service=S --source=S|--subject=NAME [--max=N] [--dry_run] [--reason=WHY]
  fujuctl dead-letters discard NAME --reason=WHY       gives it up; what waits goes on
  fujuctl catalogue import [FILE] --version=LABEL [--policy=F] [--top_ups=F] [--area=A] [--title=T] [--check]   a draft
  fujuctl catalogue publish LABEL --effective=DAY --actor=WHO   by another person than who imported it
  fujuctl catalogue discard LABEL                      gives a draft up
  fujuctl catalogue versions [--area=A]                all versions with their states (--catalogue)
  fujuctl catalogue diff LABEL LABEL                   what changes from one to the other, in words
  fujuctl catalogue export LABEL --out=PREFIX [--json] the files of a version
  fujuctl replay grants/<id> | --area=CODE --from=DAY --to=DAY   decisions made anew (--catalogue)
  fujuctl simulate-catalogue LABEL --area=CODE --from=DAY --to=DAY   what a version would have decided (--catalogue)
  fujuctl ledger appropriate AREA YEAR FUND FEN [--reason=WHY]    outside money into a book; negative: out of it
  fujuctl ledger allot FROM TO YEAR FUND FEN [--reason=WHY]       money to an area within, or back to one above
  fujuctl ledger reverse books/ID/transfers/N --reason=WHY        corrects what a person entered
  fujuctl ledger close-year AREA YEAR FUND                        what is free lapses or is carried over
  fujuctl ledger create-batch AREA YEAR [--vendor=V] [--limit=N]  what is owed, as the treasury's file
  fujuctl ledger batch-file paymentBatches/ID                     the same file again
  fujuctl ledger import-result paymentBatches/ID FILE             the treasury's result
  fujuctl ledger statement books/ID ACCOUNT                       opening, transfers, closing
  fujuctl ledger trial-balance AREA YEAR                          every book; exit code 1 if they do not balance
  fujuctl import-needs FILE --survey_year=Y [--county=C] [--resume]   a needs survey (--applications)

Exit codes: 0 done, 1 refused or failed, 64 wrong usage.)";

// What --service and a name are looked up in, unless --address says where.
std::map<std::string, std::string> ServiceAddresses() {
  std::map<std::string, std::string> services = {
      {"applications", absl::GetFlag(FLAGS_applications)},
      {"audit", absl::GetFlag(FLAGS_audit)},
      {"catalogue", absl::GetFlag(FLAGS_catalogue)},
      {"dispatch", absl::GetFlag(FLAGS_dispatch)},
      {"fitting", absl::GetFlag(FLAGS_fitting)}};
  const std::string address = absl::GetFlag(FLAGS_address);
  if (address.empty()) return services;
  for (auto& [service, its_address] : services) its_address = address;
  // Of whatever service is asked for.
  services[""] = address;
  return services;
}

constexpr int kExitFailed = 1;
constexpr int kExitUsage = 64;

absl::StatusOr<Connections> ReadConnections() {
  Connections connections;
  std::vector<std::string> complaints;
  connections.redis = chassis::ReadRedisFlags(complaints);
  if (!complaints.empty()) return absl::InvalidArgumentError(absl::StrJoin(complaints, "\n"));
  connections.partitions = absl::GetFlag(FLAGS_partitions);
  connections.audit = absl::GetFlag(FLAGS_audit);
  connections.catalogue = absl::GetFlag(FLAGS_catalogue);
  connections.services = ServiceAddresses();
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

DeadLetterQuery ReadQuery() {
  return {.service = absl::GetFlag(FLAGS_service),
          .source = absl::GetFlag(FLAGS_source),
          .subject = absl::GetFlag(FLAGS_subject)};
}

// Absent if the words after "dead-letters" are none of its commands.
std::optional<absl::Status> RunDeadLetters(const Connections& connections,
                                           const std::vector<std::string>& words) {
  const std::string verb = words.size() > 1 ? words[1] : "";
  const std::vector<std::string> names(words.begin() + std::min<size_t>(words.size(), 2),
                                       words.end());
  const std::string reason = absl::GetFlag(FLAGS_reason);
  const std::string request_id = absl::GetFlag(FLAGS_request_id);
  if (verb == "list" && names.empty()) {
    return absl::GetFlag(FLAGS_in_redis)
               ? ListDeadLettersInRedis(connections, absl::GetFlag(FLAGS_service), std::cout)
               : ListDeadLetters(connections, ReadQuery(), std::cout);
  }
  if (verb == "show" && names.size() == 1) return ShowDeadLetter(connections, names[0], std::cout);
  if (verb == "replay") {
    return ReplayDeadLetters(connections,
                             {.names = names,
                              .query = ReadQuery(),
                              .max_count = absl::GetFlag(FLAGS_max),
                              .dry_run = absl::GetFlag(FLAGS_dry_run),
                              .reason = reason,
                              .request_id = request_id},
                             std::cout);
  }
  if (verb == "discard" && names.size() == 1) {
    return DiscardDeadLetter(connections, names[0], reason, request_id, std::cout);
  }
  return std::nullopt;
}

// Absent if the words after "catalogue" are none of its commands.
std::optional<absl::Status> RunCatalogue(const Connections& connections,
                                         const std::vector<std::string>& words) {
  const auto is = [&words](const char* verb, size_t count) {
    return words.size() == count && words[1] == verb;
  };
  const std::string version = absl::GetFlag(FLAGS_version);
  const std::string effective = absl::GetFlag(FLAGS_effective);
  const std::string out = absl::GetFlag(FLAGS_out);
  if ((is("import", 2) || is("import", 3)) && !version.empty()) {
    return ImportCatalogue(connections,
                           {.version = version,
                            .file = words.size() == 3 ? words[2] : "",
                            .policy_file = absl::GetFlag(FLAGS_policy),
                            .top_ups_file = absl::GetFlag(FLAGS_top_ups),
                            .area_code = absl::GetFlag(FLAGS_area),
                            .title_zh = absl::GetFlag(FLAGS_title),
                            .check_only = absl::GetFlag(FLAGS_check)},
                           std::cout);
  }
  if (is("publish", 3) && !effective.empty()) {
    return PublishCatalogue(connections, words[2], effective, std::cout);
  }
  if (is("discard", 3)) return DiscardCatalogue(connections, words[2], std::cout);
  if (is("versions", 2)) return ListCatalogues(connections, absl::GetFlag(FLAGS_area), std::cout);
  if (is("diff", 4)) return DiffCatalogues(connections, words[2], words[3], std::cout);
  if (is("export", 3) && !out.empty()) {
    return ExportCatalogue(connections, words[2], absl::GetFlag(FLAGS_json), out, std::cout);
  }
  return std::nullopt;
}

absl::Status RunImportNeeds(const Connections& connections, const std::string& file) {
  return ImportNeeds(connections,
                     {.file = file,
                      .survey_year = absl::GetFlag(FLAGS_survey_year),
                      .county_code = absl::GetFlag(FLAGS_county),
                      .run = absl::GetFlag(FLAGS_run),
                      .resume = absl::GetFlag(FLAGS_resume),
                      .patience = absl::Seconds(absl::GetFlag(FLAGS_patience_s))},
                     std::cout);
}

// Absent if the words are none of the commands on stored decisions.
std::optional<absl::Status> RunDecisions(const Connections& connections,
                                         const std::vector<std::string>& words) {
  const DecisionPeriod period = {.area_code = absl::GetFlag(FLAGS_area),
                                 .from_date = absl::GetFlag(FLAGS_from),
                                 .to_date = absl::GetFlag(FLAGS_to)};
  if (words[0] == "replay" && words.size() == 2) {
    return ReplayDecision(connections, words[1], std::cout);
  }
  if (words[0] == "replay" && words.size() == 1) {
    return ReplayDecisions(connections, period, std::cout);
  }
  if (words[0] == "simulate-catalogue" && words.size() == 2) {
    return SimulateCatalogue(connections, words[1], period, std::cout);
  }
  return std::nullopt;
}

int WrongUsage() {
  std::cerr << "fujuctl: " << kUsage << "\n";
  return kExitUsage;
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
  } else if (!words.empty() && words[0] == "dead-letters") {
    std::optional<absl::Status> ended = RunDeadLetters(*connections, words);
    if (!ended.has_value()) return WrongUsage();
    status = *std::move(ended);
  } else if (!words.empty() && (words[0] == "replay" || words[0] == "simulate-catalogue")) {
    std::optional<absl::Status> ended = RunDecisions(*connections, words);
    if (!ended.has_value()) return WrongUsage();
    status = *std::move(ended);
  } else if (!words.empty() && words[0] == "ledger") {
    std::optional<absl::Status> ended = RunLedger(*connections, words,
                                                  {.reason = absl::GetFlag(FLAGS_reason),
                                                   .vendor = absl::GetFlag(FLAGS_vendor),
                                                   .limit = absl::GetFlag(FLAGS_limit),
                                                   .request_id = absl::GetFlag(FLAGS_request_id)},
                                                  std::cout);
    if (!ended.has_value()) return WrongUsage();
    status = *std::move(ended);
  } else if (words.size() > 1 && words[0] == "catalogue") {
    std::optional<absl::Status> ended = RunCatalogue(*connections, words);
    if (!ended.has_value()) return WrongUsage();
    status = *std::move(ended);
  } else if (words.size() == 2 && words[0] == "import-needs" &&
             absl::GetFlag(FLAGS_survey_year) != 0) {
    status = RunImportNeeds(*connections, words[1]);
  } else {
    return WrongUsage();
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
