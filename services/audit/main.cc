#include <memory>
#include <utility>

#include "audit/archive_readers.h"
#include "audit/archive_writer.h"
#include "audit/audit_answers.h"
#include "audit/audit_service.h"
#include "audit/code_names.h"
#include "audit/dashboard_api.h"
#include "audit/dashboard_server.h"
#include "audit/metrics.h"
#include "audit/reactions.h"
#include "audit/settings.h"
#include "chassis/process/process.h"
#include "chassis/telemetry/log.h"
#include "edge_formats/vocabulary_formats.h"

namespace fuju::audit {
namespace {

constexpr absl::Duration kLongestDashboardQuestion = absl::Seconds(10);

absl::Status Wire(chassis::Process& process) {
  chassis::SettingsCheck check;
  const Settings settings = ReadSettings(check);
  if (absl::Status status = check.Result(); !status.ok()) return status;

  absl::StatusOr<CodeNames> loaded = CodeNames::Load(settings.data_dir);
  if (!loaded.ok()) return loaded.status();
  const auto* names = process.Keep(std::make_unique<CodeNames>(*std::move(loaded)));
  auto* metrics = process.Keep(std::make_unique<AuditMetrics>(*process.registry()));

  absl::StatusOr<std::unique_ptr<ArchiveWriter>> writing = ArchiveWriter::Start(
      {.path = settings.archive_file, .verify_at_start = settings.verify_at_start},
      &process.clock(), metrics);
  if (!writing.ok()) return writing.status();
  ArchiveWriter* writer = process.Keep(*std::move(writing));
  absl::StatusOr<std::unique_ptr<ArchiveReaders>> reading =
      ArchiveReaders::Start({.path = settings.archive_file, .threads = settings.read_threads});
  if (!reading.ok()) return reading.status();
  ArchiveReaders* readers = process.Keep(*std::move(reading));
  auto* answers = process.Keep(std::make_unique<AuditAnswers>(readers));

  auto* formats = process.Keep(std::make_unique<chassis::FormatRegistry>());
  edge_formats::RegisterVocabularyFormats(*formats, names->regions(), process.clock());
  process.Serve(std::make_unique<AuditService>(&process.MakeGate(*formats), answers));
  process.React(MakeReactions(writer), chassis::TimerHandlers(), {"audit"});

  const auto* api = process.Keep(
      std::make_unique<DashboardApi>(answers, formats, names->json(), kLongestDashboardQuestion));
  absl::StatusOr<std::unique_ptr<DashboardServer>> serving = DashboardServer::Start(
      {.listen = settings.dashboard_listen, .web_root = settings.web_root}, api);
  if (!serving.ok()) return serving.status();
  DashboardServer* dashboard = process.Keep(*std::move(serving));
  process.ReportPort("dashboard", dashboard->port());
  chassis::LogInfo("dashboard", {{"port", dashboard->port()}});

  process.OnStop([writer, readers, dashboard] {
    dashboard->Stop();
    readers->Stop();
    writer->Stop();
  });
  return absl::OkStatus();
}

}  // namespace
}  // namespace fuju::audit

int main(int argc, char** argv) {
  return fuju::chassis::RunService(
      "audit", argc, argv, fuju::audit::Wire,
      [](fuju::chassis::SettingsCheck& check) { fuju::audit::ReadSettings(check); });
}
