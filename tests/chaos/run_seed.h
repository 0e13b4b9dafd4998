#pragma once

#include <cstdint>
#include <random>

namespace fuju::chaos {

// What decides every choice of the suite: --chaos_seed=N, else $FUJU_CHAOS_SEED, else by chance. It
// is printed at the start and with every failure; the same seed makes the same plan of faults
// (which process, how long, how often), though not the same instant of each.
uint64_t Seed();

// --chaos_full, else $FUJU_CHAOS_FULL: the whole numbers of faults instead of those of a quick run.
bool Full();

// Chance of the test that runs now: the seed and the test's name.
std::mt19937_64 Chance();

// Takes the flags above out of the arguments, prints the seed, and lets failures print it.
void InitSeed(int* argc, char** argv);

}  // namespace fuju::chaos
