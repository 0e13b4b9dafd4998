#pragma once

#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include <grpcpp/grpcpp.h>

#include "chassis/redis/pipelined_client.h"

namespace fuju::fujuctl {

// Where the commands find things; an address that a command does not need may be empty.
struct Connections {
  chassis::redis::Deployment redis;
  int partitions = 16;
  // gRPC addresses.
  std::string audit;
  std::string catalogue;
  // Of a service by its name, for its dead letters.
  std::map<std::string, std::string> services;
  // "<role>:<id>" that mutations are recorded under.
  std::string actor;
};

// The commands of fujuctl. Each waits for its answer and writes text to `out`; an error says what
// was wrong and changes nothing.

// Every event of one case, as the archive has it.
absl::Status TraceApplication(const Connections& connections, const std::string& application,
                              std::ostream& out);
// Length and every group's position, by service and partition; only partitions with something to
// tell unless `all`.
absl::Status ShowStreams(const Connections& connections, bool all, std::ostream& out);
// Dead letters: a service, empty for all where that is allowed, and which of its letters.
struct DeadLetterQuery {
  std::string service;
  std::string source;
  std::string subject;
};
struct DeadLetterReplayOrder {
  // Of one service; or a query.
  std::vector<std::string> names;
  DeadLetterQuery query;
  // 0: as many as the service takes at once.
  int max_count = 0;
  bool dry_run = false;
  std::string reason;
  // The same again does what is left of the first; empty: a new one.
  std::string request_id;
};
// Asks the services. One that does not answer is named, and the others are listed.
absl::Status ListDeadLetters(const Connections& connections, const DeadLetterQuery& query,
                             std::ostream& out);
// Reads Redis, also when the services are down; with what waits behind the letters.
absl::Status ListDeadLettersInRedis(const Connections& connections, const std::string& service,
                                    std::ostream& out);
// One with its event and what waits behind it.
absl::Status ShowDeadLetter(const Connections& connections, const std::string& name,
                            std::ostream& out);
absl::Status ReplayDeadLetters(const Connections& connections, const DeadLetterReplayOrder& order,
                               std::ostream& out);
absl::Status DiscardDeadLetter(const Connections& connections, const std::string& name,
                               const std::string& reason, const std::string& request_id,
                               std::ostream& out);
// A version of the catalogue as files. One whose name ends in .json has everything; else `file` is
// the table of items, and any of the files may be empty.
struct CatalogueImportOrder {
  std::string version;
  std::string file;
  std::string policy_file;
  std::string top_ups_file;
  // Empty: the province.
  std::string area_code;
  std::string title_zh;
  // Only says what is wrong.
  bool check_only = false;
};
// Imports a version as a draft.
absl::Status ImportCatalogue(const Connections& connections, const CatalogueImportOrder& order,
                             std::ostream& out);
// Publishes a draft, as another person than who imported it, from a day on (YYYY-MM-DD).
absl::Status PublishCatalogue(const Connections& connections, const std::string& version,
                              const std::string& effective_date, std::ostream& out);
absl::Status DiscardCatalogue(const Connections& connections, const std::string& version,
                              std::ostream& out);
// All versions, of an area if it is not empty, with their states of today.
absl::Status ListCatalogues(const Connections& connections, const std::string& area_code,
                            std::ostream& out);
// What changes from one version to the next, a sentence a line.
absl::Status DiffCatalogues(const Connections& connections, const std::string& before,
                            const std::string& after, std::ostream& out);
// Writes a version's files, <prefix>.csv, <prefix>.policy.json and <prefix>.top_ups.csv, or
// <prefix>.json, and names them.
absl::Status ExportCatalogue(const Connections& connections, const std::string& version,
                             bool as_json, const std::string& prefix, std::ostream& out);

// Stored decisions of an area (GB/T 2260), made on the days from `from_date` to `to_date`,
// YYYY-MM-DD.
struct DecisionPeriod {
  std::string area_code;
  std::string from_date;
  std::string to_date;
};
// Makes one, or all of a period, anew and tells what differs. An error only if they could not be
// looked at; that something differs is none.
absl::Status ReplayDecision(const Connections& connections, const std::string& grant,
                            std::ostream& out);
absl::Status ReplayDecisions(const Connections& connections, const DecisionPeriod& period,
                             std::ostream& out);
// What another version would have decided, by county, item and economic group.
absl::Status SimulateCatalogue(const Connections& connections, const std::string& version,
                               const DecisionPeriod& period, std::ostream& out);

// Uploads a needs survey into the demand register, and goes on by itself after faults: tells how
// far it is, then the totals and every bad cell. A file whose import was begun before needs
// `resume`.
struct NeedsImportOrder {
  std::string file;
  int survey_year = 0;
  // If not empty, only rows of this county are taken.
  std::string county_code;
  // Another number reads the same file once more.
  int run = 0;
  bool resume = false;
  // How long nothing may come further.
  absl::Duration patience = absl::Minutes(5);
};
absl::Status ImportNeeds(const Connections& connections, const NeedsImportOrder& order,
                         std::ostream& out);

// What may be said beside the words of a ledger command.
struct LedgerOptions {
  std::string reason;
  std::string vendor;
  int limit = 0;
  // The same again is done once; empty: a new one.
  std::string request_id;
};
// `words` begin with "ledger"; nullopt if they are none of its commands.
std::optional<absl::Status> RunLedger(const Connections& connections,
                                      const std::vector<std::string>& words,
                                      const LedgerOptions& options, std::ostream& out);

// Services that have streams or consume them.
const std::vector<std::string>& StreamServices();

// The request id of what the text says, so that a repeated command is the same request and gets the
// first answer.
std::string RequestIdOf(const std::string& text);

// A channel and a context with the actor and a deadline.
std::shared_ptr<grpc::Channel> ChannelTo(const std::string& address);
void Prepare(grpc::ClientContext& context, const Connections& connections);

}  // namespace fuju::fujuctl
