#ifndef FUJU_VOCABULARY_ULID_H_
#define FUJU_VOCABULARY_ULID_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <random>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/random/random.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace fuju::vocabulary {

inline constexpr size_t kUlidLength = 26;

// A ULID's tail: its last two characters.
inline constexpr size_t kUlidTailLength = 2;
inline constexpr uint16_t kUlidTails = 1024;

// The 80 random bits of a ULID, most significant byte first.
using UlidEntropy = std::array<uint8_t, 10>;

// The ULID of a millisecond and 80 random bits: 26 characters of Crockford's base 32, capital
// letters, whose order as text is the order in time. OUT_OF_RANGE for a time before 1970 or after
// 10889.
absl::StatusOr<std::string> MakeUlid(absl::Time time, const UlidEntropy& entropy);

// The two characters of a tail, which is less than kUlidTails.
std::string UlidTail(uint16_t tail);

// INVALID_ARGUMENT unless `text` is exactly what MakeUlid can return: 26 characters, capitals, no
// I, L, O, U, first character at most 7.
absl::Status CheckUlid(absl::string_view text);

// The millisecond inside a ULID; INVALID_ARGUMENT as CheckUlid.
absl::StatusOr<absl::Time> UlidTime(absl::string_view text);

// Makes ULIDs that rise strictly, one after the other, within one generator: in the same
// millisecond, and when the clock stands or steps back, the last one is counted up. Thread-safe.
class UlidGenerator {
 public:
  // Seeded from std::random_device.
  UlidGenerator();

  // The same seed gives the same sequence for the same times within one process, for tests and
  // replays.
  explicit UlidGenerator(std::seed_seq& seed);

  // Random bits from `draw`, for a simulation whose runs are the same in every process.
  explicit UlidGenerator(std::function<UlidEntropy()> draw);

  UlidGenerator(const UlidGenerator&) = delete;
  UlidGenerator& operator=(const UlidGenerator&) = delete;

  // OUT_OF_RANGE as MakeUlid.
  absl::StatusOr<std::string> Next(absl::Time now);

  // The same with the last ten bits, its last two characters, given: an id that says by its end
  // where it belongs. `tail` is less than kUlidTails.
  absl::StatusOr<std::string> Next(absl::Time now, uint16_t tail);

 private:
  // `step`: how far it is counted up, so that what is above the tail rises.
  absl::StatusOr<std::string> NextOf(absl::Time now, unsigned step, std::optional<uint16_t> tail);

  absl::Mutex mutex_;
  const std::function<UlidEntropy()> draw_ ABSL_GUARDED_BY(mutex_);
  absl::Time last_time_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  UlidEntropy last_entropy_ ABSL_GUARDED_BY(mutex_) = {};
};

}  // namespace fuju::vocabulary

#endif  // FUJU_VOCABULARY_ULID_H_
