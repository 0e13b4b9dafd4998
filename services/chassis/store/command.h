#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/time.h"

namespace fuju::chassis {

// The right to act for a partition of a service, checked inside the commit.
struct Fence {
  int partition = 0;
  // Value of the lease key while the right holds: "<instance>|<token>".
  std::string lease;
};

// The event that a commit reacts to.
struct Cause {
  // Publishing service and aggregate, and the version of that aggregate.
  std::string source;
  std::string subject;
  int64_t version = 0;
  // Id of the event.
  std::string event_id;
};

// Who asks for a change, why, and how a repeat is recognised. A value.
struct Command {
  // "<role>:<id>".
  std::string actor;
  // From an RPC: idempotency key and a hash of the request, of the same length for all; the scope
  // is the method, so that one request id may serve different methods.
  std::string request_scope;
  std::string request_id;
  std::string fingerprint;
  // From a reaction.
  std::optional<Cause> cause;
  std::optional<Fence> fence;
  // Used when the aggregate is created by this command; else the aggregate's own is kept.
  std::string correlation_id;
  std::string traceparent;
  // The aggregate is probably not there yet: the first decision is made on nothing, without a read
  // before it. Wrong, it costs a call more and is made again on what is there; so it changes what
  // a command costs, never what it does.
  bool presumes_new = false;
  // If set, the current etag must be equal to it, else ABORTED, ETAG_MISMATCH.
  std::string expected_etag;
  // How long the caller waits.
  absl::Time deadline = absl::InfiniteFuture();
};

}  // namespace fuju::chassis
