#include "catalogue/decision/replay_run.h"

#include <utility>

#include "absl/algorithm/container.h"
#include "absl/time/clock.h"

#include "catalogue/decision/decision_replay.h"
#include "catalogue/decision/subsidy_decision.h"

namespace fuju::catalogue {
namespace {

// More versions than an area has in a period; what is forgotten is read again.
constexpr size_t kMostVersions = 64;
constexpr absl::Duration kFindLimit = absl::Seconds(10);

bool IsOffice(const vocabulary::RegionTable& regions, const std::string& county) {
  const absl::StatusOr<vocabulary::RegionCode> code = vocabulary::RegionCode::Parse(county);
  return code.ok() && regions.IsReviewingOffice(*code);
}

}  // namespace

v1::DecisionReplay Replayer::ReplayBy(const v1::Grant& grant, const Catalogue* catalogue) const {
  if (catalogue == nullptr || grant.decision().sha256().empty()) {
    return CompareReplay(grant, nullptr);
  }
  absl::StatusOr<SubsidyQuestion> question =
      QuestionOf(grant, IsOffice(*regions_, grant.facts().county_code()));
  if (question.ok()) AskCatalogue(*catalogue, *defaults_, *question);
  const absl::StatusOr<v1::SubsidyDecision> recomputed =
      question.ok() ? DecideSubsidy(*question) : question.status();
  if (recomputed.ok()) return CompareReplay(grant, &*recomputed);
  // The snapshot is none that a decision could have been made of.
  v1::DecisionReplay replay = CompareReplay(grant, &grant.decision());
  replay.set_result(v1::REPLAY_RESULT_DIFFERENT);
  v1::DecisionDifference& difference = *replay.add_differences();
  difference.set_path("facts");
  difference.set_recomputed(std::string(recomputed.status().message()));
  return replay;
}

void Replayer::Replay(v1::Grant grant, absl::Time deadline,
                      std::function<void(absl::StatusOr<v1::DecisionReplay>)> done) const {
  const std::string label = grant.decision().catalogue_version();
  finder_->Find(label, deadline,
                [this, grant = std::move(grant), done = std::move(done)](
                    const absl::StatusOr<std::shared_ptr<const Catalogue>>& catalogue) {
                  if (catalogue.ok()) return done(ReplayBy(grant, catalogue->get()));
                  if (!absl::IsNotFound(catalogue.status())) return done(catalogue.status());
                  done(ReplayBy(grant, nullptr));
                });
}

void ReplayRun::Add(std::vector<v1::Grant> grants,
                    std::function<void(absl::StatusOr<v1::ReplayDecisionsResponse>)> done) {
  grants_ = std::move(grants);
  done_ = std::move(done);
  if (catalogues_.size() > kMostVersions) catalogues_.clear();
  for (const v1::Grant& grant : grants_) {
    const std::string& label = grant.decision().catalogue_version();
    if (!catalogues_.contains(label) && !absl::c_linear_search(missing_, label)) {
      missing_.push_back(label);
    }
  }
  FindNext();
}

void ReplayRun::FindNext() {
  if (missing_.empty()) return ReplayPage();
  replayer_->finder().Find(
      missing_.front(), absl::Now() + kFindLimit,
      [self = shared_from_this()](absl::StatusOr<std::shared_ptr<const Catalogue>> catalogue) {
        if (!catalogue.ok() && !absl::IsNotFound(catalogue.status())) {
          return self->Finish(catalogue.status());
        }
        self->catalogues_[self->missing_.front()] =
            catalogue.ok() ? *std::move(catalogue) : nullptr;
        self->missing_.pop_front();
        self->thread_->Post([self] { self->FindNext(); });
      });
}

void ReplayRun::ReplayPage() {
  v1::ReplayDecisionsResponse page;
  for (const v1::Grant& grant : grants_) {
    v1::DecisionReplay replay =
        replayer_->ReplayBy(grant, catalogues_[grant.decision().catalogue_version()].get());
    switch (replay.result()) {
      case v1::REPLAY_RESULT_EQUAL:
        sums_.set_equal(sums_.equal() + 1);
        break;
      case v1::REPLAY_RESULT_NOT_REPLAYABLE:
        sums_.set_not_replayable(sums_.not_replayable() + 1);
        break;
      default:
        sums_.set_different(sums_.different() + 1);
        *page.add_found() = std::move(replay);
    }
  }
  page.set_equal(sums_.equal());
  page.set_different(sums_.different());
  page.set_not_replayable(sums_.not_replayable());
  grants_.clear();
  Finish(std::move(page));
}

void ReplayRun::Finish(absl::StatusOr<v1::ReplayDecisionsResponse> page) {
  // What is kept would keep the walk, which keeps this.
  std::exchange(done_, nullptr)(std::move(page));
}

}  // namespace fuju::catalogue
