#include "chassis/redis/blocking_connection.h"

#include <sys/socket.h>
#include <sys/time.h>

#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include <hiredis/hiredis.h>

#include "chassis/redis/result.h"
#include "chassis/redis/sigpipe.h"

namespace fuju::chassis::redis {
namespace {

constexpr absl::Duration kConnectTimeout = absl::Seconds(2);
// How much longer than the command's own blocking the socket waits: a timeout shorter than BLOCK
// would look like an error.
constexpr absl::Duration kGrace = absl::Seconds(2);

using Context = std::unique_ptr<redisContext, decltype(&redisFree)>;
using RawReply = std::unique_ptr<redisReply, decltype(&freeReplyObject)>;

}  // namespace

struct BlockingConnection::Impl {
  explicit Impl(Endpoint where) : endpoint(std::move(where)) {}

  // Sends, on a connection that is made if there is none.
  absl::Status Begin(const Command& command, absl::Duration block);
  absl::Status Connect();
  absl::Status Send(const Command& command, absl::Duration timeout);
  absl::StatusOr<Reply> Receive();
  void Disconnect();
  // Takes the new socket under Interrupt's eyes; false if it was interrupted before.
  bool Publish(int new_fd);

  const Endpoint endpoint;
  Context context{nullptr, &redisFree};

  absl::Mutex mutex;
  // The socket that Interrupt shuts down; -1 if there is none. It is closed only after it left
  // here.
  int fd ABSL_GUARDED_BY(mutex) = -1;
  bool interrupted ABSL_GUARDED_BY(mutex) = false;
};

bool BlockingConnection::Impl::Publish(int new_fd) {
  absl::MutexLock lock(&mutex);
  fd = new_fd;
  return !interrupted;
}

void BlockingConnection::Impl::Disconnect() {
  {
    absl::MutexLock lock(&mutex);
    fd = -1;
  }
  context.reset();
}

absl::Status BlockingConnection::Impl::Connect() {
  context.reset(redisConnectWithTimeout(endpoint.host.c_str(), endpoint.port,
                                        absl::ToTimeval(kConnectTimeout)));
  if (context == nullptr) return NotApplied("out of memory");
  if (context->err != 0) {
    const absl::Status status = NotApplied(context->errstr);
    context.reset();
    return status;
  }
  if (!Publish(context->fd)) {
    Disconnect();
    return NotApplied("interrupted");
  }
  if (endpoint.user.empty() && endpoint.password.empty()) return absl::OkStatus();
  Command auth = {"AUTH", endpoint.user, endpoint.password};
  if (endpoint.user.empty()) auth = {"AUTH", endpoint.password};
  if (absl::Status sent = Send(auth, kGrace); !sent.ok()) return sent;
  const absl::StatusOr<Reply> reply = Receive();
  if (!reply.ok()) return reply.status();
  if (reply->is_error()) {
    Disconnect();
    return NotApplied(absl::StrCat("AUTH: ", reply->text()));
  }
  return absl::OkStatus();
}

absl::Status BlockingConnection::Impl::Send(const Command& command, absl::Duration timeout) {
  std::vector<const char*> words;
  std::vector<size_t> lengths;
  for (const std::string& word : command) {
    words.push_back(word.data());
    lengths.push_back(word.size());
  }
  redisSetTimeout(context.get(), absl::ToTimeval(timeout));
  int result = redisAppendCommandArgv(context.get(), static_cast<int>(words.size()), words.data(),
                                      lengths.data());
  for (int written = 0; result == REDIS_OK && written == 0;) {
    result = redisBufferWrite(context.get(), &written);
  }
  if (result == REDIS_OK) return absl::OkStatus();
  const absl::Status status = AnswerLost(context->errstr);
  Disconnect();
  return status;
}

absl::StatusOr<Reply> BlockingConnection::Impl::Receive() {
  void* reply = nullptr;
  if (redisGetReply(context.get(), &reply) != REDIS_OK) {
    const absl::Status status = AnswerLost(context->errstr);
    Disconnect();
    return status;
  }
  const RawReply raw(static_cast<redisReply*>(reply), &freeReplyObject);
  return ToResult(Reply::From(*raw));
}

BlockingConnection::BlockingConnection(Endpoint endpoint)
    : impl_(std::make_unique<Impl>(std::move(endpoint))) {}

BlockingConnection::~BlockingConnection() { impl_->Disconnect(); }

absl::StatusOr<Reply> BlockingConnection::Call(const Command& command, absl::Duration block) {
  if (absl::Status sent = impl_->Begin(command, block); !sent.ok()) return sent;
  return impl_->Receive();
}

absl::Status BlockingConnection::Send(const Command& command) {
  return impl_->Begin(command, absl::ZeroDuration());
}

absl::StatusOr<Reply> BlockingConnection::Receive() { return impl_->Receive(); }

absl::Status BlockingConnection::Impl::Begin(const Command& command, absl::Duration block) {
  {
    absl::MutexLock lock(&mutex);
    if (interrupted) return NotApplied("interrupted");
  }
  BlockSigpipe();
  if (context == nullptr) {
    const absl::Status connected = Connect();
    if (!connected.ok()) return connected;
  }
  return Send(command, block + kGrace);
}

void BlockingConnection::Interrupt() {
  absl::MutexLock lock(&impl_->mutex);
  impl_->interrupted = true;
  if (impl_->fd >= 0) shutdown(impl_->fd, SHUT_RDWR);
}

}  // namespace fuju::chassis::redis
