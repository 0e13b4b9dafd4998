#include "chassis/redis/uv_events.h"

#include <hiredis/async.h>

namespace fuju::chassis::redis {

UvEvents* UvEvents::Attach(redisAsyncContext* context, uv_loop_t* loop) {
  auto* events = new UvEvents(context);
  if (uv_poll_init_socket(loop, &events->poll_, context->c.fd) != 0) {
    delete events;
    return nullptr;
  }
  events->poll_.data = events;
  context->ev.data = events;
  context->ev.addRead = [](void* data) { Self(data)->wanted_ |= UV_READABLE; };
  context->ev.delRead = [](void* data) { Self(data)->wanted_ &= ~UV_READABLE; };
  context->ev.addWrite = [](void* data) { Self(data)->wanted_ |= UV_WRITABLE; };
  context->ev.delWrite = [](void* data) { Self(data)->wanted_ &= ~UV_WRITABLE; };
  context->ev.cleanup = [](void* data) {
    UvEvents* self = Self(data);
    self->context_ = nullptr;
    uv_close(reinterpret_cast<uv_handle_t*>(&self->poll_),
             [](uv_handle_t* handle) { delete static_cast<UvEvents*>(handle->data); });
  };
  return events;
}

UvEvents* UvEvents::Self(void* data) { return static_cast<UvEvents*>(data); }

void UvEvents::Flush() {
  // Before the connection stands, a write would mean "connected" to hiredis: the poll tells that.
  if ((wanted_ & UV_WRITABLE) != 0 && (context_->c.flags & REDIS_CONNECTED) != 0) {
    redisAsyncHandleWrite(context_);
    if (context_ == nullptr) return;
  }
  PollForWanted();
}

void UvEvents::PollForWanted() {
  if (wanted_ == polled_) return;
  polled_ = wanted_;
  if (wanted_ == 0) {
    uv_poll_stop(&poll_);
    return;
  }
  uv_poll_start(&poll_, wanted_, [](uv_poll_t* poll, int status, int events) {
    static_cast<UvEvents*>(poll->data)->OnPoll(status, events);
  });
}

void UvEvents::OnPoll(int status, int events) {
  if (status != 0) {
    // libuv has stopped polling; reading makes hiredis find the socket's error.
    polled_ = 0;
    events = UV_READABLE;
  }
  if (context_ != nullptr && (events & UV_READABLE) != 0) redisAsyncHandleRead(context_);
  if (context_ != nullptr && (events & UV_WRITABLE) != 0) redisAsyncHandleWrite(context_);
}

}  // namespace fuju::chassis::redis
