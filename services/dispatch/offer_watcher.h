#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"

#include "chassis/rpc/watch_stream.h"
#include "chassis/streams/fanout.h"
#include "dispatch/resume_token.h"
#include "dispatch/wiring.h"
#include "fuju/dispatch/v1/dispatch_service.pb.h"

namespace fuju::dispatch {

// The token after the last message of a watch, for its heartbeats. Thread-safe.
class LastToken {
 public:
  void Set(std::string token);
  std::string Get() const;

 private:
  mutable absl::Mutex mutex_;
  std::string token_ ABSL_GUARDED_BY(mutex_);
};

// Feeds one watch of a vendor's offers:
//
//   1. subscribes to the vendor's partition, which fixes the position P after which no change is
//      missed; changes are put aside;
//   2. unless a token says that this was done: sends the open offers in the order of their placing,
//      each with a token (P, this offer), so that a client cut off here goes on here; then a
//      message without an offer and with the token P: the end of this part;
//   3. sends the changes that were put aside, then those to come, each with its own position.
//
// An offer may come twice (in 2 and again in 3), none is missing. Thread-safe.
class OfferWatcher : public std::enable_shared_from_this<OfferWatcher> {
 public:
  using Feed = std::shared_ptr<chassis::WatchFeed<v1::WatchOffersResponse>>;

  // Starts it. `token` empty: from the start. What is returned keeps it going until it is
  // destroyed. Errors end the feed: NOT_FOUND for an unknown vendor; INVALID_ARGUMENT,
  // RESUME_TOKEN_INVALID; OUT_OF_RANGE, RESUME_TOKEN_EXPIRED; UNAVAILABLE. `stores` and `fanout`
  // outlive it.
  static std::shared_ptr<void> Start(const DispatchStores* stores, chassis::Fanout* fanout,
                                     std::string uscc, const std::string& token, Feed feed,
                                     std::shared_ptr<LastToken> last_token);

 private:
  OfferWatcher(const DispatchStores* stores, std::string uscc, WatchPosition resume, Feed feed,
               std::shared_ptr<LastToken> last_token);

  void OnStarted(const std::string& position);
  void OnEvent(const std::string& entry_id, const fuju::event::v1::Event& event);
  void CheckVendor();
  void SendOpenOffers();
  // Sends those of `entries` from `next` on, some at a time.
  void SendChunk(std::shared_ptr<const std::vector<chassis::IndexEntry>> entries, size_t next);
  void EndOpenOffers();
  void GoLive();
  bool Send(v1::WatchOffersResponse message);

  const DispatchStores* const stores_;
  const std::string uscc_;
  const std::string subject_prefix_;
  const WatchPosition resume_;
  const Feed feed_;
  const std::shared_ptr<LastToken> last_token_;

  absl::Mutex mutex_;
  bool live_ ABSL_GUARDED_BY(mutex_) = false;
  std::string start_ ABSL_GUARDED_BY(mutex_);
  std::vector<v1::WatchOffersResponse> aside_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace fuju::dispatch
