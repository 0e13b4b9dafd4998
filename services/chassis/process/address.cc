#include "chassis/process/address.h"

#include "absl/strings/numbers.h"

namespace fuju::chassis {

std::optional<redis::Address> ParseAddress(const std::string& text) {
  constexpr int kLastPort = 65535;
  const size_t colon = text.rfind(':');
  redis::Address address;
  if (colon == std::string::npos || colon == 0 ||
      !absl::SimpleAtoi(text.substr(colon + 1), &address.port) || address.port < 0 ||
      address.port > kLastPort) {
    return std::nullopt;
  }
  address.host = text.substr(0, colon);
  if (address.host.size() > 2 && address.host.front() == '[' && address.host.back() == ']') {
    address.host = address.host.substr(1, address.host.size() - 2);
  } else if (address.host.find(':') != std::string::npos) {
    return std::nullopt;
  }
  return address;
}

}  // namespace fuju::chassis
