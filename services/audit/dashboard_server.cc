#include "audit/dashboard_server.h"

#include <thread>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include <httplib.h>

#include "audit/http_errors.h"
#include "audit/static_files.h"
#include "chassis/telemetry/log.h"
#include "chassis/values/refusal.h"

namespace fuju::audit {
namespace {

constexpr char kJson[] = "application/json; charset=utf-8";
constexpr char kHtml[] = "text/html; charset=utf-8";
// ECharts writes style attributes into its tooltips; no style or script element is allowed.
constexpr char kContentPolicy[] =
    "default-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
constexpr char kNotBuilt[] =
    "<!doctype html>\n<html lang=\"zh-CN\">\n<head><meta charset=\"utf-8\"><title>辅具审计</title>"
    "</head>\n<body>\n<h1>看板页面尚未构建</h1>\n<p>请运行 <code>scripts/setup --web</code> "
    "构建后刷新"
    "本页。</p>\n<p lang=\"en\">The dashboard page is not built yet: run <code>scripts/setup "
    "--web</code>, then reload.</p>\n</body>\n</html>\n";

// A browser opens up to six connections, and each holds a thread while it is kept alive.
constexpr int kThreads = 16;
constexpr int kIdleSeconds = 2;
constexpr int kReadSeconds = 5;
constexpr size_t kLongestBody = 1024;

struct Address {
  std::string host;
  int port = 0;
};

absl::StatusOr<Address> ParseAddress(const std::string& listen) {
  const size_t colon = listen.rfind(':');
  Address address;
  if (colon == std::string::npos || colon == 0 ||
      !absl::SimpleAtoi(listen.substr(colon + 1), &address.port) || address.port < 0 ||
      address.port > 65535) {
    return absl::InvalidArgumentError(
        absl::StrCat("--dashboard_listen must be host:port, not \"", listen, "\""));
  }
  address.host = listen.substr(0, colon);
  if (address.host.front() == '[' && address.host.back() == ']') {
    address.host = address.host.substr(1, address.host.size() - 2);
  }
  return address;
}

bool IsApi(const httplib::Request& request) { return absl::StartsWith(request.path, "/api/"); }

void Send(const ApiAnswer& answer, httplib::Response& response) {
  response.status = answer.http_code;
  response.set_header("Cache-Control", "no-store");
  if (answer.http_code == 503) response.set_header("Retry-After", "1");
  response.set_content(answer.body, kJson);
}

// What HTTP itself refuses, in the words of our errors.
absl::Status StatusOfHttpCode(int code) {
  switch (code) {
    case 404:
      return absl::NotFoundError("没有这个页面 / there is no such page");
    case 405:
      return absl::UnimplementedError("只支持 GET 和 HEAD / only GET and HEAD are served");
    case 413:
    case 414:
    case 431:
      return absl::ResourceExhaustedError("请求过大 / the request is too large");
    default:
      return code < 500 ? absl::InvalidArgumentError("请求有误 / the request is malformed")
                        : absl::InternalError("");
  }
}

class HttplibDashboardServer final : public DashboardServer {
 public:
  HttplibDashboardServer(const Options& options, const DashboardApi* api)
      : api_(api), files_(options.web_root) {
    server_.new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
    server_.set_keep_alive_timeout(kIdleSeconds);
    server_.set_read_timeout(kReadSeconds);
    server_.set_payload_max_length(kLongestBody);
    server_.set_tcp_nodelay(true);
    // Not the library's SO_REUSEPORT: two processes would share the port, and the callers.
    server_.set_socket_options([](socket_t fd) {
      const int yes = 1;
      setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    });
    server_.set_default_headers({{"Content-Security-Policy", kContentPolicy},
                                 {"X-Content-Type-Options", "nosniff"},
                                 {"X-Frame-Options", "DENY"},
                                 {"Referrer-Policy", "no-referrer"}});
    // Handlers of their own, so that a body is read (or refused as too large) before the answer.
    const auto refuse = [](const httplib::Request&, httplib::Response& response) {
      response.status = 405;
      response.set_header("Allow", "GET, HEAD");
    };
    server_.Post(".*", refuse);
    server_.Put(".*", refuse);
    server_.Patch(".*", refuse);
    server_.Delete(".*", refuse);
    server_.Options(".*", refuse);
    server_.Get("/api/.*", [this](const auto& request, auto& response) {
      Send(api_->Answer(request.path, request.params), response);
    });
    server_.Get("/.*",
                [this](const auto& request, auto& response) { SendFile(request.path, response); });
    server_.set_exception_handler([](const auto& request, auto& response, std::exception_ptr) {
      chassis::LogError("a request of the dashboard failed", {{"path", request.path}});
      response.status = 500;
    });
    server_.set_error_handler([](const httplib::Request& request, httplib::Response& response) {
      if (response.body.empty()) SendError(request, response);
    });
  }

  ~HttplibDashboardServer() override { Stop(); }

  absl::Status Listen(const std::string& listen) {
    const absl::StatusOr<Address> address = ParseAddress(listen);
    if (!address.ok()) return address.status();
    port_ = address->port;
    if (port_ == 0) {
      port_ = server_.bind_to_any_port(address->host);
    } else if (!server_.bind_to_port(address->host, port_)) {
      port_ = -1;
    }
    if (port_ <= 0) {
      return absl::UnavailableError(absl::StrCat("can not listen on --dashboard_listen=", listen));
    }
    thread_ = std::thread([this] {
      server_.listen_after_bind();
      ended_.Notify();
    });
    return absl::OkStatus();
  }

  int port() const override { return port_; }

  void Stop() override {
    if (!thread_.joinable()) return;
    // The library forgets a stop that comes before its thread listens: say it until it is heard.
    do {
      server_.stop();
    } while (!ended_.WaitForNotificationWithTimeout(absl::Milliseconds(10)));
    thread_.join();
  }

 private:
  static void SendError(const httplib::Request& request, httplib::Response& response) {
    const int code = response.status;
    const absl::Status status = StatusOfHttpCode(code);
    if (IsApi(request)) {
      Send({.http_code = code, .body = ErrorJson(status)}, response);
    } else {
      response.set_header("Cache-Control", "no-store");
      response.set_content(absl::StrCat(status.message(), "\n"), "text/plain; charset=utf-8");
    }
  }

  void SendFile(const std::string& path, httplib::Response& response) {
    if (path == "/" && !files_.Built()) {
      response.set_header("Cache-Control", "no-store");
      response.set_content(kNotBuilt, kHtml);
      return;
    }
    absl::StatusOr<StaticFile> file = files_.Read(path);
    if (!file.ok()) {
      response.status = 404;
      return;
    }
    response.set_header("Cache-Control",
                        file->immutable ? "public, max-age=31536000, immutable" : "no-cache");
    response.set_content(file->content, file->content_type);
  }

  const DashboardApi* const api_;
  const StaticFiles files_;
  httplib::Server server_;
  int port_ = 0;
  absl::Notification ended_;
  std::thread thread_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<DashboardServer>> DashboardServer::Start(const Options& options,
                                                                        const DashboardApi* api) {
  auto server = std::make_unique<HttplibDashboardServer>(options, api);
  if (absl::Status status = server->Listen(options.listen); !status.ok()) return status;
  return server;
}

}  // namespace fuju::audit
