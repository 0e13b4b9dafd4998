#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"

#include "fuju/applications/v1/applications_service.grpc.pb.h"
#include "fuju/applications/v1/review_desk_service.grpc.pb.h"
#include "fuju/catalogue/v1/catalogue_service.grpc.pb.h"
#include "fuju/dispatch/v1/dispatch_service.grpc.pb.h"
#include "fuju/fitting/v1/fitting_service.grpc.pb.h"
#include "scenario/calls.h"
#include "scenario/story.h"

namespace fuju::scenario {

// Channels to the four services.
struct Stubs {
  std::unique_ptr<fuju::applications::v1::ApplicationsService::Stub> applications;
  std::unique_ptr<fuju::applications::v1::ReviewDeskService::Stub> desk;
  std::unique_ptr<fuju::catalogue::v1::CatalogueService::Stub> catalogue;
  std::unique_ptr<fuju::dispatch::v1::DispatchService::Stub> dispatch;
  std::unique_ptr<fuju::fitting::v1::FittingService::Stub> fitting;
};

// What all players share: the stubs, the stories, and the work that one player leaves for another.
// Thread-safe.
class World {
 public:
  World(Stubs services, absl::Duration patience)
      : stubs(std::move(services)), calls(&stop, patience) {}

  // Ends all players soon, whatever they do: no call is repeated, every open stream is cancelled.
  void Stop();
  absl::Notification stop;
  const Stubs stubs;
  Calls calls;

  // Written before the players start.
  std::vector<fuju::catalogue::v1::Item> items;
  std::vector<std::string> counties;
  std::vector<std::string> vendors;
  // A county without money.
  std::string poor_county;

  void Tell(const std::string& application, Story story);
  // kThrough for an application that nobody told of.
  Story StoryOf(const std::string& application) const;

  // An application that a person assigned by hand: its next offer is accepted.
  void MarkAssigned(const std::string& application);
  bool IsAssigned(const std::string& application) const;

  // Work for the county's reviewers.
  void AskReview(const std::string& county);
  // Counties with work; waits for some, empty when the world stops.
  std::vector<std::string> TakeReviews(int desk, int desks);

  // A visit that is booked: the technician goes there.
  struct Visit {
    std::string application;
    std::string order;
  };
  void AskVisit(Visit visit);
  // False when the world stops.
  bool TakeVisit(Visit* visit);

  // Something that must never happen, for the report.
  void Complain(const std::string& what);
  std::vector<std::string> complaints() const;

  std::atomic<int64_t> started{0};
  std::atomic<int64_t> finished{0};
  std::atomic<int64_t> offers_seen{0};
  std::atomic<int64_t> watches_resumed{0};
  // Screens of evidence that an officer looked at, and parts that were missing on them.
  std::atomic<int64_t> evidence_seen{0};
  std::atomic<int64_t> evidence_missing{0};

 private:
  friend class StreamContext;

  mutable absl::Mutex mutex_;
  std::set<grpc::ClientContext*> streams_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, Story> stories_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, bool> assigned_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, bool> reviews_ ABSL_GUARDED_BY(mutex_);
  std::vector<Visit> visits_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> complaints_ ABSL_GUARDED_BY(mutex_);
};

// The context of one server stream, which the world's stop cancels. Destroy it after the stream's
// Finish.
class StreamContext {
 public:
  StreamContext(World* world, const std::string& actor);
  ~StreamContext();
  StreamContext(const StreamContext&) = delete;
  StreamContext& operator=(const StreamContext&) = delete;

  grpc::ClientContext* get() { return &context_; }

 private:
  World* const world_;
  grpc::ClientContext context_;
};

}  // namespace fuju::scenario
