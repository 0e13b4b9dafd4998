// One step of a relay, as a service of the product would be: the chassis' process with consumer,
// leases, retries, dead letters, metrics and traces, and nothing else.

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"

#include "bench/baton.h"
#include "bench/measure.h"
#include "bench/roles.h"
#include "bench/stage.h"
#include "chassis/process/process.h"

namespace fuju::bench {
namespace {

using testing::v1::BatonPassed;

absl::Status Wire(chassis::Process& process, int step) {
  const auto* store = process.Keep(std::make_unique<BatonStore>(&process.store(), BatonKind()));
  chassis::Reactions reactions;
  reactions.On<BatonPassed>(
      StepName(step - 1), [store, step](const BatonPassed& fact, const chassis::Delivery& delivery,
                                        chassis::ReactionDone done) {
        const int64_t handled_ns = SteadyNs();
        const std::string& name = fact.baton().name();
        chassis::Command command = delivery.ToCommand(StepName(step));
        // As the product's services say it of what a reaction makes.
        command.presumes_new = true;
        store->Update(
            name.substr(name.find('/') + 1), std::move(command),
            // The fact lives until `done`.
            [&fact, handled_ns](const chassis::Versioned<testing::v1::Baton>& /*current*/) {
              return PassOn(fact.baton(), fact.started_ns(), handled_ns);
            },
            [done = std::move(done)](
                const absl::StatusOr<chassis::Committed<testing::v1::Baton>>& committed) {
              done(committed.status());
            });
      });
  std::vector<std::string> readers;
  if (step < kLastStep) readers.push_back(StepName(step + 1));
  process.React(std::move(reactions), chassis::TimerHandlers(), readers);
  return absl::OkStatus();
}

}  // namespace

int ServeStep(int argc, char** argv) {
  int step = 0;
  if (argc < 2 || !absl::SimpleAtoi(argv[1], &step) || step < 1 || step > kLastStep) {
    Fail("serve-step N, from 1 to 4");
  }
  return chassis::RunService(StepName(step), argc - 1, argv + 1,
                             [step](chassis::Process& process) { return Wire(process, step); });
}

}  // namespace fuju::bench
