#include "chassis/redis/connection.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <hiredis/async.h>

#include "chassis/redis/result.h"

namespace fuju::chassis::redis {
namespace {

// A peer that does not acknowledge data at all for this long is gone, and with it the connection.
constexpr unsigned kPeerGoneMs = 10'000;

bool IsAddress(const std::string& host) {
  in6_addr ignored;
  return inet_pton(AF_INET, host.c_str(), &ignored) == 1 ||
         inet_pton(AF_INET6, host.c_str(), &ignored) == 1;
}

std::string ErrorOf(const redisAsyncContext* context) {
  if (context->errstr != nullptr && context->errstr[0] != '\0') return context->errstr;
  if (context->c.errstr[0] != '\0') return context->c.errstr;
  return "the connection ended";
}

}  // namespace

struct Connection::Sent {
  Connection* connection;
  std::shared_ptr<Operation> operation;
};

struct Connection::Resolution {
  uv_getaddrinfo_t request = {};
  Connection* connection;  // null once the attempt was dropped
};

Connection::Connection(uv_loop_t* loop, Endpoint endpoint, Events events)
    : loop_(loop), endpoint_(std::move(endpoint)), events_(std::move(events)) {}

void Connection::Open() {
  cause_.clear();
  if (IsAddress(endpoint_.host)) {
    Connect(endpoint_.host);
  } else {
    Resolve();
  }
}

// Names are resolved in libuv's thread pool: a slow resolver must not stop the deadlines.
void Connection::Resolve() {
  state_ = State::kResolving;
  resolution_ = new Resolution{.connection = this};
  resolution_->request.data = resolution_;
  addrinfo hints = {};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  const int error = uv_getaddrinfo(
      loop_, &resolution_->request,
      [](uv_getaddrinfo_t* request, int status, addrinfo* found) {
        std::unique_ptr<Resolution> resolution(static_cast<Resolution*>(request->data));
        char address[INET6_ADDRSTRLEN] = "";
        if (status == 0) {
          if (found->ai_family == AF_INET) {
            uv_ip4_name(reinterpret_cast<sockaddr_in*>(found->ai_addr), address, sizeof(address));
          } else {
            uv_ip6_name(reinterpret_cast<sockaddr_in6*>(found->ai_addr), address, sizeof(address));
          }
          uv_freeaddrinfo(found);
        }
        Connection* self = resolution->connection;
        if (self == nullptr) return;
        self->resolution_ = nullptr;
        if (status == 0) {
          self->Connect(address);
        } else {
          self->Lost(
              absl::StrCat("can not resolve ", self->endpoint_.host, ": ", uv_strerror(status)));
        }
      },
      endpoint_.host.c_str(), nullptr, &hints);
  if (error != 0) {
    delete std::exchange(resolution_, nullptr);
    Lost(absl::StrCat("can not resolve ", endpoint_.host, ": ", uv_strerror(error)));
  }
}

void Connection::Connect(const std::string& address) {
  state_ = State::kConnecting;
  redisAsyncContext* context = redisAsyncConnect(address.c_str(), endpoint_.port);
  if (context == nullptr) {
    Lost("out of memory");
    return;
  }
  UvEvents* uv_events = context->err == 0 ? UvEvents::Attach(context, loop_) : nullptr;
  if (uv_events == nullptr) {
    const std::string error = ErrorOf(context);
    redisAsyncFree(context);
    Lost(error);
    return;
  }
  context_ = context;
  uv_events_ = uv_events;
  context->data = this;
  setsockopt(context->c.fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &kPeerGoneMs, sizeof(kPeerGoneMs));

  // A context that was dropped is no longer context_, and its callbacks mean nothing.
  redisAsyncSetDisconnectCallback(context, [](const redisAsyncContext* ended, int) {
    auto* self = static_cast<Connection*>(ended->data);
    if (self->context_ == ended) self->Lost(ErrorOf(ended));
  });
  redisAsyncSetConnectCallback(context, [](const redisAsyncContext* connected, int status) {
    auto* self = static_cast<Connection*>(connected->data);
    if (self->context_ != connected) return;
    if (status == REDIS_OK) {
      self->Greet();
    } else {
      self->Lost(ErrorOf(connected));
    }
  });
}

void Connection::Greet() {
  const auto command = [this](Command words,
                              std::function<void(const absl::StatusOr<Reply>&)> next) {
    auto operation = std::make_shared<Operation>();
    operation->command = std::move(words);
    operation->callback = std::move(next);
    Write(std::move(operation));
  };
  if (!endpoint_.password.empty() || !endpoint_.user.empty()) {
    Command auth = {"AUTH", endpoint_.user, endpoint_.password};
    if (endpoint_.user.empty()) auth = {"AUTH", endpoint_.password};
    command(std::move(auth), [this](const absl::StatusOr<Reply>& result) {
      if (result.ok() && result->is_error()) Drop(absl::StrCat("AUTH: ", result->text()));
    });
  }
  // Until it has loaded its data, Redis answers LOADING: then this attempt counts as failed. A user
  // that may not PING has a Redis that works.
  command({"PING"}, [this](const absl::StatusOr<Reply>& result) {
    if (!result.ok()) {
      Drop(std::string(result.status().message()));
    } else if (absl::StartsWith(result->text(), "NOAUTH")) {
      Drop(absl::StrCat("PING: ", result->text()));
    } else if (context_ != nullptr) {
      state_ = State::kReady;
      events_.ready();
    }
  });
}

void Connection::Drop(const std::string& cause) {
  if (state_ == State::kClosed) return;
  cause_ = cause;
  if (resolution_ != nullptr) {
    resolution_->connection = nullptr;
    uv_cancel(reinterpret_cast<uv_req_t*>(&resolution_->request));
    resolution_ = nullptr;
  }
  // Inside a reply callback hiredis frees the context later, elsewhere at once.
  redisAsyncContext* context = std::exchange(context_, nullptr);
  if (context != nullptr) redisAsyncFree(context);
  Lost(cause);
}

void Connection::Lost(const std::string& cause) {
  context_ = nullptr;
  uv_events_ = nullptr;
  state_ = State::kClosed;
  events_.lost(cause);
}

void Connection::Send(std::shared_ptr<Operation> operation) {
  operation->sent = true;
  Write(std::move(operation));
}

void Connection::Write(std::shared_ptr<Operation> operation) {
  if (operation->asking) {
    auto asking = std::make_shared<Operation>();
    asking->command = {"ASKING"};
    asking->callback = [](const absl::StatusOr<Reply>&) {};
    Write(std::move(asking));
  }
  std::vector<const char*> words;
  std::vector<size_t> lengths;
  words.reserve(operation->command.size());
  lengths.reserve(operation->command.size());
  for (const std::string& word : operation->command) {
    words.push_back(word.data());
    lengths.push_back(word.size());
  }
  auto sent = std::make_unique<Sent>(Sent{this, operation});
  const int status =
      context_ == nullptr
          ? REDIS_ERR
          : redisAsyncCommandArgv(
                context_,
                [](redisAsyncContext* context, void* reply, void* data) {
                  const std::unique_ptr<Sent> owned(static_cast<Sent*>(data));
                  owned->connection->OnReply(std::move(owned->operation), context,
                                             static_cast<const redisReply*>(reply));
                },
                sent.get(), static_cast<int>(words.size()), words.data(), lengths.data());
  if (status != REDIS_OK) {
    operation->Answer(AnswerLost(cause_.empty() ? "the connection is ending" : cause_));
    return;
  }
  sent.release();
  if (++in_flight_ == 1) heard_ms_ = uv_now(loop_);
}

uint64_t Connection::SilentMs() const {
  const uint64_t now_ms = uv_now(loop_);
  return in_flight_ > 0 && now_ms > heard_ms_ ? now_ms - heard_ms_ : 0;
}

void Connection::OnReply(std::shared_ptr<Operation> operation, const redisAsyncContext* context,
                         const redisReply* raw) {
  --in_flight_;
  heard_ms_ = uv_now(loop_);
  if (operation->answered()) return;  // after its deadline
  if (raw == nullptr) {
    operation->Answer(AnswerLost(cause_.empty() ? ErrorOf(context) : cause_));
    return;
  }
  Reply reply = Reply::From(*raw);
  if (!operation->script.empty() && reply.is_error() &&
      absl::StartsWith(reply.text(), "NOSCRIPT")) {
    operation->command[0] = "EVAL";
    operation->command[1] = std::string(operation->script);
    operation->script = {};
    Write(std::move(operation));
    return;
  }
  if (reply.is_error() && events_.redirected(operation, reply.text())) return;
  if (operation->wait_replicas > 0 && !reply.is_error()) {
    WaitForReplicas(std::move(operation), std::move(reply));
    return;
  }
  operation->Answer(ToResult(std::move(reply)));
}

// WAIT speaks about the writes of its own connection, so it must follow on this one or not at all.
void Connection::WaitForReplicas(std::shared_ptr<Operation> operation, Reply reply) {
  const uint64_t now_ms = uv_now(loop_);
  const uint64_t left_ms = operation->deadline_ms == Operation::kNoDeadline
                               ? 0  // without limit
                               : std::max(operation->deadline_ms, now_ms + 1) - now_ms;
  auto wait = std::make_shared<Operation>();
  wait->command = {"WAIT", absl::StrCat(operation->wait_replicas), absl::StrCat(left_ms)};
  wait->callback = [operation, reply = std::move(reply)](absl::StatusOr<Reply> confirmed) {
    if (!confirmed.ok()) {
      operation->Answer(confirmed.status());
    } else if (confirmed->integer() < operation->wait_replicas) {
      operation->Answer(AnswerLost(absl::StrCat(
          confirmed->is_error() ? confirmed->text()
                                : absl::StrCat(confirmed->integer(), " replicas confirmed it"),
          ", ", operation->wait_replicas, " were asked for")));
    } else {
      operation->Answer(reply);
    }
  };
  Write(std::move(wait));
}

void Connection::Flush() {
  if (uv_events_ != nullptr) uv_events_->Flush();
}

}  // namespace fuju::chassis::redis
