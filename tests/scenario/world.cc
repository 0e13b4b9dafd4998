#include "scenario/world.h"

#include <functional>
#include <utility>

namespace fuju::scenario {

void World::Tell(const std::string& application, Story story) {
  absl::MutexLock lock(&mutex_);
  stories_[application] = story;
}

Story World::StoryOf(const std::string& application) const {
  absl::MutexLock lock(&mutex_);
  const auto found = stories_.find(application);
  return found == stories_.end() ? Story::kThrough : found->second;
}

void World::MarkAssigned(const std::string& application) {
  absl::MutexLock lock(&mutex_);
  assigned_[application] = true;
}

bool World::IsAssigned(const std::string& application) const {
  absl::MutexLock lock(&mutex_);
  return assigned_.contains(application);
}

void World::AskReview(const std::string& county) {
  absl::MutexLock lock(&mutex_);
  reviews_[county] = true;
}

std::vector<std::string> World::TakeReviews(int desk, int desks) {
  const auto mine = [=](const std::string& county) {
    return std::hash<std::string>{}(county) % static_cast<size_t>(desks) ==
           static_cast<size_t>(desk);
  };
  std::vector<std::string> taken;
  absl::MutexLock lock(&mutex_);
  const auto ready = [&]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    if (stop.HasBeenNotified()) return true;
    for (const auto& [county, asked] : reviews_) {
      if (mine(county)) return true;
    }
    return false;
  };
  mutex_.Await(absl::Condition(&ready));
  if (stop.HasBeenNotified()) return taken;
  for (auto it = reviews_.begin(); it != reviews_.end();) {
    if (mine(it->first)) {
      taken.push_back(it->first);
      it = reviews_.erase(it);
    } else {
      ++it;
    }
  }
  return taken;
}

void World::AskVisit(Visit visit) {
  absl::MutexLock lock(&mutex_);
  visits_.push_back(std::move(visit));
}

bool World::TakeVisit(Visit* visit) {
  absl::MutexLock lock(&mutex_);
  const auto ready = [&]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return stop.HasBeenNotified() || !visits_.empty();
  };
  mutex_.Await(absl::Condition(&ready));
  if (stop.HasBeenNotified()) return false;
  *visit = std::move(visits_.front());
  visits_.erase(visits_.begin());
  return true;
}

void World::Stop() {
  // Conditions are evaluated again when the mutex is released.
  absl::MutexLock lock(&mutex_);
  if (!stop.HasBeenNotified()) stop.Notify();
  for (grpc::ClientContext* context : streams_) context->TryCancel();
}

void World::Complain(const std::string& what) {
  absl::MutexLock lock(&mutex_);
  if (complaints_.size() < 100) complaints_.push_back(what);
}

std::vector<std::string> World::complaints() const {
  absl::MutexLock lock(&mutex_);
  return complaints_;
}

StreamContext::StreamContext(World* world, const std::string& actor) : world_(world) {
  context_.AddMetadata("fuju-actor", actor);
  absl::MutexLock lock(&world_->mutex_);
  world_->streams_.insert(&context_);
  if (world_->stop.HasBeenNotified()) context_.TryCancel();
}

StreamContext::~StreamContext() {
  absl::MutexLock lock(&world_->mutex_);
  world_->streams_.erase(&context_);
}

}  // namespace fuju::scenario
