#pragma once

#include <atomic>
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace fuju::test_support {

// What a network may do to connections. The default does nothing.
struct NetworkFault {
  // Every byte arrives so much later, in each direction.
  absl::Duration delay = absl::ZeroDuration();
  // Trickles: at most so many bytes of a connection in 10 ms, in each direction; 0 is without
  // limit.
  int bytes_per_tick = 0;
  // Nothing passes in this direction until the fault is over; then it arrives, as after a
  // partition.
  bool hold_requests = false;
  bool hold_answers = false;
  // As hold_requests, but only from the first request on that has this text; holds() says when it
  // has come. Nothing if empty.
  std::string hold_requests_from = {};
  // New connections are closed at once.
  bool refuse = false;
  // A connection is reset once so many bytes of answers have passed, in the middle of one; 0 never.
  int64_t reset_after = 0;
};

// A TCP proxy on a free loopback port before a port of this machine, through which tests break
// connections. Errors at its start end the test program. Thread-safe.
class FaultProxy {
 public:
  explicit FaultProxy(int target_port);
  // Closes all connections.
  ~FaultProxy();
  FaultProxy(const FaultProxy&) = delete;
  FaultProxy& operator=(const FaultProxy&) = delete;

  int port() const { return port_; }

  // For all connections, those of now and later ones, until the next call.
  void Set(const NetworkFault& fault);
  // Resets all connections of now.
  void Cut();
  // All connections of now are half-open for ever: what either side sends is lost, and neither
  // hears of an end. Those that are made later work.
  void Forget();
  // Later connections go to this port: as an address that moves to another machine.
  void Retarget(int target_port) { target_port_ = target_port; }
  // True once requests are held because of NetworkFault::hold_requests_from.
  bool holds() const { return holds_.load(); }
  // Connections ever accepted.
  int64_t accepted() const { return accepted_.load(); }

 private:
  struct Pipe;
  struct Link;

  void Main();
  void Accept(const NetworkFault& fault);
  // False when the link has ended.
  bool Serve(Link& link, const NetworkFault& fault, absl::Time now);
  void Wake();

  std::atomic<int> target_port_;
  int port_ = 0;
  int listener_ = -1;
  int wake_ = -1;
  std::atomic<int64_t> accepted_{0};
  std::atomic<bool> holds_{false};

  absl::Mutex mutex_;
  NetworkFault fault_ ABSL_GUARDED_BY(mutex_);
  bool cut_ ABSL_GUARDED_BY(mutex_) = false;
  bool forget_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;

  // Used by the thread only.
  std::list<std::unique_ptr<Link>> links_;
  std::thread thread_;
};

}  // namespace fuju::test_support
