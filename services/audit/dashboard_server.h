#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"

#include "audit/dashboard_api.h"

namespace fuju::audit {

// The dashboard's HTTP server: the page's files, and /api/ (dashboard_api.h). Reads only: any
// method but GET and HEAD is 405. Answers carry a Content-Security-Policy of 'self', nosniff and no
// referrer; /api/ and index.html are not kept by browsers without asking again. It asks nobody who
// they are: listen on a loopback address, or behind a proxy that does. Thread-safe.
class DashboardServer {
 public:
  struct Options {
    // "127.0.0.1:0"; port 0 takes a free one.
    std::string listen;
    // Folder of the built page; without it a plain page says how to build it.
    std::string web_root;
  };

  // `api` outlives it. INVALID_ARGUMENT for a bad address, UNAVAILABLE if it can not be bound.
  static absl::StatusOr<std::unique_ptr<DashboardServer>> Start(const Options& options,
                                                                const DashboardApi* api);
  virtual ~DashboardServer() = default;

  virtual int port() const = 0;
  // Lets running requests finish, then ends. Idempotent; not concurrently.
  virtual void Stop() = 0;
};

}  // namespace fuju::audit
