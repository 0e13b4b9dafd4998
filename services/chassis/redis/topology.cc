#include "chassis/redis/topology.h"

#include <pthread.h>

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"

namespace fuju::chassis::redis {
namespace {

constexpr absl::Duration kEvery = absl::Seconds(2);
// Between two questions, however many suspicions there are.
constexpr absl::Duration kPause = absl::Milliseconds(100);

std::unique_ptr<LayoutSource> SourceOf(const Deployment& deployment) {
  switch (deployment.kind) {
    case Deployment::Kind::kSentinel:
      return MakeSentinelSource(deployment);
    case Deployment::Kind::kCluster:
      return MakeClusterSource(deployment);
    case Deployment::Kind::kSingle:
      break;
  }
  return nullptr;
}

}  // namespace

std::shared_ptr<Topology> Topology::Fixed(Endpoint endpoint) {
  Deployment deployment;
  deployment.seeds = {{.host = std::move(endpoint.host), .port = endpoint.port}};
  deployment.user = std::move(endpoint.user);
  deployment.password = std::move(endpoint.password);
  return Follow(deployment);
}

std::shared_ptr<Topology> Topology::Follow(const Deployment& deployment, TopologyEvents events) {
  return std::shared_ptr<Topology>(
      new Topology(deployment, SourceOf(deployment), std::move(events)));
}

Topology::Topology(const Deployment& deployment, std::unique_ptr<LayoutSource> source,
                   TopologyEvents events)
    : user_(deployment.user),
      password_(deployment.password),
      sharded_(deployment.kind == Deployment::Kind::kCluster),
      events_(std::move(events)),
      source_(std::move(source)) {
  if (source_ == nullptr) {
    nodes_ = {deployment.seeds.front()};
    layout_ = std::make_shared<const Layout>(Layout::Whole(nodes_.front()));
    return;
  }
  layout_ = std::make_shared<const Layout>();
  error_ = "the nodes were not asked yet";
  thread_ = std::thread([this] { Main(); });
}

Topology::~Topology() {
  {
    const absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

std::shared_ptr<const Layout> Topology::layout() const {
  const absl::MutexLock lock(&mutex_);
  return layout_;
}

std::vector<Address> Topology::nodes() const {
  const absl::MutexLock lock(&mutex_);
  return nodes_;
}

Endpoint Topology::At(const Address& address) const {
  return {.host = address.host, .port = address.port, .user = user_, .password = password_};
}

std::string Topology::error() const {
  const absl::MutexLock lock(&mutex_);
  return error_;
}

void Topology::Suspect() {
  const absl::MutexLock lock(&mutex_);
  suspected_ = true;
}

void Topology::Moved(int slot, const Address& to) {
  if (!follows() || slot < 0 || slot >= kSlots) return;
  Suspect();
  const std::shared_ptr<const Layout> known = layout();
  if (const Address* owner = known->OwnerOf(slot); owner != nullptr && *owner == to) return;
  Layout layout = *known;
  layout.Assign(slot, to);
  Publish(std::move(layout));
}

void Topology::Publish(Layout layout) {
  std::string difference;
  {
    const absl::MutexLock lock(&mutex_);
    if (layout == *layout_) return;
    difference = Difference(*layout_, layout);
    layout_ = std::make_shared<const Layout>(std::move(layout));
    for (const auto& [id, changed] : listeners_) changed();
  }
  events_.changed(difference);
}

int Topology::Listen(std::function<void()> changed) {
  const absl::MutexLock lock(&mutex_);
  listeners_.emplace(++last_listener_, std::move(changed));
  return last_listener_;
}

void Topology::Forget(int listener) {
  const absl::MutexLock lock(&mutex_);
  listeners_.erase(listener);
}

void Topology::Main() {
  pthread_setname_np(pthread_self(), "redis-layout");
  const auto wanted = [this]()
                          ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return suspected_ || stopping_; };
  const auto stopping = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return stopping_; };
  bool told = false;
  while (true) {
    {
      const absl::MutexLock lock(&mutex_);
      mutex_.AwaitWithTimeout(absl::Condition(&wanted), told ? kEvery : kPause);
      if (stopping_) return;
      suspected_ = false;
    }
    absl::StatusOr<Learned> learned = source_->Ask();
    told = learned.ok();
    {
      const absl::MutexLock lock(&mutex_);
      error_ = learned.ok() ? "" : std::string(learned.status().message());
      if (learned.ok()) nodes_ = learned->nodes;
    }
    if (learned.ok()) {
      events_.refreshed(static_cast<int>(learned->nodes.size()));
      Publish(std::move(learned->layout));
    } else {
      events_.refreshed(learned.status());
    }
    const absl::MutexLock lock(&mutex_);
    mutex_.AwaitWithTimeout(absl::Condition(&stopping), kPause);
  }
}

Redirect ParseRedirect(const std::string& error, const std::string& asked_host) {
  const std::vector<std::string> words = absl::StrSplit(error, ' ');
  Redirect redirect;
  if (words.size() < 3 || !absl::SimpleAtoi(words[1], &redirect.slot)) return {};
  const size_t colon = words[2].rfind(':');
  if (colon == std::string::npos ||
      !absl::SimpleAtoi(words[2].substr(colon + 1), &redirect.to.port)) {
    return {};
  }
  redirect.to.host = words[2].substr(0, colon);
  if (redirect.to.host.empty() || redirect.to.host == "?") redirect.to.host = asked_host;
  return redirect;
}

}  // namespace fuju::chassis::redis
