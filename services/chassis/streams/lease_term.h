#pragma once

#include <atomic>
#include <string>
#include <utility>

#include "chassis/streams/steady_time.h"

namespace fuju::chassis {

// One holding of a partition, from taking the lease to losing it. Once lost it stays lost, also if
// a late renewal succeeds: whoever saw it lost has stopped. Thread-safe.
class LeaseTerm {
 public:
  LeaseTerm(int partition, std::string value, SteadyTime valid_until)
      : partition_(partition), value_(std::move(value)), valid_until_(valid_until) {}

  int partition() const { return partition_; }
  // "<instance>|<token>".
  const std::string& value() const { return value_; }
  // Nobody has had the partition before.
  bool first() const { return value_.ends_with("|1"); }

  // True while nobody else can have the partition, as far as this process knows. Redis decides:
  // what is written is fenced by scripts; this only stops early.
  bool Valid() {
    if (!lost_.load() && SteadyNow() >= valid_until_.load()) lost_.store(true);
    return !lost_.load();
  }

  // Prolongs it after a renewal. False if it was lost before.
  bool Extend(SteadyTime valid_until) {
    if (!Valid()) return false;
    valid_until_.store(valid_until);
    return true;
  }

  void Lose() { lost_.store(true); }

 private:
  const int partition_;
  const std::string value_;
  std::atomic<SteadyTime> valid_until_;
  std::atomic<bool> lost_{false};
};

}  // namespace fuju::chassis
