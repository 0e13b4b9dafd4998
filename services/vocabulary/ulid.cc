#include "vocabulary/ulid.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"

#include "vocabulary/invalid_value.h"

namespace fuju::vocabulary {
namespace {

constexpr absl::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr int kTimeCharacters = 10;
constexpr size_t kEntropyCharacters = 16;
constexpr int64_t kLastMillis = (int64_t{1} << 48) - 1;

std::random_device::result_type Seed() { return std::random_device()(); }

// 256 bits from the operating system; one std::random_device value alone would be 32.
absl::BitGen SeededFromDevice() {
  std::seed_seq seed = {Seed(), Seed(), Seed(), Seed(), Seed(), Seed(), Seed(), Seed()};
  return absl::BitGen(seed);
}

std::function<UlidEntropy()> DrawFrom(absl::BitGen bits) {
  return [bits = std::make_shared<absl::BitGen>(std::move(bits))] {
    UlidEntropy entropy;
    for (uint8_t& byte : entropy) byte = absl::Uniform<uint8_t>(*bits);
    return entropy;
  };
}

// Adds to the number that the bits are; false if it has no room.
bool Add(UlidEntropy& entropy, unsigned amount) {
  for (auto byte = entropy.rbegin(); byte != entropy.rend() && amount > 0; ++byte) {
    amount += *byte;
    *byte = static_cast<uint8_t>(amount);
    amount >>= 8;
  }
  return amount == 0;
}

void SetTail(UlidEntropy& entropy, uint16_t tail) {
  entropy[8] = static_cast<uint8_t>((entropy[8] & ~3) | (tail >> 8));
  entropy[9] = static_cast<uint8_t>(tail);
}

absl::Time WholeMillis(absl::Time time) { return absl::FromUnixMillis(absl::ToUnixMillis(time)); }

}  // namespace

absl::StatusOr<std::string> MakeUlid(absl::Time time, const UlidEntropy& entropy) {
  const int64_t millis = absl::ToUnixMillis(time);
  if (time < absl::UnixEpoch() || millis > kLastMillis) {
    return absl::OutOfRangeError(absl::StrCat("时间超出编号可表示的范围", kLanguageSeparator,
                                              "the time is outside of what a ULID can hold"));
  }
  std::string text;
  text.reserve(kUlidLength);
  for (int i = kTimeCharacters - 1; i >= 0; --i) {
    text.push_back(kAlphabet[static_cast<size_t>((millis >> (5 * i)) & 31)]);
  }
  for (size_t i = 0; i < kEntropyCharacters; ++i) {
    // Five bits from bit 5 * i on; they lie in at most two neighbouring bytes.
    const size_t byte = 5 * i / 8;
    const uint32_t low = byte + 1 < entropy.size() ? entropy[byte + 1] : 0;
    const uint32_t pair = (uint32_t{entropy[byte]} << 8) | low;
    text.push_back(kAlphabet[(pair >> (11 - 5 * i % 8)) & 31]);
  }
  return text;
}

std::string UlidTail(uint16_t tail) { return {kAlphabet[(tail >> 5) & 31], kAlphabet[tail & 31]}; }

absl::Status CheckUlid(absl::string_view text) {
  if (text.size() != kUlidLength) {
    return InvalidValue(absl::StrCat("编号应为26位ULID，现为", text.size(), "位"),
                        absl::StrCat("a ULID has 26 characters, not ", text.size()));
  }
  for (size_t i = 0; i < text.size(); ++i) {
    if (kAlphabet.find(text[i]) == absl::string_view::npos || (i == 0 && text[i] > '7')) {
      return InvalidValue(absl::StrCat("编号第", i + 1, "位不是ULID允许的字符"),
                          absl::StrCat("character ", i + 1, " is not one that a ULID may have"));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<absl::Time> UlidTime(absl::string_view text) {
  if (absl::Status s = CheckUlid(text); !s.ok()) return s;
  int64_t millis = 0;
  for (size_t i = 0; i < kTimeCharacters; ++i) {
    millis = (millis << 5) | static_cast<int64_t>(kAlphabet.find(text[i]));
  }
  return absl::FromUnixMillis(millis);
}

UlidGenerator::UlidGenerator() : draw_(DrawFrom(SeededFromDevice())) {}

UlidGenerator::UlidGenerator(std::seed_seq& seed) : draw_(DrawFrom(absl::BitGen(seed))) {}

UlidGenerator::UlidGenerator(std::function<UlidEntropy()> draw) : draw_(std::move(draw)) {}

absl::StatusOr<std::string> UlidGenerator::Next(absl::Time now) { return NextOf(now, 1, {}); }

absl::StatusOr<std::string> UlidGenerator::Next(absl::Time now, uint16_t tail) {
  return NextOf(now, kUlidTails, tail);
}

absl::StatusOr<std::string> UlidGenerator::NextOf(absl::Time now, unsigned step,
                                                  std::optional<uint16_t> tail) {
  absl::MutexLock lock(&mutex_);
  const absl::Time millis = WholeMillis(now);
  if (millis > last_time_) {
    // Checked before it is remembered, so that one absurd time does not spoil all later ids.
    absl::StatusOr<std::string> probe = MakeUlid(millis, {});
    if (!probe.ok()) return probe;
    last_time_ = millis;
    last_entropy_ = draw_();
  } else if (!Add(last_entropy_, step)) {
    last_time_ += absl::Milliseconds(1);
    last_entropy_ = draw_();
  }
  if (tail.has_value()) SetTail(last_entropy_, *tail % kUlidTails);
  return MakeUlid(last_time_, last_entropy_);
}

}  // namespace fuju::vocabulary
