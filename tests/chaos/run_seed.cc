#include "chaos/run_seed.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include <gtest/gtest.h>

namespace fuju::chaos {
namespace {

uint64_t seed = 0;
bool full = false;

class SeedTeller final : public testing::EmptyTestEventListener {
  void OnTestEnd(const testing::TestInfo& test) override {
    if (!test.result()->Failed()) return;
    std::printf("again: scripts/chaos --seed %lu --only %s.%s\n", static_cast<unsigned long>(seed),
                test.test_suite_name(), test.name());
  }
};

}  // namespace

uint64_t Seed() { return seed; }
bool Full() { return full; }

std::mt19937_64 Chance() {
  const testing::TestInfo& test = *testing::UnitTest::GetInstance()->current_test_info();
  const std::string name = absl::StrCat(test.test_suite_name(), ".", test.name());
  // FNV-1a: the same on every machine, unlike std::hash.
  uint64_t hash = 14695981039346656037U;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  return std::mt19937_64(hash ^ seed);
}

void InitSeed(int* argc, char** argv) {
  const char* from_environment = std::getenv("FUJU_CHAOS_SEED");
  if (from_environment == nullptr || !absl::SimpleAtoi(from_environment, &seed)) {
    seed = std::random_device{}();
  }
  full = std::getenv("FUJU_CHAOS_FULL") != nullptr;
  int kept = 1;
  for (int i = 1; i < *argc; ++i) {
    absl::string_view word = argv[i];
    if (word == "--chaos_full") {
      full = true;
    } else if (absl::ConsumePrefix(&word, "--chaos_seed=")) {
      if (!absl::SimpleAtoi(word, &seed)) {
        std::fprintf(stderr, "--chaos_seed wants a number\n");
        std::exit(64);
      }
    } else {
      argv[kept++] = argv[i];
    }
  }
  *argc = kept;
  std::printf("chaos seed %lu, %s run\n", static_cast<unsigned long>(seed),
              full ? "full" : "quick");
  testing::UnitTest::GetInstance()->listeners().Append(new SeedTeller);
}

}  // namespace fuju::chaos
