#include "simulation/simulated_process.h"

#include <random>
#include <utility>

#include "absl/strings/str_cat.h"

#include "applications/reactions.h"
#include "catalogue/reactions.h"
#include "chassis/streams/acquire_lease.lua.h"
#include "dispatch/reactions.h"
#include "fitting/wiring.h"

namespace fuju::simulation {
namespace {

// Longer than any run: leases end when the schedule says so.
constexpr char kLeaseMs[] = "999999999999";

const chassis::redis::Script& AcquireLeaseScript() {
  static const auto* const script = new chassis::redis::Script(chassis::kAcquireLeaseLua);
  return *script;
}

// Few, so that a read leaves something for the next one.
constexpr int kReadCount = 4;

class ApplicationsParts final : public ServiceParts {
 public:
  ApplicationsParts(Commons* commons, chassis::RawStore* store, uint64_t random)
      : wiring_(store, &commons->clock, &commons->applications_metrics),
        ids_([random = std::mt19937_64(random)]() mutable {
          vocabulary::UlidEntropy entropy;
          for (uint8_t& byte : entropy) byte = static_cast<uint8_t>(random());
          return entropy;
        }),
        rules_(commons->rules),
        edge_({.gate = commons->gate.get(),
               .wiring = &wiring_,
               .fanout = nullptr,
               .keyer = &commons->keyer,
               .ids = &ids_,
               .rules = rules_,
               .questionnaires = &commons->questionnaires,
               .watch_heartbeat = absl::Seconds(15)}),
        notices_edge_(commons->gate.get(), &wiring_, &commons->regions, rules_) {
    applications = &edge_;
    public_notices = &notices_edge_;
  }
  chassis::Reactions MakeReactions() override {
    return applications::MakeReactions(&wiring_, rules_);
  }
  chassis::TimerHandlers MakeTimers() override {
    return applications::MakeTimerHandlers(&wiring_, rules_);
  }

 private:
  const applications::Wiring wiring_;
  vocabulary::UlidGenerator ids_;
  const applications::Rules rules_;
  applications::ApplicationsService edge_;
  applications::PublicNoticesService notices_edge_;
};

class CatalogueParts final : public ServiceParts {
 public:
  CatalogueParts(Commons* commons, chassis::RawStore* store)
      : stores_(store, &commons->catalogue_metrics),
        watcher_(&stores_, nullptr, &commons->catalogue_metrics,
                 catalogue::ProvinceOf(commons->regions)),
        importer_(&stores_, &watcher_),
        reactions_(&stores_, &watcher_, &commons->regions),
        edge_(commons->gate.get(), &stores_, &watcher_, &importer_, &commons->catalogue_metrics) {
    watcher_.Learn(commons->catalogue);
    catalogue = &edge_;
  }
  chassis::Reactions MakeReactions() override { return reactions_.Table(); }
  chassis::TimerHandlers MakeTimers() override { return reactions_.Timers(); }

 private:
  const catalogue::CatalogueStores stores_;
  catalogue::CatalogueWatcher watcher_;
  const catalogue::CatalogueImporter importer_;
  catalogue::CatalogueReactions reactions_;
  catalogue::CatalogueService edge_;
};

class DispatchParts final : public ServiceParts {
 public:
  DispatchParts(Commons* commons, chassis::RawStore* store, dispatch::VendorDirectory directory)
      : stores_(store, &commons->dispatch_metrics),
        reactions_(
            &stores_,
            [directory = std::move(directory)]() -> absl::StatusOr<dispatch::VendorDirectory> {
              return directory;
            },
            {.offer_limit = absl::Hours(24),
             .manual_limit = absl::Hours(5 * 24),
             .max_candidates = 2}),
        edge_(commons->gate.get(), &stores_, nullptr, absl::Seconds(15)) {
    dispatch = &edge_;
  }
  chassis::Reactions MakeReactions() override { return reactions_.Facts(); }
  chassis::TimerHandlers MakeTimers() override { return reactions_.Timers(); }

 private:
  const dispatch::DispatchStores stores_;
  dispatch::DispatchReactions reactions_;
  dispatch::DispatchService edge_;
};

class FittingParts final : public ServiceParts {
 public:
  FittingParts(Commons* commons, SimulatedClient* client, chassis::RawStore* store)
      : stores_(store, &commons->fitting_metrics),
        serial_numbers_(client, store->keys(), absl::Hours(1), fitting::AskOrders(&stores_)),
        edge_(commons->gate.get(), &stores_, &serial_numbers_, settings_) {
    fitting = &edge_;
  }
  chassis::Reactions MakeReactions() override {
    return fitting::MakeReactions(&stores_, settings_.rules);
  }
  chassis::TimerHandlers MakeTimers() override { return fitting::MakeTimerHandlers(&stores_); }

