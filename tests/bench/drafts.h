#pragma once

#include <string>
#include <vector>

#include "absl/time/civil_time.h"

#include "fuju/applications/v1/application.pb.h"

namespace fuju::bench {

// Invents drafts of applications, each of another person, spread over all counties of the province.
// Not thread-safe.
class DraftInventor {
 public:
  // `data_dir` as deploy/data/gansu.
  explicit DraftInventor(const std::string& data_dir);

  // For `number` from 0 on, at most two million: always the same draft.
  applications::v1::Application Invent(int number) const;

  const std::vector<std::string>& counties() const { return counties_; }

 private:
  std::vector<std::string> counties_;
  absl::CivilDay today_;
};

}  // namespace fuju::bench
