#include "bench/pipeline.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "absl/strings/str_cat.h"
#include <hiredis/hiredis.h>

#include "bench/measure.h"
#include "bench/stage.h"

namespace fuju::bench {

std::string Encoded(const std::vector<std::string>& words) {
  std::string bytes = absl::StrCat("*", words.size(), "\r\n");
  for (const std::string& word : words) {
    absl::StrAppend(&bytes, "$", word.size(), "\r\n", word, "\r\n");
  }
  return bytes;
}

struct Pipeline::Connection {
  redisContext* context = nullptr;
  std::string unsent;
  int in_flight = 0;

  void Fill(int window, const std::function<std::string()>& next, bool* exhausted) {
    while (in_flight < window && !*exhausted) {
      const std::string command = next();
      if (command.empty()) {
        *exhausted = true;
      } else {
        unsent += command;
        ++in_flight;
      }
    }
  }

  void Write() {
    if (unsent.empty()) return;
    const ssize_t sent =
        send(context->fd, unsent.data(), unsent.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent > 0) unsent.erase(0, static_cast<size_t>(sent));
    if (sent < 0 && errno != EAGAIN) Fail("Redis closed the connection");
  }

  void Read() {
    char buffer[1 << 16];
    const ssize_t count = recv(context->fd, buffer, sizeof(buffer), MSG_DONTWAIT);
    if (count == 0 || (count < 0 && errno != EAGAIN)) Fail("Redis closed the connection");
    if (count < 0) return;
    redisReaderFeed(context->reader, buffer, static_cast<size_t>(count));
    void* raw = nullptr;
    while (redisReaderGetReply(context->reader, &raw) == REDIS_OK && raw != nullptr) {
      auto* reply = static_cast<redisReply*>(raw);
      if (reply->type == REDIS_REPLY_ERROR) Fail(absl::StrCat("Redis says: ", reply->str));
      if (reply->type == REDIS_REPLY_ARRAY && reply->elements == 1 &&
          reply->element[0]->type == REDIS_REPLY_INTEGER && reply->element[0]->integer != 0) {
        Fail(absl::StrCat("a commit ended with ", reply->element[0]->integer));
      }
      freeReplyObject(reply);
      --in_flight;
    }
  }
};

Pipeline::Pipeline(int port, int connections, int in_flight)
    : connections_(connections), window_(std::max(in_flight / connections, 1)) {
  for (Connection& connection : connections_) {
    connection.context = redisConnect("127.0.0.1", port);
    if (connection.context == nullptr || connection.context->err != 0) Fail("cannot reach Redis");
  }
}

Pipeline::~Pipeline() {
  for (const Connection& connection : connections_) redisFree(connection.context);
}

double Pipeline::Run(const std::function<std::string()>& next) {
  const int64_t started = SteadyNs();
  bool exhausted = false;
  bool busy = true;
  std::vector<pollfd> waiting(connections_.size());
  while (busy) {
    busy = false;
    for (size_t i = 0; i < connections_.size(); ++i) {
      Connection& connection = connections_[i];
      connection.Fill(window_, next, &exhausted);
      connection.Write();
      const int events = connection.unsent.empty() ? POLLIN : POLLIN | POLLOUT;
      waiting[i] = {connection.context->fd, static_cast<short>(events), 0};
      busy |= connection.in_flight > 0;
    }
    if (!busy) break;
    poll(waiting.data(), waiting.size(), -1);
    for (size_t i = 0; i < connections_.size(); ++i) {
      if ((waiting[i].revents & (POLLIN | POLLHUP | POLLERR)) != 0) connections_[i].Read();
    }
  }
  return static_cast<double>(SteadyNs() - started) / 1e9;
}

double Pipeline::Run(const std::vector<std::string>& commands) {
  size_t next = 0;
  return Run([&] { return next < commands.size() ? commands[next++] : std::string(); });
}

}  // namespace fuju::bench
