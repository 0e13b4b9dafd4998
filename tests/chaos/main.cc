#include <gtest/gtest.h>

#include "chaos/run_seed.h"

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  fuju::chaos::InitSeed(&argc, argv);
  return RUN_ALL_TESTS();
}
