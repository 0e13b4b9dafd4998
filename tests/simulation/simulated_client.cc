#include "simulation/simulated_client.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

#include "chassis/redis/result.h"
#include "chassis/store/keys.h"

namespace fuju::simulation {
namespace {

using chassis::redis::Command;
using chassis::redis::Reply;
using chassis::redis::Script;

// A pause before a repeat costs no time: what happens meanwhile is a choice of the schedule. Only
// longer waits are for the clock.
constexpr absl::Duration kShortPause = absl::Seconds(1);

}  // namespace

void SimulatedClient::Send(Command command, absl::Duration, Callback callback) {
  Take(
      {.script = nullptr, .keys = {}, .args = std::move(command), .callback = std::move(callback)});
}

void SimulatedClient::Eval(const Script& script, std::vector<std::string> keys,
                           std::vector<std::string> args, absl::Duration, Callback callback) {
  Take({.script = &script,
        .keys = std::move(keys),
        .args = std::move(args),
        .callback = std::move(callback)});
}

void SimulatedClient::EvalAndWait(const Script& script, std::vector<std::string> keys,
                                  std::vector<std::string> args, int, absl::Duration timeout,
                                  Callback callback) {
  Eval(script, std::move(keys), std::move(args), timeout, std::move(callback));
}

void SimulatedClient::Schedule(absl::Duration delay, std::function<void()> task) {
  if (stopped_) return;
  const int64_t pause = delay < kShortPause ? 0 : absl::ToInt64Milliseconds(delay);
  tasks_.emplace(redis_->now() + pause, std::move(task));
}

void SimulatedClient::Take(Operation operation) {
  if (stopped_) return operation.callback(chassis::redis::NotApplied("the client is stopping"));
  if (immediate_) return operation.callback(chassis::redis::ToResult(Perform(operation)));
  sent_.push_back(std::move(operation));
}

Reply SimulatedClient::Perform(const Operation& operation) {
  return operation.script == nullptr
             ? redis_->Run(operation.args)
             : redis_->Run(*operation.script, operation.keys, operation.args);
}

void SimulatedClient::CarryOut() {
  Operation operation = std::move(sent_.front());
  sent_.pop_front();
  Reply reply = Perform(operation);
  if (operation.waiting) answered_.emplace_back(std::move(operation.callback), std::move(reply));
}

void SimulatedClient::Answer() {
  auto [callback, reply] = std::move(answered_.front());
  answered_.pop_front();
  callback(chassis::redis::ToResult(std::move(reply)));
}

bool SimulatedClient::CanRunTask() const {
  return !tasks_.empty() && tasks_.begin()->first <= redis_->now();
}

void SimulatedClient::RunTask() {
  const auto task = std::move(tasks_.begin()->second);
  tasks_.erase(tasks_.begin());
  task();
}

void SimulatedClient::Cut() {
  auto answered = std::move(answered_);
  auto sent = std::move(sent_);
  answered_.clear();
  sent_.clear();
  for (auto& [callback, reply] : answered) {
    callback(chassis::redis::AnswerLost("the connection was cut"));
  }
  for (Operation& operation : sent) {
    if (operation.waiting) operation.callback(chassis::redis::AnswerLost("the connection was cut"));
  }
}

void SimulatedClient::TimeOut() {
  sent_.front().waiting = false;
  const Callback callback = std::move(sent_.front().callback);
  callback(chassis::redis::NoAnswerInTime("connected"));
}

void SimulatedClient::Stop() {
  stopped_ = true;
  Cut();
  // A task that is dropped may end a call, which may put off another one: that is dropped, too.
  while (!tasks_.empty()) {
    const auto tasks = std::move(tasks_);
    tasks_.clear();
  }
}

std::string SimulatedClient::Next() const {
  if (sent_.empty()) return "";
  const Operation& next = sent_.front();
  if (next.script == nullptr) return absl::StrCat(next.args[0], " ", next.args[1]);
  const auto telling = std::find_if(next.keys.begin(), next.keys.end(), [](const auto& key) {
    return chassis::Keys::ParseAggregate(key).has_value();
  });
  return absl::StrCat("script on ", telling == next.keys.end() ? next.keys.front() : *telling);
}

}  // namespace fuju::simulation
