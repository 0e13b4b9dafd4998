#pragma once

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "scenario/scenario.h"
#include "support/cluster.h"

namespace fuju {

// Starts all real binaries with the demonstration's profile. Fails the test if that does not work.
std::unique_ptr<test_support::Cluster> StartCluster(const std::string& work_dir);

// Options of a short run.
scenario::ScenarioOptions ShortRun(int applications, uint64_t seed);

// EXPECTs everything that scripts/demo promises of a run.
void ExpectGood(const scenario::ScenarioResult& result, int applications);

// Runs a program to its end; its output goes to `output`.
int RunProgram(const std::vector<std::string>& argv, const std::string& work_dir,
               std::string* output);

}  // namespace fuju
