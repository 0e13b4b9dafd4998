// fuju-demo: a whole province on one machine for a minute. scripts/demo builds and calls it.

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

#include "scenario/report.h"
#include "scenario/scenario.h"
#include "support/cluster.h"

ABSL_FLAG(int, applications, 200, "applications to play");
ABSL_FLAG(uint64_t, seed, 1, "decides who applies for what, and what happens to them");
ABSL_FLAG(bool, keep, false, "leave everything running until Ctrl-C and print the addresses");
ABSL_FLAG(bool, json, false, "print the figures as one JSON object on the last line");
ABSL_FLAG(std::string, bin_dir, "", "folder of the service programs; default: beside this one");
ABSL_FLAG(std::string, source_dir, ".", "the source tree, for deploy/");

namespace {

using fuju::scenario::Progress;

constexpr int kPartitions = 16;

void ShowProgress(const Progress& progress, int applications) {
  const bool terminal = isatty(STDERR_FILENO);
  absl::FPrintF(stderr, "%s申请 %d/%d 已办结 finished, %d 进行中 running, 派单 %d offers%s",
                terminal ? "\r" : "", progress.finished, applications,
                progress.started - progress.finished, progress.offers, terminal ? "   " : "\n");
  fflush(stderr);
}

void ShowAddresses(const fuju::test_support::Cluster& cluster, const std::string& bin_dir) {
  absl::PrintF("\n仍在运行，按 Ctrl-C 结束。Everything keeps running; Ctrl-C ends it.\n");
  absl::PrintF("  审计页面 dashboard   http://%s/\n", cluster.dashboard_address());
  absl::PrintF("  Redis                %s\n", cluster.redis_address());
  for (const std::string& service : fuju::test_support::ServiceNames()) {
    absl::PrintF("  %-20s gRPC %s   metrics http://%s/metrics\n", service, cluster.address(service),
                 cluster.metrics_address(service));
  }
  absl::PrintF("试一试 Try:\n");
  const std::string flags = absl::StrJoin(cluster.operator_flags(), " ");
  absl::PrintF("  %s/fujuctl %s streams status\n", bin_dir, flags);
  absl::PrintF("  %s/fujuctl %s dead-letters list\n", bin_dir, flags);
  absl::PrintF("  %s/fujuctl %s application trace applications/...\n", bin_dir, flags);
  absl::PrintF("  curl -s http://%s/metrics | head\n", cluster.metrics_address("applications"));
  fflush(stdout);
}

// The folder of a run; removed with everything in it at the end.
class WorkFolder {
 public:
  WorkFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "fuju-demo-XXXXXX").string();
    if (const char* made = mkdtemp(pattern.data()); made != nullptr) path_ = made;
  }
  ~WorkFolder() {
    std::error_code ignored;
    if (!path_.empty() && !kept_) std::filesystem::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }
  void Keep() { kept_ = true; }

 private:
  std::string path_;
  bool kept_ = false;
};

}  // namespace

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage("plays applications through a cluster of its own");
  absl::ParseCommandLine(argc, argv);
  const int applications = absl::GetFlag(FLAGS_applications);
  if (applications < 1 || applications > 26000) {
    absl::FPrintF(stderr, "--applications: give a number from 1 to 26000\n");
    return 64;
  }
  std::string bin_dir = absl::GetFlag(FLAGS_bin_dir);
  if (bin_dir.empty())
    bin_dir = std::filesystem::canonical("/proc/self/exe").parent_path().string();

  // Taken by one thread that stops the play; children have a process group of their own.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  WorkFolder folder;
  absl::FPrintF(stderr, "启动 Redis 和各服务 starting Redis and the services ...\n");
  auto cluster = fuju::test_support::Cluster::Start({.bin_dir = bin_dir,
                                                     .source_dir = absl::GetFlag(FLAGS_source_dir),
                                                     .work_dir = folder.path()});
  if (!cluster.ok()) {
    folder.Keep();
    absl::FPrintF(stderr, "%s\n", cluster.status().ToString());
    return 69;
  }
  fuju::scenario::ScenarioOptions options;
  options.applications = applications;
  options.seed = absl::GetFlag(FLAGS_seed);
  options.data_dir = absl::StrCat(absl::GetFlag(FLAGS_source_dir), "/deploy/data/gansu");
  fuju::scenario::Scenario scenario(**cluster, options);

  std::atomic<bool> interrupted{false};
  absl::Notification ended;
  std::thread signal_taker([&] {
    const timespec second{.tv_sec = 1, .tv_nsec = 0};
    while (!ended.HasBeenNotified()) {
      if (sigtimedwait(&signals, nullptr, &second) < 0) continue;
      interrupted = true;
      scenario.Stop();
      return;
    }
  });
  const auto result = scenario.Play(
      [applications](const Progress& progress) { ShowProgress(progress, applications); });
  absl::FPrintF(stderr, "\n");
  int exit_code = 0;
  std::string json;
  if (!result.ok()) {
    absl::FPrintF(stderr, "%s\n", result.status().ToString());
    exit_code = 1;
  } else {
    const auto streams = fuju::scenario::ReadStreams(**cluster, kPartitions);
    if (!streams.ok()) {
      absl::FPrintF(stderr, "%s\n", streams.status().ToString());
      exit_code = 1;
    } else {
      absl::PrintF("%s", fuju::scenario::TextReport(*result, *streams));
      json = fuju::scenario::JsonReport(*result, *streams);
      if (!result->good() || streams->dead_letters > 0) exit_code = 1;
    }
    if (result->books.applications < applications && !interrupted) {
      absl::FPrintF(stderr, "only %d of %d applications were made\n", result->books.applications,
                    applications);
      exit_code = 1;
    }
  }
  fflush(stdout);
  if (absl::GetFlag(FLAGS_keep) && !interrupted) {
    ShowAddresses(**cluster, bin_dir);
    signal_taker.join();
  } else {
    ended.Notify();
    signal_taker.join();
  }
  const absl::Status stopped = (*cluster)->Stop();
  if (!stopped.ok()) {
    folder.Keep();
    absl::FPrintF(stderr, "%s; logs in %s\n", stopped.ToString(), folder.path());
    exit_code = exit_code == 0 ? 1 : exit_code;
  }
  if (interrupted && !absl::GetFlag(FLAGS_keep)) exit_code = 130;
  if (absl::GetFlag(FLAGS_json) && !json.empty()) absl::PrintF("%s\n", json);
  return exit_code;
}
