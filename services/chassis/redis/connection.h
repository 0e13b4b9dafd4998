#pragma once

#include <functional>
#include <memory>
#include <string>

#include <uv.h>

#include "chassis/redis/endpoint.h"
#include "chassis/redis/operation.h"
#include "chassis/redis/uv_events.h"

struct redisAsyncContext;
struct redisReply;

namespace fuju::chassis::redis {

// One pipelined connection over hiredis' asynchronous context: opened, greeted (AUTH, and PING
// until Redis has loaded its data), ready, lost; then it may be opened again. Of the loop's thread.
class Connection {
 public:
  struct Events {
    // Commands may be sent.
    std::function<void()> ready;
    // Not connected any more, or the attempt to connect failed. What was in flight is answered.
    std::function<void(const std::string& cause)> lost;
    // An error reply; true if the operation goes on elsewhere and is not answered by it.
    std::function<bool(const std::shared_ptr<Operation>& operation, const std::string& error)>
        redirected;
  };

  Connection(uv_loop_t* loop, Endpoint endpoint, Events events);
  // Only when closed; the loop must run once more to free what belonged to it.
  ~Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Starts to connect; only when closed.
  void Open();
  // Ends the connection or the attempt; `lost` is called with the cause. Nothing if closed.
  void Drop(const std::string& cause);

  bool ready() const { return state_ == State::kReady; }
  bool closed() const { return state_ == State::kClosed; }
  // Commands without a reply, those whose deadline has passed included.
  int in_flight() const { return in_flight_; }
  // For how long, in ms, nothing has come although commands are in flight; 0 if none is.
  uint64_t SilentMs() const;

  // Puts a command into the output; only when ready. Its answer may come before this returns.
  void Send(std::shared_ptr<Operation> operation);
  // Writes the output; to be called before the loop polls.
  void Flush();

 private:
  enum class State { kClosed, kResolving, kConnecting, kReady };
  struct Sent;        // what a reply callback gets
  struct Resolution;  // a running name look-up

  void Resolve();
  void Connect(const std::string& address);
  void Greet();
  void Write(std::shared_ptr<Operation> operation);
  void Lost(const std::string& cause);
  void OnReply(std::shared_ptr<Operation> operation, const redisAsyncContext* context,
               const redisReply* raw);
  void WaitForReplicas(std::shared_ptr<Operation> operation, Reply reply);

  uv_loop_t* loop_;
  Endpoint endpoint_;
  Events events_;
  State state_ = State::kClosed;
  redisAsyncContext* context_ = nullptr;
  UvEvents* uv_events_ = nullptr;  // owned by context_
  Resolution* resolution_ = nullptr;
  // Why the connection was dropped by us: told to what was in flight.
  std::string cause_;
  int in_flight_ = 0;
  // On the loop's clock: the last reply, or the first command sent when none was in flight.
  uint64_t heard_ms_ = 0;
};

}  // namespace fuju::chassis::redis
