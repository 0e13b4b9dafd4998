#pragma once

namespace fuju::test_support {

// The program under test: RunService with the probe service and two flags of its own, --wire_error
// and
// --step_error (a status code with which that part fails). A call for "probes/slow" is announced to
// the open watch and answered half a second later.
int RunProbeProcess(int argc, char** argv);

}  // namespace fuju::test_support
