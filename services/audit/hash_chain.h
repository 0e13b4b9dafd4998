#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include <soci/session.h>

namespace fuju::audit {

// What stands before the first event: 64 zeros.
std::string FirstPreviousHash();

// SHA-256 over the 32 bytes of the previous hash and the event as it is stored; lower-case hex.
// Pure.
std::string ChainHash(const std::string& previous_hash, absl::string_view event_bytes);

// What a walk over the chain found.
struct ChainReport {
  // Events that were looked at.
  int64_t events = 0;
  // Sequence of the first one that is wrong; 0 if none is.
  int64_t broken_at = 0;
  // What is wrong with it; empty if nothing is.
  std::string reason;
};

// Walks over all events: sequences have no gap, each hash fits the one before it and the event's
// bytes, and each column says what the event says. Events that were cut off at the end can not be
// seen this way: compare the last hash with one that was kept elsewhere. Throws soci::soci_error.
ChainReport VerifyChain(soci::session& session);

}  // namespace fuju::audit
