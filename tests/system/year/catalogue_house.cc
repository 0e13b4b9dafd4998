#include "catalogue_house.h"

#include <filesystem>
#include <utility>

#include <gtest/gtest.h>

#include "support/child_process.h"

namespace fuju::catalogue {
namespace {

constexpr char kService[] = "catalogue";

}  // namespace

CatalogueHouse::CatalogueHouse(absl::Time now) {
  clock_.GoTo(now);
  auto cluster = test_support::Cluster::Start(
      {.bin_dir = test_support::BinDir(),
       .source_dir = std::filesystem::current_path(),
       .work_dir = folder_.path(),
       .services = {kService},
       .flags = {"--lease_ttl_ms=500", "--catalogue_file=deploy/data/gansu/catalogue.csv",
                 "--catalogue_policy_file=deploy/data/gansu/policy.json",
                 "--catalogue_version=gansu-year"},
       .launchers = {{"redis", clock_.launcher()}}});
  if (!cluster.ok()) {
    ADD_FAILURE() << cluster.status();
    std::abort();
  }
  cluster_ = *std::move(cluster);
  Connect();
}

void CatalogueHouse::GoTo(absl::Time time) {
  Kill();
  cluster_->redis().Kill();
  clock_.GoTo(time);
  cluster_->redis().Restart();
  Restart();
}

void CatalogueHouse::KillAndRestart() {
  Kill();
  Restart();
}

absl::Time CatalogueHouse::Now() {
  return absl::FromUnixSeconds(cluster_->redis().Call({"TIME"})[0].integer());
}

void CatalogueHouse::Kill() {
  const absl::Status status = cluster_->Kill(kService);
  EXPECT_TRUE(status.ok()) << status;
}

void CatalogueHouse::Restart() {
  const absl::Status status = cluster_->Restart(kService);
  EXPECT_TRUE(status.ok()) << status;
  Connect();
}

// Anew each time, so that no call waits for a channel that has given up for a while.
void CatalogueHouse::Connect() {
  const std::shared_ptr<grpc::Channel> channel = cluster_->channel(kService);
  catalogue_ = v1::CatalogueService::NewStub(channel);
  ledger_ = v1::LedgerService::NewStub(channel);
}

}  // namespace fuju::catalogue
