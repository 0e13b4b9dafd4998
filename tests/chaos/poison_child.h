#pragma once

#include "absl/time/time.h"

namespace fuju::chaos {

// A consumer of two partitions, as a process of its own, until it is killed:
// --poison-child PORT INSTANCE. It notes every event that it handled, and when, in the list
// "handled" ("<subject>@<version> <ms late>"). Events of the subject "throws" throw, those of
// "crashes" end the process, those of "endless" never return.
int RunPoisonChild(char** argv);

// Names of the publishing and the reading service there.
inline constexpr char kPoisonSource[] = "publisher";
inline constexpr char kPoisonReader[] = "reader";
inline constexpr int kPoisonPartitions = 2;
// How long a partition stays with a holder that is gone, and a handler may keep its thread.
inline constexpr absl::Duration kPoisonLease = absl::Seconds(1);
inline constexpr absl::Duration kPoisonHandlerLimit = absl::Seconds(2);

}  // namespace fuju::chaos
