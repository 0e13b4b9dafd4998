#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "chassis/redis/client.h"
#include "chassis/redis/pipelined_client.h"

namespace fuju::test_support {

// A Redis user; empty for the default one.
struct RedisLogin {
  std::string user;
  std::string password;
};

// A private redis-server on a free port with a folder of its own, as durable as in production. Ends
// with this object, and with the test's process. Errors end the test program: without its Redis a
// test can say nothing. Not thread-safe.
class RedisServer {
 public:
  // Starts it and waits until it accepts commands. `arguments` come after the usual ones and may
  // overrule them; where they bring users, `login` is the one that this object is. The words of
  // `launcher` come before the command; what they name has to become the server.
  explicit RedisServer(std::vector<std::string> arguments = {}, RedisLogin login = {},
                       std::vector<std::string> launcher = {});
  ~RedisServer();
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;

  int port() const { return port_; }
  pid_t pid() const { return pid_; }
  chassis::redis::Endpoint endpoint() const;

  // Ends it as SIGTERM does; it saves what it has.
  void Stop();
  // Ends it as SIGKILL does.
  void Kill();
  // Starts it again on the same port and append-only file, after Stop or Kill.
  void Restart();
  // Stops it from running without ending its connections (SIGSTOP), until Resume or the end.
  void Pause();
  void Resume();

  // One command on a connection of its own; waits for the reply, also for an error.
  chassis::redis::Reply Call(chassis::redis::Command command) const;

 private:
  // False if the server ended before it accepted commands, as when the port was taken meanwhile.
  bool Launch();
  void End(int signal);

  std::vector<std::string> launcher_;
  std::vector<std::string> arguments_;
  RedisLogin login_;
  std::string folder_;
  int port_ = 0;
  pid_t pid_ = 0;
  std::thread log_reader_;
};

}  // namespace fuju::test_support
