#pragma once

#include <functional>
#include <string>
#include <vector>

namespace fuju::bench {

// One command in Redis' protocol.
std::string Encoded(const std::vector<std::string>& words);

// Sends commands to Redis as fast as it answers, with nothing of ours between: what is left when
// everything but Redis is free. An error reply ends the program. One thread.
class Pipeline {
 public:
  // At most `in_flight` commands without an answer, over so many connections.
  Pipeline(int port, int connections, int in_flight);
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  // Sends `next()`, encoded, until it is empty, and awaits all answers; the seconds that took. The
  // answer of a script of ours must begin with 0, done.
  double Run(const std::function<std::string()>& next);
  double Run(const std::vector<std::string>& commands);

 private:
  struct Connection;
  std::vector<Connection> connections_;
  const int window_;
};

}  // namespace fuju::bench
