#include "chassis/telemetry/metrics_endpoint.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <exception>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include <prometheus/exposer.h>
#include <prometheus/registry.h>

namespace fuju::chassis {
namespace {

// Connects and goes away again.
void Poke(const std::string& host, int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  if (inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1) return;
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor < 0) return;
  (void)connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
  close(descriptor);
}

class ExposedEndpoint final : public MetricsEndpoint {
 public:
  ExposedEndpoint(std::unique_ptr<prometheus::Exposer> exposer,
                  std::shared_ptr<prometheus::Registry> registry, std::string host, int port)
      : registry_(std::move(registry)),
        host_(std::move(host)),
        port_(port),
        exposer_(std::move(exposer)) {
    exposer_->RegisterCollectable(registry_);
  }

  // civetweb sees that it should stop only when a connection comes, or two seconds have passed: so
  // connections are made until it has stopped.
  ~ExposedEndpoint() override {
    constexpr absl::Duration kPause = absl::Milliseconds(5);
    absl::Notification stopped;
    std::thread poker([&] {
      do {
        Poke(host_, port_);
      } while (!stopped.WaitForNotificationWithTimeout(kPause));
    });
    exposer_.reset();
    stopped.Notify();
    poker.join();
  }

  int port() const override { return port_; }

 private:
  const std::shared_ptr<prometheus::Registry> registry_;
  const std::string host_;
  const int port_;
  std::unique_ptr<prometheus::Exposer> exposer_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<MetricsEndpoint>> MetricsEndpoint::Start(
    const std::string& address, std::shared_ptr<prometheus::Registry> registry) {
  constexpr int kThreads = 2;
  std::unique_ptr<prometheus::Exposer> exposer;
  std::string error;
  try {
    exposer = std::make_unique<prometheus::Exposer>(address, kThreads);
  } catch (const std::exception& exception) {
    error = exception.what();
  }
  const std::vector<int> ports =
      exposer == nullptr ? std::vector<int>() : exposer->GetListeningPorts();
  if (ports.empty()) {
    return absl::UnavailableError(
        absl::StrCat("can not serve metrics on ", address, error.empty() ? "" : ": ", error,
                     "; is the port free, and is the address one of this machine's?"));
  }
  return std::make_unique<ExposedEndpoint>(std::move(exposer), std::move(registry),
                                           address.substr(0, address.rfind(':')), ports.front());
}

}  // namespace fuju::chassis
