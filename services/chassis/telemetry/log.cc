#include "chassis/telemetry/log.h"

#include <memory>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include <nlohmann/json.hpp>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace fuju::chassis {
namespace {

struct Logger {
  std::shared_ptr<spdlog::logger> lines;
  std::string service;
  std::string instance;
};

std::shared_ptr<spdlog::logger> MakeLines() {
  auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  auto lines = std::make_shared<spdlog::logger>("fuju", std::move(sink));
  lines->set_pattern("%v");
  lines->flush_on(spdlog::level::trace);
  return lines;
}

// Never destroyed: threads may log until the process is gone.
Logger& TheLogger() {
  static Logger* const logger = new Logger{MakeLines(), "", ""};
  return *logger;
}

void Write(spdlog::level::level_enum level, std::string_view name, std::string_view message,
           std::initializer_list<LogField> fields) {
  const Logger& logger = TheLogger();
  if (!logger.lines->should_log(level)) return;
  nlohmann::ordered_json line;
  line["time"] = absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", absl::Now(), absl::UTCTimeZone());
  line["level"] = name;
  line["service"] = logger.service;
  line["instance"] = logger.instance;
  line["message"] = message;
  for (const LogField& field : fields) {
    // A field can not take the place of one above.
    std::visit([&](const auto& value) { line.emplace(std::string(field.key), value); },
               field.value);
  }
  logger.lines->log(level, spdlog::string_view_t("{}"),
                    line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

}  // namespace

void InitLogging(std::string_view service, std::string_view instance, std::string_view level) {
  Logger& logger = TheLogger();
  logger.service = service;
  logger.instance = instance;
  logger.lines->set_level(level == "off"       ? spdlog::level::off
                          : level == "error"   ? spdlog::level::err
                          : level == "warning" ? spdlog::level::warn
                                               : spdlog::level::info);
}

void LogInfo(std::string_view message, std::initializer_list<LogField> fields) {
  Write(spdlog::level::info, "info", message, fields);
}

void LogWarning(std::string_view message, std::initializer_list<LogField> fields) {
  Write(spdlog::level::warn, "warning", message, fields);
}

void LogError(std::string_view message, std::initializer_list<LogField> fields) {
  Write(spdlog::level::err, "error", message, fields);
}

}  // namespace fuju::chassis
