#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "chassis/redis/client.h"
#include "simulation/simulated_redis.h"

namespace fuju::simulation {

// The Redis client of one simulated process: a pipelined connection whose every step is somebody's
// choice. Commands are carried out in the order of sending, answers come back in that order;
// between any two steps everything else may happen. Not thread-safe.
class SimulatedClient final : public chassis::redis::Client {
 public:
  explicit SimulatedClient(SimulatedRedis* redis) : redis_(redis) {}
  ~SimulatedClient() override { Stop(); }

  void Send(chassis::redis::Command command, absl::Duration timeout, Callback callback) override;
  void Eval(const chassis::redis::Script& script, std::vector<std::string> keys,
            std::vector<std::string> args, absl::Duration timeout, Callback callback) override;
  void EvalAndWait(const chassis::redis::Script& script, std::vector<std::string> keys,
                   std::vector<std::string> args, int replicas, absl::Duration timeout,
                   Callback callback) override;
  void Schedule(absl::Duration delay, std::function<void()> task) override;

  // Redis carries out the next command.
  bool CanCarryOut() const { return !sent_.empty(); }
  void CarryOut();
  // The next answer arrives.
  bool CanAnswer() const { return !answered_.empty(); }
  void Answer();
  // A task that was put off is due.
  bool CanRunTask() const;
  void RunTask();

  // The connection is cut: what was carried out loses its answer, what was not never will be.
  void Cut();
  // The caller of the next command gives up waiting; Redis carries it out all the same. Only while
  // no answer is on its way.
  bool CanTimeOut() const { return answered_.empty() && !sent_.empty() && sent_.front().waiting; }
  void TimeOut();

  // The process is gone: all calls end with an error, nothing is sent or run any more.
  void Stop();

  // What comes next is answered before the call returns, for code that waits.
  class Waiting {
   public:
    explicit Waiting(SimulatedClient* client) : client_(client) { client_->immediate_ = true; }
    ~Waiting() { client_->immediate_ = false; }
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;

   private:
    SimulatedClient* const client_;
  };

  // Commands and answers on their way.
  size_t in_flight() const { return sent_.size() + answered_.size(); }
  // What the next command is, for the history.
  std::string Next() const;

 private:
  struct Operation {
    // Null: a plain command, its words in `args`.
    const chassis::redis::Script* script;
    std::vector<std::string> keys;
    std::vector<std::string> args;
    Callback callback;
    // The caller has not given up.
    bool waiting = true;
  };
  void Take(Operation operation);
  chassis::redis::Reply Perform(const Operation& operation);

  SimulatedRedis* const redis_;
  std::deque<Operation> sent_;
  std::deque<std::pair<Callback, chassis::redis::Reply>> answered_;
  // By the time at which they are due, ms since 1970.
  std::multimap<int64_t, std::function<void()>> tasks_;
  bool immediate_ = false;
  bool stopped_ = false;
};

}  // namespace fuju::simulation
