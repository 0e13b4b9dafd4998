#pragma once

#include <atomic>
#include <string>
#include <utility>
#include <vector>

#include "chassis/redis/client.h"
#include "chassis/values/refusal.h"

namespace fuju::chassis {

// A client whose process can be cut off from Redis: while it is, every call is answered UNAVAILABLE
// and never sent. Thread-safe.
class UnreliableClient final : public redis::Client {
 public:
  // `client` outlives it.
  explicit UnreliableClient(redis::Client* client) : client_(client) {}

  void CutOff() { cut_off_.store(true); }
  void Rejoin() { cut_off_.store(false); }

  void Send(redis::Command command, absl::Duration timeout, Callback callback) override {
    if (cut_off_.load()) return Refuse(std::move(callback));
    client_->Send(std::move(command), timeout, std::move(callback));
  }
  void Eval(const redis::Script& script, std::vector<std::string> keys,
            std::vector<std::string> args, absl::Duration timeout, Callback callback) override {
    if (cut_off_.load()) return Refuse(std::move(callback));
    client_->Eval(script, std::move(keys), std::move(args), timeout, std::move(callback));
  }
  void EvalAndWait(const redis::Script& script, std::vector<std::string> keys,
                   std::vector<std::string> args, int replicas, absl::Duration timeout,
                   Callback callback) override {
    if (cut_off_.load()) return Refuse(std::move(callback));
    client_->EvalAndWait(script, std::move(keys), std::move(args), replicas, timeout,
                         std::move(callback));
  }
  void Schedule(absl::Duration delay, std::function<void()> task) override {
    client_->Schedule(delay, std::move(task));
  }

 private:
  void Refuse(Callback callback) {
    client_->Schedule(absl::ZeroDuration(), [callback = std::move(callback)] {
      callback(Refusal(absl::StatusCode::kUnavailable, "STORE_UNAVAILABLE", "测试中断",
                       "cut off by the test")
                   .Build());
    });
  }

  redis::Client* const client_;
  std::atomic<bool> cut_off_{false};
};

}  // namespace fuju::chassis
