#include "support/redis_server.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "chassis/redis/blocking_connection.h"
#include "support/free_port.h"

namespace fuju::test_support {
namespace {

[[noreturn]] void Fail(const std::string& what) {
  std::fprintf(stderr, "RedisServer: %s\n", what.c_str());
  std::abort();
}

// Reads the server's log until a line says that it is ready; false at its end.
bool ReadUntilReady(int fd, std::string& log) {
  char buffer[4096];
  while (log.find("Ready to accept connections") == std::string::npos) {
    const ssize_t count = read(fd, buffer, sizeof(buffer));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    log.append(buffer, static_cast<size_t>(count));
  }
  return true;
}

}  // namespace

RedisServer::RedisServer(std::vector<std::string> arguments, RedisLogin login,
                         std::vector<std::string> launcher)
    : launcher_(std::move(launcher)), arguments_(std::move(arguments)), login_(std::move(login)) {
  std::string pattern = (std::filesystem::temp_directory_path() / "fuju-redis-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) Fail(absl::StrCat("mkdtemp: ", std::strerror(errno)));
  folder_ = pattern;
  constexpr int kAttempts = 5;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    port_ = FreePort();
    if (Launch()) return;
  }
  Fail("redis-server does not start");
}

RedisServer::~RedisServer() {
  if (pid_ != 0) End(SIGKILL);
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

chassis::redis::Endpoint RedisServer::endpoint() const {
  return {.host = "127.0.0.1", .port = port_, .user = login_.user, .password = login_.password};
}

bool RedisServer::Launch() {
  const std::vector<std::string> command = {"redis-server",
                                            "--port",
                                            absl::StrCat(port_),
                                            "--bind",
                                            "127.0.0.1",
                                            "--dir",
                                            folder_,
                                            "--save",
                                            "",
                                            "--appendonly",
                                            "yes",
                                            "--appendfsync",
                                            "always",
                                            "--maxmemory-policy",
                                            "noeviction",
                                            "--hash-max-listpack-value",
                                            "4096",
                                            "--daemonize",
                                            "no"};
  std::vector<std::string> words = launcher_;
  words.insert(words.end(), command.begin(), command.end());
  words.insert(words.end(), arguments_.begin(), arguments_.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);

  int log[2];
  if (pipe2(log, O_CLOEXEC) != 0) Fail(absl::StrCat("pipe: ", std::strerror(errno)));
  const pid_t parent = getpid();
  pid_ = fork();
  if (pid_ < 0) Fail(absl::StrCat("fork: ", std::strerror(errno)));
  if (pid_ == 0) {
    // Only what is safe after fork in a program with threads.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(1);
    // Ctrl-C in a terminal and a mask of the parent are not the server's business.
    setpgid(0, 0);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    dup2(log[1], STDOUT_FILENO);
    dup2(log[1], STDERR_FILENO);
    execvp(argv[0], argv.data());
    _exit(127);
  }
  close(log[1]);
  std::string text;
  if (!ReadUntilReady(log[0], text)) {
    close(log[0]);
    waitpid(std::exchange(pid_, 0), nullptr, 0);
    std::fprintf(stderr, "%s", text.c_str());
    return false;
  }
  // The rest is read so that the server never waits for the pipe.
  log_reader_ = std::thread([fd = log[0]] {
    char buffer[4096];
    while (true) {
      const ssize_t count = read(fd, buffer, sizeof(buffer));
      if (count == 0 || (count < 0 && errno != EINTR)) break;
    }
    close(fd);
  });

  // Another server on this port must not answer in its place.
  pid_t answered = 0;
  const std::string info = Call({"INFO", "server"}).text();
  for (absl::string_view line : absl::StrSplit(info, "\r\n")) {
    if (absl::ConsumePrefix(&line, "process_id:")) (void)absl::SimpleAtoi(line, &answered);
  }
  if (answered != pid_) Fail(absl::StrCat("process ", answered, " answers on port ", port_));
  return true;
}

void RedisServer::End(int signal) {
  if (signal != SIGKILL) kill(pid_, SIGCONT);
  kill(pid_, signal);
  waitpid(std::exchange(pid_, 0), nullptr, 0);
  log_reader_.join();
}

void RedisServer::Stop() { End(SIGTERM); }

void RedisServer::Kill() { End(SIGKILL); }

void RedisServer::Restart() {
  if (pid_ != 0) Fail("Restart of a running server");
  if (!Launch()) Fail("redis-server does not start again");
}

void RedisServer::Pause() { kill(pid_, SIGSTOP); }

void RedisServer::Resume() { kill(pid_, SIGCONT); }

chassis::redis::Reply RedisServer::Call(chassis::redis::Command command) const {
  chassis::redis::BlockingConnection connection(endpoint());
  absl::StatusOr<chassis::redis::Reply> reply = connection.Call(command, absl::ZeroDuration());
  if (!reply.ok()) Fail(absl::StrCat(command.front(), ": ", reply.status().ToString()));
  return *std::move(reply);
}

}  // namespace fuju::test_support
