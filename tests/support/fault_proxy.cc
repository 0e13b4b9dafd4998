#include "support/fault_proxy.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"

namespace fuju::test_support {
namespace {

constexpr absl::Duration kTick = absl::Milliseconds(10);
// A direction that is held or trickles keeps so much, then the sender feels it.
constexpr size_t kMostKept = size_t{1} << 20;

[[noreturn]] void Fail(const char* what) {
  std::perror(what);
  std::abort();
}

sockaddr_in Loopback(int port) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  return address;
}

void SendAtOnce(int fd) {
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

void Reset(int fd) {
  if (fd < 0) return;
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
  close(fd);
}

bool WouldBlock() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

}  // namespace

// One direction of a connection.
struct FaultProxy::Pipe {
  struct Chunk {
    absl::Time due;
    std::string bytes;
  };
  int from = -1;
  int to = -1;
  std::deque<Chunk> chunks;
  size_t kept = 0;
  int64_t passed = 0;
  absl::Time next_tick = absl::InfinitePast();
  bool ended = false;

  // False if the connection is broken.
  bool Read(absl::Duration delay, absl::Time now) {
    std::array<char, 65536> buffer;
    while (!ended && kept < kMostKept) {
      const ssize_t count = read(from, buffer.data(), buffer.size());
      if (count < 0) return WouldBlock();
      if (count == 0) {
        ended = true;
        break;
      }
      chunks.push_back({now + delay, std::string(buffer.data(), static_cast<size_t>(count))});
      kept += static_cast<size_t>(count);
    }
    return true;
  }

  bool Has(const std::string& text) const {
    return std::any_of(chunks.begin(), chunks.end(), [&](const Chunk& chunk) {
      return chunk.bytes.find(text) != std::string::npos;
    });
  }

