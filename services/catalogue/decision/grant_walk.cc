#include "catalogue/decision/grant_walk.h"

#include <utility>

#include "absl/time/clock.h"

#include "vocabulary/civil_date.h"

namespace fuju::catalogue {

GrantWalk::GrantWalk(const GrantPages* pages, RunThread* thread, Order order, OnPage on_page,
                     OnEnd on_end)
    : pages_(pages),
      thread_(thread),
      order_(std::move(order)),
      on_page_(std::move(on_page)),
      on_end_(std::move(on_end)) {
  progress_.set_counties(static_cast<int32_t>(order_.counties.size()));
}

void GrantWalk::Start() {
  Turn([this] { BeginCounty(0); });
}

void GrantWalk::Cancel() { cancelled_ = true; }

void GrantWalk::Turn(std::function<void()> step) {
  thread_->Post([self = shared_from_this(), step = std::move(step)] {
    if (!self->cancelled_) step();
  });
}

void GrantWalk::BeginCounty(size_t number) {
  county_ = number;
  progress_.set_counties_done(static_cast<int32_t>(number));
  if (number == order_.counties.size()) return End(absl::OkStatus());
  place_ = {.time_ms = absl::ToUnixMillis(vocabulary::StartOfDay(order_.from)), .seen = {}};
  ReadPage();
}

void GrantWalk::ReadPage() {
  pages_->Read(order_.counties[county_], place_, absl::ToUnixMillis(order_.now), order_.page_size,
               absl::Now() + order_.read_limit,
               [self = shared_from_this()](absl::StatusOr<GrantPages::Page> page) {
                 auto taken = std::make_shared<absl::StatusOr<GrantPages::Page>>(std::move(page));
                 self->Turn([walk = self.get(), taken] { walk->TakePage(std::move(*taken)); });
               });
}

void GrantWalk::TakePage(absl::StatusOr<GrantPages::Page> page) {
  if (!page.ok()) return End(page.status());
  const std::string from = vocabulary::FormatCivilDate(order_.from);
  const std::string to = vocabulary::FormatCivilDate(order_.to);
  // Days in this form sort as they follow each other.
  std::erase_if(page->grants, [&](const v1::Grant& grant) {
    return grant.decision().decision_date() < from || grant.decision().decision_date() > to;
  });
  progress_.set_decisions(progress_.decisions() + static_cast<int64_t>(page->grants.size()));
  place_ = std::move(page->next);
  on_page_(std::move(page->grants), progress_,
           [self = shared_from_this(), last = page->last](const absl::Status& status) {
             self->Turn([walk = self.get(), last, status] {
               if (!status.ok()) return walk->End(status);
               if (last) return walk->EndCounty();
               walk->ReadPage();
             });
           });
}

void GrantWalk::EndCounty() {
  pages_->CountChangedAfter(
      order_.counties[county_], absl::ToUnixMillis(order_.now), absl::Now() + order_.read_limit,
      [self = shared_from_this()](absl::StatusOr<int64_t> changed) {
        self->Turn([walk = self.get(), changed = std::move(changed)] { walk->TakeCount(changed); });
      });
}

void GrantWalk::TakeCount(absl::StatusOr<int64_t> changed) {
  if (!changed.ok()) return End(changed.status());
  progress_.set_changed_meanwhile(progress_.changed_meanwhile() + *changed);
  BeginCounty(county_ + 1);
}

void GrantWalk::End(const absl::Status& status) {
  cancelled_ = true;
  progress_.set_complete(status.ok());
  on_end_(status, progress_);
}

}  // namespace fuju::catalogue
