#pragma once

#include <map>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

#include "chassis/streams/reactor.h"
#include "integration/streams/handled_log.h"
#include "integration/streams/streams_fixture.h"

namespace fuju::chassis {

// Keeps the answers of handlers until the test gives them. Thread-safe.
class HeldAnswers {
 public:
  // Logs "<subject>@<version>" and does not answer.
  Reactions::Handler Handler(HandledLog& log) {
    return [this, &log](const Delivery& delivery, ReactionDone done) {
      {
        const absl::MutexLock lock(&mutex_);
        answers_[NameOf(delivery)] = std::move(done);
        deliveries_[NameOf(delivery)] = delivery;
      }
      log.Add(NameOf(delivery));
    };
  }

  void Answer(const std::string& name, const absl::Status& status = absl::OkStatus()) {
    ReactionDone done;
    {
      const absl::MutexLock lock(&mutex_);
      done = std::move(answers_.at(name));
    }
    done(status);
  }

  Delivery DeliveryOf(const std::string& name) {
    const absl::MutexLock lock(&mutex_);
    return deliveries_.at(name);
  }

 private:
  absl::Mutex mutex_;
  std::map<std::string, ReactionDone> answers_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, Delivery> deliveries_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace fuju::chassis
