#pragma once

#include <map>
#include <string>
#include <utility>

#include <prometheus/registry.h>

#include "applications/notices/notice.h"

namespace prometheus {
class Counter;
class Histogram;
}  // namespace prometheus

namespace fuju::applications {

// What became of notices, by changes of this instance, with the handles kept:
//   fuju_applications_notices_total{channel,result}  result: planned, sent, postponed, failed,
//                                                    suppressed, resent
//   fuju_applications_notice_wait_seconds{channel}   from the fact to the delivery
// Thread-safe.
class NoticeMetrics {
 public:
  explicit NoticeMetrics(prometheus::Registry& registry);

  // A change was committed. `before` is empty for a new notice.
  void Count(const NoticeRecord& before, const NoticeRecord& after);

 private:
  std::map<std::pair<v1::ContactChannel, std::string>, prometheus::Counter*> results_;
  std::map<v1::ContactChannel, prometheus::Histogram*> waits_;
};

}  // namespace fuju::applications
