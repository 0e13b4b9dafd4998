#include <map>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "chassis/rpc/status.h"
#include "fuju/catalogue/v1/decisions_service.grpc.pb.h"
#include "fujuctl/commands.h"
#include "vocabulary/money.h"

namespace fuju::fujuctl {
namespace {

namespace cv1 = catalogue::v1;
using vocabulary::Fen;
using vocabulary::FormatYuan;

// A stream lasts as long as its run.
void PrepareRun(grpc::ClientContext& context, const Connections& connections) {
  context.AddMetadata("fuju-actor", connections.actor);
}

void PrintReplay(const cv1::DecisionReplay& replay, std::ostream& out) {
  std::string result = cv1::ReplayResult_Name(replay.result());
  constexpr size_t kPrefix = sizeof("REPLAY_RESULT_") - 1;
  out << replay.name() << ": " << result.substr(kPrefix) << ", catalogue "
      << replay.catalogue_version() << (replay.hash_broken() ? ", HASH BROKEN" : "") << "\n";
  for (const cv1::DecisionDifference& difference : replay.differences()) {
    out << "  " << difference.path() << ": stored '" << difference.stored() << "', recomputed '"
        << difference.recomputed() << "'\n";
  }
}

std::string Where(const cv1::RunProgress& progress) {
  return absl::StrCat(progress.counties_done(), " of ", progress.counties(), " counties, ",
                      progress.decisions(), " decisions");
}

void PrintEnd(const cv1::RunProgress& progress, std::ostream& out) {
  out << "done: " << Where(progress) << "\n";
  if (progress.changed_meanwhile() > 0) {
    out << progress.changed_meanwhile() << " grants changed meanwhile and may be missing\n";
  }
}

absl::Status Incomplete() {
  return absl::UnavailableError("the run ended before it was complete: repeat it");
}

void PrintCounts(const std::string& name, const cv1::SimulationCounts& counts, std::ostream& out) {
  const int64_t more = counts.subsidy_after_fen() - counts.subsidy_before_fen();
  out << absl::StrFormat(
      "  %-24s %9d decisions, eligible %d -> %d (+%d -%d), subsidies %s -> %s (%s%s), "
      "persons pay %s -> %s\n",
      name, counts.applications(), counts.eligible_before(), counts.eligible_after(),
      counts.newly_eligible(), counts.no_longer_eligible(),
      FormatYuan(Fen(counts.subsidy_before_fen())), FormatYuan(Fen(counts.subsidy_after_fen())),
      more > 0 ? "+" : "", FormatYuan(Fen(more)), FormatYuan(Fen(counts.self_pay_before_fen())),
      FormatYuan(Fen(counts.self_pay_after_fen())));
}

void AddCounts(const cv1::SimulationCounts& more, cv1::SimulationCounts& counts) {
  counts.set_applications(counts.applications() + more.applications());
  counts.set_eligible_before(counts.eligible_before() + more.eligible_before());
  counts.set_eligible_after(counts.eligible_after() + more.eligible_after());
  counts.set_newly_eligible(counts.newly_eligible() + more.newly_eligible());
  counts.set_no_longer_eligible(counts.no_longer_eligible() + more.no_longer_eligible());
  counts.set_subsidy_before_fen(counts.subsidy_before_fen() + more.subsidy_before_fen());
  counts.set_subsidy_after_fen(counts.subsidy_after_fen() + more.subsidy_after_fen());
  counts.set_self_pay_before_fen(counts.self_pay_before_fen() + more.self_pay_before_fen());
  counts.set_self_pay_after_fen(counts.self_pay_after_fen() + more.self_pay_after_fen());
}

// The cells added up by each of their three names.
class Tables {
 public:
  void Add(const cv1::SimulationCell& cell) {
    constexpr size_t kPrefix = sizeof("ECONOMIC_STATUS_") - 1;
    AddCounts(cell.counts(), counties_[cell.county_code()]);
    AddCounts(cell.counts(), items_[cell.item_code()]);
    AddCounts(cell.counts(),
              groups_[type::v1::EconomicStatus_Name(cell.economic_status()).substr(kPrefix)]);
  }
  void Print(std::ostream& out) const {
    PrintOne("by county:", counties_, out);
    PrintOne("by item:", items_, out);
    PrintOne("by economic group:", groups_, out);
  }

 private:
  using Table = std::map<std::string, cv1::SimulationCounts>;

  static void PrintOne(const char* title, const Table& table, std::ostream& out) {
    out << title << "\n";
    for (const auto& [name, counts] : table) PrintCounts(name, counts, out);
  }

  Table counties_;
  Table items_;
  Table groups_;
};

}  // namespace

absl::Status ReplayDecision(const Connections& connections, const std::string& grant,
                            std::ostream& out) {
  const auto stub = cv1::DecisionsService::NewStub(ChannelTo(connections.catalogue));
  grpc::ClientContext context;
  Prepare(context, connections);
  cv1::ReplayDecisionRequest request;
  request.set_name(grant);
  cv1::DecisionReplay replay;
  const grpc::Status status = stub->ReplayDecision(&context, request, &replay);
  if (!status.ok()) return chassis::FromGrpcStatus(status);
  PrintReplay(replay, out);
  return absl::OkStatus();
}

absl::Status ReplayDecisions(const Connections& connections, const DecisionPeriod& period,
                             std::ostream& out) {
  const auto stub = cv1::DecisionsService::NewStub(ChannelTo(connections.catalogue));
  grpc::ClientContext context;
  PrepareRun(context, connections);
  cv1::ReplayDecisionsRequest request;
  request.set_area_code(period.area_code);
  request.set_from_date(period.from_date);
  request.set_to_date(period.to_date);
  const auto stream = stub->ReplayDecisions(&context, request);
  cv1::ReplayDecisionsResponse next;
  cv1::ReplayDecisionsResponse page;
  while (stream->Read(&next)) {
    for (const cv1::DecisionReplay& replay : next.found()) PrintReplay(replay, out);
    page.Swap(&next);
  }
  const grpc::Status status = stream->Finish();
  if (!status.ok()) return chassis::FromGrpcStatus(status);
  if (!page.progress().complete()) return Incomplete();
  PrintEnd(page.progress(), out);
  out << page.equal() << " equal, " << page.different() << " different, " << page.not_replayable()
      << " not replayable\n";
  return absl::OkStatus();
}

absl::Status SimulateCatalogue(const Connections& connections, const std::string& version,
                               const DecisionPeriod& period, std::ostream& out) {
  const auto stub = cv1::DecisionsService::NewStub(ChannelTo(connections.catalogue));
  grpc::ClientContext context;
  PrepareRun(context, connections);
  cv1::SimulateCatalogueRequest request;
  request.set_version(version);
  request.set_area_code(period.area_code);
  request.set_from_date(period.from_date);
  request.set_to_date(period.to_date);
  const auto stream = stub->SimulateCatalogue(&context, request);
  cv1::SimulateCatalogueResponse next;
  cv1::SimulateCatalogueResponse message;
  Tables tables;
  while (stream->Read(&next)) {
    for (const cv1::SimulationCell& cell : next.cells()) tables.Add(cell);
    message.Swap(&next);
  }
  const grpc::Status status = stream->Finish();
  if (!status.ok()) return chassis::FromGrpcStatus(status);
  if (!message.progress().complete()) return Incomplete();
  PrintEnd(message.progress(), out);
  PrintCounts("all", message.total(), out);
  tables.Print(out);
  return absl::OkStatus();
}

}  // namespace fuju::fujuctl
