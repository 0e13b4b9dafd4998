#include <string_view>

#include <gtest/gtest.h>

#include "chaos/poison_child.h"
#include "chaos/run_seed.h"

int main(int argc, char** argv) {
  if (argc == 4 && std::string_view(argv[1]) == "--poison-child") {
    return fuju::chaos::RunPoisonChild(argv);
  }
  testing::InitGoogleTest(&argc, argv);
  fuju::chaos::InitSeed(&argc, argv);
  return RUN_ALL_TESTS();
}
