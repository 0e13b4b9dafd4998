#include "catalogue/decision/grant_walk.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"

#include "vocabulary/civil_date.h"

namespace fuju::catalogue {

GrantWalk::GrantWalk(const GrantPages* pages, RunThread* thread, Order order, OnPage on_page,
                     OnEnd on_end)
    : pages_(pages),
      thread_(thread),
      order_(std::move(order)),
      from_ms_(absl::ToUnixMillis(vocabulary::StartOfDay(order_.from))),
      until_ms_(absl::ToUnixMillis(vocabulary::StartOfDay(order_.to))),
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
  place_ = {.time_ms = from_ms_, .seen = {}};
  pages_->Count(order_.counties[county_], from_ms_, until_ms_, absl::Now() + order_.read_limit,
                [self = shared_from_this()](absl::StatusOr<int64_t> decisions) {
                  self->Turn([walk = self.get(), decisions = std::move(decisions)] {
                    walk->TakeCount(decisions);
                  });
                });
}

void GrantWalk::TakeCount(absl::StatusOr<int64_t> decisions) {
  if (!decisions.ok()) return End(decisions.status());
  expected_ = *decisions;
  ReadPage();
}

void GrantWalk::ReadPage() {
  pages_->Read(order_.counties[county_], place_, until_ms_, order_.page_size,
               absl::Now() + order_.read_limit,
               [self = shared_from_this()](absl::StatusOr<GrantPages::Page> page) {
                 auto taken = std::make_shared<absl::StatusOr<GrantPages::Page>>(std::move(page));
                 self->Turn([walk = self.get(), taken] { walk->TakePage(std::move(*taken)); });
               });
}

void GrantWalk::TakePage(absl::StatusOr<GrantPages::Page> page) {
  if (!page.ok()) return End(page.status());
  expected_ -= static_cast<int64_t>(page->grants.size());
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
  progress_.set_changed_meanwhile(progress_.changed_meanwhile() + std::max<int64_t>(expected_, 0));
  BeginCounty(county_ + 1);
}

void GrantWalk::End(const absl::Status& status) {
  cancelled_ = true;
  progress_.set_complete(status.ok());
  on_end_(status, progress_);
}

}  // namespace fuju::catalogue