 private:
  const fitting::Settings settings_;
  const fitting::FittingStores stores_;
  chassis::UniqueNames serial_numbers_;
  fitting::FittingService edge_;
};

std::unique_ptr<ServiceParts> MakeParts(Commons* commons, Service service, SimulatedClient* client,
                                        chassis::RawStore* store, uint64_t random,
                                        dispatch::VendorDirectory directory) {
  switch (service) {
    case Service::kApplications:
      return std::make_unique<ApplicationsParts>(commons, store, random);
    case Service::kCatalogue:
      return std::make_unique<CatalogueParts>(commons, store);
    case Service::kDispatch:
      return std::make_unique<DispatchParts>(commons, store, std::move(directory));
    case Service::kFitting:
      return std::make_unique<FittingParts>(commons, client, store);
  }
  return nullptr;
}

// Handlers return in their step.
chassis::HandlerWatchdog* Watchdog() {
  static auto* const watchdog =
      new chassis::HandlerWatchdog(absl::Hours(1), [](const std::string&) {});
  return watchdog;
}

std::shared_ptr<const chassis::WorkerContext> MakeContext(Commons* commons, SimulatedClient* client,
                                                          const chassis::Keys& keys,
                                                          const std::string& instance,
                                                          uint64_t random, ServiceParts& parts) {
  chassis::ConsumerOptions options;
  options.instance = instance;
  options.read_count = kReadCount;
  // The schedule decides what happens before a repeat.
  options.retry_min = absl::ZeroDuration();
  options.retry_max = absl::ZeroDuration();
  options.reaction_timeout = absl::Hours(1);
  // How long a blamed entry waits; the leases themselves are longer.
  options.lease_ttl = absl::ZeroDuration();
  chassis::Reactions reactions = parts.MakeReactions();
  chassis::TimerHandlers timers = parts.MakeTimers();
  std::vector<chassis::StreamSource> sources;
  for (const std::string& name : reactions.Sources()) sources.push_back({name, keys.Of(name)});
  auto metrics = std::make_unique<chassis::StreamMetrics>(*commons->registry, reactions.Sources(),
                                                          timers.Kinds());
  return std::make_shared<const chassis::WorkerContext>(
      chassis::WorkerContext{.client = client,
                             .topology = nullptr,
                             .keys = keys,
                             .clock = &commons->clock,
                             .reactions = std::move(reactions),
                             .timers = std::move(timers),
                             .options = std::move(options),
                             .sources = std::move(sources),
                             .process = absl::StrCat(instance, "#", random),
                             .metrics = std::move(metrics),
                             .watchdog = Watchdog()});
}

}  // namespace

const char* NameOf(Service service) {
  static constexpr const char* kNames[] = {"applications", "catalogue", "dispatch", "fitting"};
  return kNames[static_cast<int>(service)];
}

chassis::Keys KeysOf(Service service) { return chassis::Keys(NameOf(service), kPartitions); }

SimulatedProcess::SimulatedProcess(Commons* commons, SimulatedRedis* redis, Service service,
                                   std::string instance, uint64_t random,
                                   dispatch::VendorDirectory directory)
    : redis_(redis),
      service_(service),
      instance_(std::move(instance)),
      client_(redis),
      store_(chassis::MakeRedisStore(&client_, KeysOf(service), &commons->clock,
                                     {.pack_states = false})),
      parts_(MakeParts(commons, service, &client_, store_.get(), random, std::move(directory))),
      context_(MakeContext(commons, &client_, KeysOf(service), instance_, random, *parts_)) {}

SimulatedProcess::~SimulatedProcess() {
  held_.clear();
  client_.Stop();
}

bool SimulatedProcess::Acquire(int partition) {
  const chassis::Keys keys = KeysOf(service_);
  const chassis::redis::Reply reply = redis_->Run(
      AcquireLeaseScript(), {keys.Lease(partition), keys.Fence(partition)}, {instance_, kLeaseMs});
  if (reply.type() == chassis::redis::Reply::Type::kInteger) return false;
  held_[partition] =
      std::make_unique<HeldPartition>(context_, &client_, redis_, partition, reply.text());
  return true;
}

}  // namespace fuju::simulation
