#include "chassis/telemetry/trace_context.h"

#include <algorithm>

#include "absl/random/random.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace fuju::chassis {
namespace {

constexpr size_t kTraceDigits = 32;
constexpr size_t kSpanDigits = 16;
// "00-" trace "-" span "-" flags.
constexpr size_t kSpanAt = 3 + kTraceDigits + 1;
constexpr size_t kFlagsAt = kSpanAt + kSpanDigits + 1;
constexpr size_t kHeaderSize = kFlagsAt + 2;

bool IsLowerHex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool IsZero(std::string_view text) { return text.find_first_not_of('0') == std::string_view::npos; }

// Ids of all zeros are invalid in W3C trace context.
uint64_t NonZero() {
  thread_local absl::BitGen generator;
  return absl::Uniform<uint64_t>(absl::IntervalClosed, generator, 1, UINT64_MAX);
}

std::string SpanId() { return absl::StrFormat("%016x", NonZero()); }

}  // namespace

TraceContext TraceContext::New() {
  TraceContext context;
  context.trace_id_ = absl::StrFormat("%016x%016x", NonZero(), NonZero());
  context.span_id_ = SpanId();
  return context;
}

TraceContext TraceContext::FromHeader(std::string_view traceparent) {
  if (traceparent.size() != kHeaderSize || traceparent.substr(0, 3) != "00-" ||
      traceparent[kSpanAt - 1] != '-' || traceparent[kFlagsAt - 1] != '-') {
    return New();
  }
  const std::string_view trace_id = traceparent.substr(3, kTraceDigits);
  const std::string_view span_id = traceparent.substr(kSpanAt, kSpanDigits);
  const std::string_view flags = traceparent.substr(kFlagsAt);
  if (!IsLowerHex(trace_id) || !IsLowerHex(span_id) || !IsLowerHex(flags) || IsZero(trace_id) ||
      IsZero(span_id)) {
    return New();
  }
  TraceContext context;
  context.trace_id_ = trace_id;
  context.span_id_ = span_id;
  context.flags_ = flags;
  return context;
}

TraceContext TraceContext::Child() const {
  TraceContext child = *this;
  child.span_id_ = SpanId();
  return child;
}

std::string TraceContext::ToHeader() const {
  return absl::StrCat("00-", trace_id_, "-", span_id_, "-", flags_);
}

}  // namespace fuju::chassis
