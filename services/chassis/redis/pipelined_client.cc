#include "chassis/redis/pipelined_client.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "absl/strings/str_cat.h"

#include "chassis/redis/io_thread.h"
#include "chassis/redis/operation.h"
#include "chassis/redis/slots.h"

namespace fuju::chassis::redis {
namespace {

// Number of the calling thread: its commands always take the same I/O thread, so those about one
// slot stay in order.
unsigned CallerNumber() {
  static std::atomic<unsigned> next = 0;
  thread_local const unsigned number = next++;
  return number;
}

}  // namespace

std::unique_ptr<PipelinedClient> PipelinedClient::Start(PipelinedClientOptions options) {
  return std::unique_ptr<PipelinedClient>(new PipelinedClient(std::move(options)));
}

PipelinedClient::PipelinedClient(PipelinedClientOptions options)
    : topology_(options.topology != nullptr ? options.topology
                                            : Topology::Fixed(options.endpoint)) {
  options.topology = topology_;
  options.connections = std::max(options.connections, 1);
  for (int i = 0; i < std::max(options.io_threads, 1); ++i) {
    threads_.push_back(std::make_unique<IoThread>(options));
  }
}

PipelinedClient::~PipelinedClient() = default;

PipelinedClient::IoThread& PipelinedClient::ThreadOfCaller() {
  for (const auto& thread : threads_) {
    if (thread.get() == IoThread::Current()) return *thread;
  }
  return *threads_[CallerNumber() % threads_.size()];
}

void PipelinedClient::Send(Command command, absl::Duration timeout, Callback callback) {
  auto operation = std::make_shared<Operation>();
  operation->command = std::move(command);
  Submit(std::move(operation), timeout, std::move(callback));
}

void PipelinedClient::Submit(std::shared_ptr<Operation> operation, absl::Duration timeout,
                             Callback callback) {
  operation->slot = SlotOfCommand(operation->command);
  operation->deadline_ms = IoThread::MsAfter(timeout);
  operation->callback = std::move(callback);
  ThreadOfCaller().Submit(std::move(operation));
}

void PipelinedClient::Eval(const Script& script, std::vector<std::string> keys,
                           std::vector<std::string> args, absl::Duration timeout,
                           Callback callback) {
  EvalAndWait(script, std::move(keys), std::move(args), 0, timeout, std::move(callback));
}

void PipelinedClient::EvalAndWait(const Script& script, std::vector<std::string> keys,
                                  std::vector<std::string> args, int replicas,
                                  absl::Duration timeout, Callback callback) {
  auto operation = std::make_shared<Operation>();
  Command& command = operation->command;
  command.reserve(3 + keys.size() + args.size());
  command.push_back("EVALSHA");
  command.push_back(script.sha1());
  command.push_back(absl::StrCat(keys.size()));
  std::move(keys.begin(), keys.end(), std::back_inserter(command));
  std::move(args.begin(), args.end(), std::back_inserter(command));
  operation->script = script.text();
  operation->wait_replicas = replicas;
  Submit(std::move(operation), timeout, std::move(callback));
}

void PipelinedClient::Schedule(absl::Duration delay, std::function<void()> task) {
  ThreadOfCaller().Schedule(delay, std::move(task));
}

void PipelinedClient::Defer(std::function<void()> task) { ThreadOfCaller().Defer(std::move(task)); }

}  // namespace fuju::chassis::redis
