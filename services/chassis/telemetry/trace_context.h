#pragma once

#include <string>
#include <string_view>

namespace fuju::chassis {

// W3C trace context, version 00: "00-<32 hex trace id>-<16 hex span id>-<2 hex flags>". A value.
class TraceContext {
 public:
  // The caller's context if it is well formed, else a new one.
  static TraceContext FromHeader(std::string_view traceparent);
  // A new trace.
  static TraceContext New();
  // Same trace, new span.
  TraceContext Child() const;

  std::string ToHeader() const;
  const std::string& trace_id() const { return trace_id_; }
  const std::string& span_id() const { return span_id_; }

 private:
  std::string trace_id_;
  std::string span_id_;
  std::string flags_ = "01";
};

}  // namespace fuju::chassis
