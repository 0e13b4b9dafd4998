#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

#include "chassis/redis/endpoint.h"
#include "chassis/redis/layout.h"
#include "chassis/redis/layout_source.h"

namespace fuju::chassis::redis {

// Why a node sent a command elsewhere.
enum class Redirection { kMoved, kAsk, kTryAgain };

// What an operator may want to see. Called on the topology's thread or an I/O thread, quickly.
struct TopologyEvents {
  std::function<void(Redirection)> redirected = [](Redirection) {};
  // The nodes were asked; with the number of them that are known, or why nobody could tell.
  std::function<void(const absl::StatusOr<int>& nodes)> refreshed = [](const auto&) {};
  // As Difference tells it.
  std::function<void(const std::string& difference)> changed = [](const auto&) {};
};

// Where the slots of a deployment are. One fixed node never changes; of Sentinels and of a Redis
// Cluster a thread learns it at the start, on a suspicion, and every few seconds. Thread-safe.
class Topology {
 public:
  // One node for good.
  static std::shared_ptr<Topology> Fixed(Endpoint endpoint);
  // As the deployment's kind says.
  static std::shared_ptr<Topology> Follow(const Deployment& deployment, TopologyEvents events = {});
  ~Topology();
  Topology(const Topology&) = delete;
  Topology& operator=(const Topology&) = delete;

  // Whether anything can change.
  bool follows() const { return source_ != nullptr; }
  // Whether a command may name keys of one slot only.
  bool sharded() const { return sharded_; }

  std::shared_ptr<const Layout> layout() const;
  // All nodes that are known, replicas included.
  std::vector<Address> nodes() const;
  // With the login.
  Endpoint At(const Address& address) const;
  // Why the layout may not be the newest; empty if it was learned.
  std::string error() const;

  // Something is not as the layout says: it is learned anew soon, once for many suspicions.
  void Suspect();
  // A node said that `slot` is elsewhere: it is, from now on.
  void Moved(int slot, const Address& to);
  void Count(Redirection redirection) const { events_.redirected(redirection); }

  // Calls `changed` after every change, on whatever thread, until Forget. It must be quick and not
  // call back.
  int Listen(std::function<void()> changed);
  void Forget(int listener);

 private:
  Topology(const Deployment& deployment, std::unique_ptr<LayoutSource> source,
           TopologyEvents events);
  void Main();
  // Takes the place of the layout if it differs.
  void Publish(Layout layout) ABSL_LOCKS_EXCLUDED(mutex_);

  const std::string user_;
  const std::string password_;
  const bool sharded_;
  const TopologyEvents events_;
  const std::unique_ptr<LayoutSource> source_;

  mutable absl::Mutex mutex_;
  std::shared_ptr<const Layout> layout_ ABSL_GUARDED_BY(mutex_);
  std::vector<Address> nodes_ ABSL_GUARDED_BY(mutex_);
  std::string error_ ABSL_GUARDED_BY(mutex_);
  std::map<int, std::function<void()>> listeners_ ABSL_GUARDED_BY(mutex_);
  int last_listener_ ABSL_GUARDED_BY(mutex_) = 0;
  bool suspected_ ABSL_GUARDED_BY(mutex_) = true;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

// Address in a redirection such as "MOVED 3999 127.0.0.1:6381"; `asked` told it. Port 0 if it is
// none.
struct Redirect {
  int slot = 0;
  Address to;
};
Redirect ParseRedirect(const std::string& error, const std::string& asked_host);

}  // namespace fuju::chassis::redis
