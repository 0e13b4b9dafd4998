// A unary call that does nothing, on the server, gate and metrics that every service has.

#include <memory>
#include <utility>

#include "bench/roles.h"
#include "chassis/process/process.h"
#include "support/probe_service.h"

namespace fuju::bench {
namespace {

absl::Status Wire(chassis::Process& process) {
  process.Serve(
      std::make_unique<test_support::ProbeService>(&process.MakeGate(chassis::FormatRegistry())));
  return absl::OkStatus();
}

}  // namespace

int ServeEcho(int argc, char** argv) { return chassis::RunService("echo", argc, argv, Wire); }

}  // namespace fuju::bench
