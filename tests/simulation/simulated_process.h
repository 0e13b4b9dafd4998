#pragma once

#include <map>
#include <memory>
#include <string>

#include "applications/applications_service.h"
#include "applications/public_notices_service.h"
#include "catalogue/catalogue_service.h"
#include "chassis/store/raw_store.h"
#include "chassis/streams/reactor.h"
#include "dispatch/dispatch_service.h"
#include "dispatch/vendor_watcher.h"
#include "fitting/fitting_service.h"
#include "simulation/commons.h"
#include "simulation/held_partition.h"
#include "simulation/simulated_client.h"

namespace fuju::simulation {

enum class Service { kApplications, kCatalogue, kDispatch, kFitting };
inline constexpr int kServices = 4;
inline constexpr int kPartitions = 2;
const char* NameOf(Service service);
chassis::Keys KeysOf(Service service);

// What one service is made of in one process, wired as its main.cc does.
class ServiceParts {
 public:
  virtual ~ServiceParts() = default;
  virtual chassis::Reactions MakeReactions() = 0;
  virtual chassis::TimerHandlers MakeTimers() = 0;

  // The edges; of the other services null.
  applications::ApplicationsService* applications = nullptr;
  applications::PublicNoticesService* public_notices = nullptr;
  catalogue::CatalogueService* catalogue = nullptr;
  dispatch::DispatchService* dispatch = nullptr;
  fitting::FittingService* fitting = nullptr;
};

// One process of a service: its Redis client, its edge, and the partitions that it holds.
// Destroying it is its death: what it had under way ends with an error. Not thread-safe.
class SimulatedProcess {
 public:
  // `instance` such as "dispatch-a"; `random` is for the ids that it makes. What is passed outlives
  // it; `directory` is what the dispatch service knows of the vendors.
  SimulatedProcess(Commons* commons, SimulatedRedis* redis, Service service, std::string instance,
                   uint64_t random, dispatch::VendorDirectory directory);
  ~SimulatedProcess();

  Service service() const { return service_; }
  const std::string& instance() const { return instance_; }
  SimulatedClient& client() { return client_; }
  ServiceParts& parts() { return *parts_; }
  std::map<int, std::unique_ptr<HeldPartition>>& held() { return held_; }

  // Takes the lease of a partition; false if somebody has it.
  bool Acquire(int partition);

 private:
  SimulatedRedis* const redis_;
  const Service service_;
  const std::string instance_;
  SimulatedClient client_;
  std::unique_ptr<chassis::RawStore> store_;
  std::unique_ptr<ServiceParts> parts_;
  std::shared_ptr<const chassis::WorkerContext> context_;
  std::map<int, std::unique_ptr<HeldPartition>> held_;
};

}  // namespace fuju::simulation