  bool Write(int bytes_per_tick, absl::Time now) {
    if (bytes_per_tick > 0 && now < next_tick) return true;
    size_t allowed = bytes_per_tick > 0 ? static_cast<size_t>(bytes_per_tick) : SIZE_MAX;
    while (!chunks.empty() && chunks.front().due <= now && allowed > 0) {
      std::string& bytes = chunks.front().bytes;
      const ssize_t count =
          send(to, bytes.data(), std::min(bytes.size(), allowed), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (count < 0) return WouldBlock();
      allowed -= static_cast<size_t>(count);
      kept -= static_cast<size_t>(count);
      passed += count;
      bytes.erase(0, static_cast<size_t>(count));
      if (bytes.empty()) chunks.pop_front();
    }
    if (bytes_per_tick > 0) next_tick = now + kTick;
    return true;
  }
};

struct FaultProxy::Link {
  Pipe requests;
  Pipe answers;
  // Nobody hears of it any more.
  bool forgotten = false;
  ~Link() {
    Reset(requests.from);
    Reset(answers.from);
  }
};

FaultProxy::FaultProxy(int target_port) : target_port_(target_port) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  sockaddr_in address = Loopback(0);
  socklen_t length = sizeof(address);
  if (listener_ < 0 || bind(listener_, reinterpret_cast<sockaddr*>(&address), length) != 0 ||
      listen(listener_, 128) != 0 ||
      getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
    Fail("FaultProxy");
  }
  port_ = ntohs(address.sin_port);
  wake_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  thread_ = std::thread([this] { Main(); });
}

FaultProxy::~FaultProxy() {
  {
    const absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  Wake();
  thread_.join();
  close(listener_);
  close(wake_);
}

void FaultProxy::Set(const NetworkFault& fault) {
  {
    const absl::MutexLock lock(&mutex_);
    fault_ = fault;
    holds_ = false;
  }
  Wake();
}

void FaultProxy::Cut() {
  {
    const absl::MutexLock lock(&mutex_);
    cut_ = true;
  }
  Wake();
}

void FaultProxy::Forget() {
  {
    const absl::MutexLock lock(&mutex_);
    forget_ = true;
  }
  Wake();
}

void FaultProxy::Wake() {
  const uint64_t one = 1;
  (void)!write(wake_, &one, sizeof(one));
}

void FaultProxy::Main() {
  while (true) {
    NetworkFault fault;
    {
      const absl::MutexLock lock(&mutex_);
      if (stopping_) break;
      fault = fault_;
      if (std::exchange(cut_, false)) links_.clear();
      if (std::exchange(forget_, false)) {
        for (const auto& link : links_) link->forgotten = true;
      }
    }
    Accept(fault);
    bool waits = false;
    const absl::Time now = absl::Now();
    for (auto it = links_.begin(); it != links_.end();) {
      if (!Serve(**it, fault, now)) {
        it = links_.erase(it);
        continue;
      }
      waits |= !(*it)->forgotten && (*it)->requests.kept + (*it)->answers.kept > 0;
      ++it;
    }
    std::vector<pollfd> polled = {{.fd = listener_, .events = POLLIN, .revents = 0},
                                  {.fd = wake_, .events = POLLIN, .revents = 0}};
    for (const auto& link : links_) {
      for (const Pipe* pipe : {&link->requests, &link->answers}) {
        const bool reads = !pipe->ended && pipe->kept < kMostKept;
        if (reads) polled.push_back({.fd = pipe->from, .events = POLLIN, .revents = 0});
      }
    }
    const int wait_ms = waits ? static_cast<int>(absl::ToInt64Milliseconds(kTick)) / 5 : 1000;
    poll(polled.data(), polled.size(), wait_ms);
    uint64_t woken = 0;
    (void)!read(wake_, &woken, sizeof(woken));
  }
  links_.clear();
}

void FaultProxy::Accept(const NetworkFault& fault) {
  while (true) {
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (client < 0) return;
    ++accepted_;
    if (fault.refuse) {
      Reset(client);
      continue;
    }
    // On loopback this is answered at once.
    const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = Loopback(target_port_);
    if (server < 0 ||
        connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
      Reset(client);
      if (server >= 0) close(server);
      continue;
    }
    fcntl(server, F_SETFL, fcntl(server, F_GETFL) | O_NONBLOCK);
    SendAtOnce(client);
    SendAtOnce(server);
    auto link = std::make_unique<Link>();
    link->requests.from = link->answers.to = client;
    link->answers.from = link->requests.to = server;
    links_.push_back(std::move(link));
  }
}

bool FaultProxy::Serve(Link& link, const NetworkFault& fault, absl::Time now) {
  Pipe& requests = link.requests;
  Pipe& answers = link.answers;
  if (link.forgotten) {
    // Taken and lost. An end of one side is not passed on, so that the other one never hears of it.
    for (Pipe* pipe : {&requests, &answers}) {
      pipe->kept = 0;
      pipe->chunks.clear();
      if (!pipe->Read(absl::ZeroDuration(), now)) pipe->ended = true;
      pipe->kept = 0;
      pipe->chunks.clear();
    }
    return !(requests.ended && answers.ended);
  }
  if (!requests.Read(fault.delay, now) || !answers.Read(fault.delay, now)) return false;
  if (!fault.hold_requests_from.empty() && requests.Has(fault.hold_requests_from)) {
    const absl::MutexLock lock(&mutex_);
    // Not if the fault was over meanwhile.
    holds_ = !fault_.hold_requests_from.empty();
  }
  const bool hold_requests = fault.hold_requests || holds_;
  if (!hold_requests && !requests.Write(fault.bytes_per_tick, now)) return false;
  if (!fault.hold_answers && !answers.Write(fault.bytes_per_tick, now)) return false;
  if (fault.reset_after > 0 && answers.passed >= fault.reset_after) return false;
  // An end is passed on once what came before it has passed.
  return !((requests.ended && requests.kept == 0) || (answers.ended && answers.kept == 0));
}

}  // namespace fuju::test_support
