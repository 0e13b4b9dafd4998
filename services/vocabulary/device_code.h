#ifndef FUJU_VOCABULARY_DEVICE_CODE_H_
#define FUJU_VOCABULARY_DEVICE_CODE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace fuju::vocabulary {

// A code of the classification of assistive products (ISO 9999, in China GB/T 16432): three pairs
// of digits, class - subclass - division; a Chinese catalogue may add a fourth pair for the item.
// Codes move between editions (the white cane is 12 39 03 up to 2016 and 12 08 03 from 2022 on), so
// a code means something only with its edition, and no list of classes is built in.
class DeviceCode {
 public:
  // Accepts "122203", "12 22 03", "12220301" and "12 22 03 01"; no pair is 00. `edition` is a
  // non-empty name such as "GB/T 16432-2016" (at most 100 bytes). INVALID_ARGUMENT else.
  static absl::StatusOr<DeviceCode> Parse(absl::string_view text, absl::string_view edition);

  // Six or eight digits without spaces.
  const std::string& digits() const { return digits_; }
  const std::string& edition() const { return edition_; }

  // "12", "1222", "122203". The division is what replacement intervals and open applications count
  // by.
  std::string device_class() const { return digits_.substr(0, 2); }
  std::string subclass() const { return digits_.substr(0, 4); }
  std::string division() const { return digits_.substr(0, 6); }

  // "12 22 03".
  std::string Formatted() const;

  // Same digits of the same edition.
  friend bool operator==(const DeviceCode&, const DeviceCode&) = default;

 private:
  DeviceCode(std::string digits, std::string edition);

  std::string digits_;
  std::string edition_;
};

// What a vendor supplies: a whole class (2 digits), a subclass (4) or a division (6).
class DeviceScope {
 public:
  // INVALID_ARGUMENT for anything but 2, 4 or 6 digits without a 00 pair.
  static absl::StatusOr<DeviceScope> Parse(absl::string_view text);

  const std::string& digits() const { return digits_; }

  // The code begins with this scope. Editions are not compared: the scope of a vendor is read in
  // the edition of the catalogue in force.
  bool Covers(const DeviceCode& code) const;

  friend bool operator==(const DeviceScope&, const DeviceScope&) = default;

 private:
  explicit DeviceScope(std::string digits);

  std::string digits_;
};

}  // namespace fuju::vocabulary

#endif  // FUJU_VOCABULARY_DEVICE_CODE_H_
