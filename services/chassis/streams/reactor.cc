#include "chassis/streams/reactor.h"

#include <algorithm>

#include "chassis/telemetry/trace_context.h"

namespace fuju::chassis {

Command Delivery::ToCommand(std::string_view service) const {
  Command command;
  command.actor = "system:" + std::string(service);
  command.cause = Cause{.source = event->source(),
                        .subject = event->subject(),
                        .version = event->aggregate_version(),
                        .event_id = event->id()};
  command.fence = fence;
  command.correlation_id = event->correlation_id();
  command.traceparent = TraceContext::FromHeader(event->traceparent()).Child().ToHeader();
  return command;
}

void Reactions::OnAll(std::vector<std::string> sources, Handler handler) {
  for (std::string& source : sources) sources_.push_back(std::move(source));
  all_ = std::move(handler);
}

void Reactions::Add(std::string source, std::string type, Handler handler) {
  sources_.push_back(std::move(source));
  handlers_[std::move(type)] = std::move(handler);
}

std::vector<std::string> Reactions::Sources() const {
  std::vector<std::string> sources = sources_;
  std::sort(sources.begin(), sources.end());
  sources.erase(std::unique(sources.begin(), sources.end()), sources.end());
  return sources;
}

const Reactions::Handler* Reactions::Find(std::string_view type) const {
  if (all_) return &all_;
  const auto found = handlers_.find(type);
  return found == handlers_.end() ? nullptr : &found->second;
}

Command DueTimer::ToCommand(std::string_view service) const {
  Command command;
  command.actor = "system:" + std::string(service);
  command.fence = fence;
  command.traceparent = TraceContext::New().ToHeader();
  return command;
}

void TimerHandlers::On(std::string kind, Handler handler) {
  handlers_[std::move(kind)] = std::move(handler);
}

const TimerHandlers::Handler* TimerHandlers::Find(std::string_view kind) const {
  const auto found = handlers_.find(kind);
  return found == handlers_.end() ? nullptr : &found->second;
}

std::vector<std::string> TimerHandlers::Kinds() const {
  std::vector<std::string> kinds;
  for (const auto& [kind, handler] : handlers_) kinds.push_back(kind);
  return kinds;
}

}  // namespace fuju::chassis
