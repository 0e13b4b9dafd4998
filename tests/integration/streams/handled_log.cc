#include "integration/streams/handled_log.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"

namespace fuju::chassis {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(40);

// The last lines, for a message.
std::string Tail(const std::vector<std::string>& lines) {
  const size_t shown = std::min<size_t>(lines.size(), 20);
  return absl::StrCat(lines.size(), " lines, the last: ",
                      absl::StrJoin(lines.end() - static_cast<int64_t>(shown), lines.end(), ", "));
}

}  // namespace

void HandledLog::Add(std::string line) {
  const absl::MutexLock lock(&mutex_);
  lines_.push_back(std::move(line));
}

std::vector<std::string> HandledLog::Lines() const {
  const absl::MutexLock lock(&mutex_);
  return lines_;
}

int HandledLog::Count(const std::string& line) const {
  const absl::MutexLock lock(&mutex_);
  return static_cast<int>(std::count(lines_.begin(), lines_.end(), line));
}

bool HandledLog::AwaitSize(size_t size) const {
  const absl::MutexLock lock(&mutex_);
  const auto reached = [&] { return lines_.size() >= size; };
  if (mutex_.AwaitWithTimeout(absl::Condition(&reached), kPatience)) return true;
  ADD_FAILURE() << "waited for " << size << " lines, got " << Tail(lines_);
  return false;
}

bool HandledLog::Await(const std::string& line) const {
  const absl::MutexLock lock(&mutex_);
  const auto there = [&] { return std::find(lines_.begin(), lines_.end(), line) != lines_.end(); };
  if (mutex_.AwaitWithTimeout(absl::Condition(&there), kPatience)) return true;
  ADD_FAILURE() << "waited for " << line << ", got " << Tail(lines_);
  return false;
}

}  // namespace fuju::chassis
