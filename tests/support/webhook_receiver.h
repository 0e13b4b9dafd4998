#pragma once

#include <memory>
#include <string>
#include <vector>

namespace fuju::test_support {

// A gateway that takes notices over HTTP on 127.0.0.1, and does to its callers what a test says.
// Thread-safe.
class WebhookReceiver {
 public:
  struct Request {
    std::string body;
    std::string idempotency_key;
    std::string signature;
  };
  // What the next caller gets.
  struct Answer {
    int status = 200;
    // The header of that name; empty: none.
    std::string retry_after = {};
    // Not before Release.
    bool held = false;
  };

  WebhookReceiver();
  // Releases who is held.
  ~WebhookReceiver();
  WebhookReceiver(const WebhookReceiver&) = delete;
  WebhookReceiver& operator=(const WebhookReceiver&) = delete;

  // Where it listens.
  std::string url() const;

  // Answers for the next requests, one each; then everything is 200.
  void Script(std::vector<Answer> answers);
  // Lets those who are held go on, and holds nobody any more.
  void Release();

  // All so far, in the order in which they came.
  std::vector<Request> Requests() const;
  // Waits, at most half a minute, until so many have come; fails the test otherwise.
  std::vector<Request> Await(size_t count) const;

 private:
  struct Impl;
  const std::unique_ptr<Impl> impl_;
};

}  // namespace fuju::test_support
