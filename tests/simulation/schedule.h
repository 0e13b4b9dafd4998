#pragma once

#include <cstdint>
#include <random>
#include <utility>
#include <vector>

namespace fuju::simulation {

// Every choice of one run: drawn by a seed, or given. A run asks in a fixed order, so the choices
// are its whole history. 0 is always the plainest choice (the first thing that can happen, no
// fault, the way that goes through), and where given choices end, all is 0: a history with more
// zeros is a simpler one.
class Schedule {
 public:
  explicit Schedule(uint64_t seed) : random_(seed), drawn_(true) {}
  explicit Schedule(std::vector<uint32_t> given) : drawn_(false), choices_(std::move(given)) {}

  // One of 0 .. count - 1; count > 0.
  uint32_t Choose(uint32_t count) {
    if (count <= 1) return 0;
    if (drawn_) {
      choices_.push_back(static_cast<uint32_t>(random_() % count));
      return choices_.back();
    }
    return asked_ < choices_.size() ? choices_[asked_++] % count : 0;
  }

  // True in `in_thousand` of a thousand cases; the plain choice is false.
  bool Chance(uint32_t in_thousand) { return Choose(1000) >= 1000 - in_thousand; }

  // What was chosen until now.
  const std::vector<uint32_t>& choices() const { return choices_; }

 private:
  std::mt19937_64 random_;
  bool drawn_;
  size_t asked_ = 0;
  std::vector<uint32_t> choices_;
};

}  // namespace fuju::simulation
