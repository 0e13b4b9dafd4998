#include "chassis/redis/blocking_connection.h"

#include <sys/socket.h>
#include <sys/time.h>

#include <optional>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include <hiredis/hiredis.h>

#include "chassis/redis/result.h"
#include "chassis/redis/sigpipe.h"

namespace fuju::chassis::redis {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(2);

using Context = std::unique_ptr<redisContext, decltype(&redisFree)>;
using RawReply = std::unique_ptr<redisReply, decltype(&freeReplyObject)>;

}  // namespace

struct BlockingConnection::Impl {
  Impl(std::shared_ptr<Topology> with, std::optional<int> of_slot, absl::Duration wait)
      : topology(std::move(with)), slot(of_slot), patience(wait) {}

  // Where to connect; UNAVAILABLE while nobody has the slot.
  absl::StatusOr<Address> Owner() const;
  // Ends the connection if the reply says that this node is not the one to ask.
  absl::StatusOr<Reply> Examine(Reply reply);
  // Sends, on a connection that is made if there is none.
  absl::Status Begin(const Command& command, absl::Duration block);
  absl::Status Connect(const Address& address);
  absl::Status Send(const Command& command, absl::Duration timeout);
  absl::StatusOr<Reply> Receive();
  void Disconnect();
  // Of a connection that broke.
  absl::Status Broken();
  // Takes the new socket under Interrupt's eyes; false if it was interrupted before.
  bool Publish(int new_fd);

  const std::shared_ptr<Topology> topology;
  // None: whatever the topology's only node has.
  const std::optional<int> slot;
  const absl::Duration patience;
  Context context{nullptr, &redisFree};
  Address connected;  // while there is a context

  absl::Mutex mutex;
  // The socket that Interrupt shuts down; -1 if there is none. It is closed only after it left
  // here.
  int fd ABSL_GUARDED_BY(mutex) = -1;
  bool interrupted ABSL_GUARDED_BY(mutex) = false;
  bool cancelled ABSL_GUARDED_BY(mutex) = false;
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

absl::StatusOr<Address> BlockingConnection::Impl::Owner() const {
  const std::shared_ptr<const Layout> layout = topology->layout();
  const Address* owner = layout->OwnerOf(slot.value_or(0));
  if (owner != nullptr) return *owner;
  topology->Suspect();
  return NotApplied(absl::StrCat("no node is known to have the slot ", slot.value_or(0), ": ",
                                 topology->error()));
}

absl::Status BlockingConnection::Impl::Connect(const Address& address) {
  const Endpoint endpoint = topology->At(address);
  connected = address;
  context.reset(
      redisConnectWithTimeout(endpoint.host.c_str(), endpoint.port, absl::ToTimeval(patience)));
  if (context == nullptr) return NotApplied("out of memory");
  if (context->err != 0) {
    const absl::Status status = NotApplied(context->errstr);
    context.reset();
    topology->Suspect();
    return status;
  }
  if (!Publish(context->fd)) {
    Disconnect();
    return NotApplied("interrupted");
  }
  if (endpoint.user.empty() && endpoint.password.empty()) return absl::OkStatus();
  Command auth = {"AUTH", endpoint.user, endpoint.password};
  if (endpoint.user.empty()) auth = {"AUTH", endpoint.password};
  if (absl::Status sent = Send(auth, patience); !sent.ok()) return sent;
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
  return Broken();
}

absl::Status BlockingConnection::Impl::Broken() {
  const absl::Status status = AnswerLost(context->errstr);
  Disconnect();
  {
    absl::MutexLock lock(&mutex);
    if (std::exchange(cancelled, false)) return absl::CancelledError("cancelled");
  }
  topology->Suspect();
  return status;
}

absl::StatusOr<Reply> BlockingConnection::Impl::Receive() {
  void* reply = nullptr;
  if (redisGetReply(context.get(), &reply) != REDIS_OK) return Broken();
  const RawReply raw(static_cast<redisReply*>(reply), &freeReplyObject);
  return Examine(Reply::From(*raw));
}

absl::StatusOr<Reply> BlockingConnection::Impl::Examine(Reply reply) {
  if (!reply.is_error() || !topology->follows()) return ToResult(std::move(reply));
  const std::string& error = reply.text();
  if (absl::StartsWith(error, "MOVED ")) {
    const Redirect redirect = ParseRedirect(error, connected.host);
    topology->Count(Redirection::kMoved);
    topology->Moved(redirect.slot, redirect.to);
    Disconnect();
    return NotApplied(error);
  }
  // The keys are on their way: who reads them waits until they are all there.
  if (absl::StartsWith(error, "ASK ") || absl::StartsWith(error, "TRYAGAIN ")) {
    topology->Count(error[0] == 'A' ? Redirection::kAsk : Redirection::kTryAgain);
    topology->Suspect();
    return NotApplied(error);
  }
  // UNBLOCKED: the node became a replica while this waited.
  const bool unblocked = absl::StartsWith(error, "UNBLOCKED ");
  if (unblocked || RefusesForNow(reply)) {
    topology->Suspect();
    Disconnect();
    return NotApplied(error);
  }
  return reply;
}

BlockingConnection::BlockingConnection(Endpoint endpoint, absl::Duration patience)
    : impl_(std::make_unique<Impl>(Topology::Fixed(std::move(endpoint)), std::nullopt, patience)) {}

BlockingConnection::BlockingConnection(std::shared_ptr<Topology> topology, std::string_view key)
    : impl_(std::make_unique<Impl>(std::move(topology), SlotOfKey(key), kPatience)) {}

BlockingConnection::~BlockingConnection() { impl_->Disconnect(); }

absl::StatusOr<Reply> BlockingConnection::Call(const Command& command, absl::Duration block) {
  if (absl::Status sent = impl_->Begin(command, block); !sent.ok()) return sent;
  return impl_->Receive();
}

absl::Status BlockingConnection::Impl::Begin(const Command& command, absl::Duration block) {
  bool was_cancelled = false;
  {
    absl::MutexLock lock(&mutex);
    if (interrupted) return NotApplied("interrupted");
    was_cancelled = std::exchange(cancelled, false);
  }
  if (was_cancelled) {
    Disconnect();
    return absl::CancelledError("cancelled");
  }
  BlockSigpipe();
  if (context == nullptr || topology->follows()) {
    const absl::StatusOr<Address> owner = Owner();
    if (!owner.ok()) return owner.status();
    if (context != nullptr && *owner != connected) Disconnect();
    if (context == nullptr) {
      if (absl::Status status = Connect(*owner); !status.ok()) return status;
    }
  }
  return Send(command, block + patience);
}

void BlockingConnection::Interrupt() {
  absl::MutexLock lock(&impl_->mutex);
  impl_->interrupted = true;
  if (impl_->fd >= 0) shutdown(impl_->fd, SHUT_RDWR);
}

void BlockingConnection::Cancel() {
  absl::MutexLock lock(&impl_->mutex);
  impl_->cancelled = true;
  if (impl_->fd >= 0) shutdown(impl_->fd, SHUT_RDWR);
}

}  // namespace fuju::chassis::redis
