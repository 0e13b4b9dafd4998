#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/time/time.h"

#include "catalogue/catalogue_finder.h"
#include "catalogue/decision/prepared_policy.h"
#include "catalogue/decision/run_thread.h"
#include "fuju/catalogue/v1/decisions_service.pb.h"
#include "vocabulary/region.h"

namespace fuju::catalogue {

// Makes stored decisions anew. Thread-safe; what is passed outlives it.
class Replayer {
 public:
  Replayer(const CatalogueFinder* finder, const vocabulary::RegionTable* regions,
           const PreparedPolicy* defaults)
      : finder_(finder), regions_(regions), defaults_(defaults) {}

  // One, by the version that it names.
  void Replay(v1::Grant grant, absl::Time deadline,
              std::function<void(absl::StatusOr<v1::DecisionReplay>)> done) const;

  // By a catalogue that is at hand; null: there is no such version. Pure.
  v1::DecisionReplay ReplayBy(const v1::Grant& grant, const Catalogue* catalogue) const;

  const CatalogueFinder& finder() const { return *finder_; }

 private:
  const CatalogueFinder* const finder_;
  const vocabulary::RegionTable* const regions_;
  const PreparedPolicy* const defaults_;
};

// Makes pages of decisions anew, in turns of a RunThread, and adds up what came of them; versions
// are read once, as they come. One page at a time; not thread-safe beside that.
class ReplayRun : public std::enable_shared_from_this<ReplayRun> {
 public:
  // `replayer` and `thread` outlive this.
  ReplayRun(const Replayer* replayer, RunThread* thread) : replayer_(replayer), thread_(thread) {}

  // Adds a page; `done` gets the sums so far and what was found on this page.
  void Add(std::vector<v1::Grant> grants,
           std::function<void(absl::StatusOr<v1::ReplayDecisionsResponse>)> done);

  // The sums so far.
  const v1::ReplayDecisionsResponse& sums() const { return sums_; }

 private:
  // A version that does not exist is known as null.
  using Catalogues = absl::flat_hash_map<std::string, std::shared_ptr<const Catalogue>>;

  void FindNext();
  void ReplayPage();
  void Finish(absl::StatusOr<v1::ReplayDecisionsResponse> page);

  const Replayer* const replayer_;
  RunThread* const thread_;
  Catalogues catalogues_;
  v1::ReplayDecisionsResponse sums_;
  // Of the page.
  std::vector<v1::Grant> grants_;
  std::deque<std::string> missing_;
  std::function<void(absl::StatusOr<v1::ReplayDecisionsResponse>)> done_;
};

}  // namespace fuju::catalogue
