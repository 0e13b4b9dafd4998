#pragma once

#include <uv.h>

struct redisAsyncContext;

namespace fuju::chassis::redis {

// Couples one redisAsyncContext with a libuv loop, in place of hiredis/adapters/libuv.h, which
// ignores poll errors (a refused connection is never noticed) and makes system calls for every
// command. Owned by the context: destroyed with it. Of the loop's thread.
class UvEvents {
 public:
  // Attaches to a context that was just made. Null if its socket can not be polled.
  static UvEvents* Attach(redisAsyncContext* context, uv_loop_t* loop);

  // Writes what the commands of this round of the loop left in the output buffer, and polls for
  // what is then of interest. To be called before the loop polls. The context may be gone after it.
  void Flush();

 private:
  explicit UvEvents(redisAsyncContext* context) : context_(context) {}
  static UvEvents* Self(void* data);
  void PollForWanted();
  void OnPoll(int status, int events);

  redisAsyncContext* context_;  // null once it is freed
  uv_poll_t poll_ = {};
  int wanted_ = 0;
  int polled_ = 0;
};

}  // namespace fuju::chassis::redis
