#include "chassis/redis/client.h"

#include <optional>
#include <utility>

#include "absl/synchronization/notification.h"

namespace fuju::chassis::redis {
namespace {

// One answer that a waiting thread takes.
class Waiter {
 public:
  Client::Callback Callback() {
    return [this](absl::StatusOr<Reply> result) {
      result_ = std::move(result);
      answered_.Notify();
    };
  }
  absl::StatusOr<Reply> Wait() {
    answered_.WaitForNotification();
    return *std::move(result_);
  }

 private:
  absl::Notification answered_;
  std::optional<absl::StatusOr<Reply>> result_;
};

}  // namespace

absl::StatusOr<Reply> Client::Call(Command command, absl::Duration timeout) {
  Waiter waiter;
  Send(std::move(command), timeout, waiter.Callback());
  return waiter.Wait();
}

absl::StatusOr<Reply> Client::CallScript(const Script& script, std::vector<std::string> keys,
                                         std::vector<std::string> args, absl::Duration timeout) {
  Waiter waiter;
  Eval(script, std::move(keys), std::move(args), timeout, waiter.Callback());
  return waiter.Wait();
}

}  // namespace fuju::chassis::redis
