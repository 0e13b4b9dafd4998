#include "support/webhook_receiver.h"

#include <deque>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include <gtest/gtest.h>
#include <httplib.h>

namespace fuju::test_support {
namespace {

constexpr char kPath[] = "/notices";
constexpr absl::Duration kPatience = absl::Seconds(30);

}  // namespace

struct WebhookReceiver::Impl {
  void Serve(const httplib::Request& request, httplib::Response& response) {
    Answer answer;
    {
      const absl::MutexLock lock(&mutex);
      requests.push_back({request.body, request.get_header_value("Idempotency-Key"),
                          request.get_header_value("Fuju-Signature")});
      if (!answers.empty()) {
        answer = std::move(answers.front());
        answers.pop_front();
      }
      if (answer.held) mutex.Await(absl::Condition(&released));
    }
    response.status = answer.status;
    if (!answer.retry_after.empty()) response.set_header("Retry-After", answer.retry_after);
  }

  httplib::Server server;
  int port = 0;
  std::thread thread;
  mutable absl::Mutex mutex;
  std::deque<Answer> answers ABSL_GUARDED_BY(mutex);
  std::vector<Request> requests ABSL_GUARDED_BY(mutex);
  bool released ABSL_GUARDED_BY(mutex) = false;
};

WebhookReceiver::WebhookReceiver() : impl_(std::make_unique<Impl>()) {
  impl_->server.Post(kPath, [this](const httplib::Request& request, httplib::Response& response) {
    impl_->Serve(request, response);
  });
  impl_->port = impl_->server.bind_to_any_port("127.0.0.1");
  impl_->thread = std::thread([this] { impl_->server.listen_after_bind(); });
}

WebhookReceiver::~WebhookReceiver() {
  Release();
  // A stop before the start would be forgotten.
  while (!impl_->server.is_running()) std::this_thread::yield();
  impl_->server.stop();
  impl_->thread.join();
}

std::string WebhookReceiver::url() const {
  return absl::StrCat("http://127.0.0.1:", impl_->port, kPath);
}

void WebhookReceiver::Script(std::vector<Answer> answers) {
  const absl::MutexLock lock(&impl_->mutex);
  impl_->answers.assign(answers.begin(), answers.end());
}

void WebhookReceiver::Release() {
  const absl::MutexLock lock(&impl_->mutex);
  impl_->released = true;
}

std::vector<WebhookReceiver::Request> WebhookReceiver::Requests() const {
  const absl::MutexLock lock(&impl_->mutex);
  return impl_->requests;
}

std::vector<WebhookReceiver::Request> WebhookReceiver::Await(size_t count) const {
  const auto enough = [this, count]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(impl_->mutex) {
    return impl_->requests.size() >= count;
  };
  const absl::MutexLock lock(&impl_->mutex);
  EXPECT_TRUE(impl_->mutex.AwaitWithTimeout(absl::Condition(&enough), kPatience))
      << impl_->requests.size() << " of " << count << " requests came";
  return impl_->requests;
}

}  // namespace fuju::test_support
