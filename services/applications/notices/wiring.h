#pragma once

#include <memory>

#include <prometheus/registry.h>

#include "applications/notices/metrics.h"
#include "applications/notices/notice.h"
#include "applications/notices/notice_settings.h"
#include "applications/wiring.h"
#include "chassis/store/aggregate_store.h"
#include "chassis/streams/reactor.h"
#include "vocabulary/region.h"

namespace fuju::applications {

using NoticeStore = chassis::AggregateStore<NoticeRecord>;

// The kind of aggregate, for the store. `metrics` outlives it.
chassis::AggregateKind<NoticeRecord> NoticeKind(NoticeMetrics* metrics);

class NoticeSender;

// All that notices need beside the applications: store, providers, sender, reactions. What is
// passed outlives it. Thread-safe.
class Notices {
 public:
  Notices(const Wiring* applications, const vocabulary::RegionTable* regions,
          const NoticeSettings* settings, prometheus::Registry& registry);
  ~Notices();
  Notices(const Notices&) = delete;
  Notices& operator=(const Notices&) = delete;

  const NoticeStore& store() const { return store_; }
  const NoticePolicy& policy() const { return settings_->policy; }

  // Adds what the facts of applications and due notices do. The service reads its own stream then,
  // so its own group is one of those that trimming waits for.
  void React(chassis::Reactions& reactions, chassis::TimerHandlers& timers) const;

  // To be called while the store is still there: waits for the attempts that run.
  void Stop();

 private:
  const Wiring* const applications_;
  const NoticeSettings* const settings_;
  NoticeMetrics metrics_;
  NoticeStore store_;
  std::unique_ptr<NoticeProvider> phones_;
  std::unique_ptr<NoticeProvider> letters_;
  std::unique_ptr<NoticeSender> sender_;
};

}  // namespace fuju::applications
