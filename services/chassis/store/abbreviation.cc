#include "chassis/store/abbreviation.h"

#include <cstddef>
#include <limits>

namespace fuju::chassis {
namespace {

// Ends an abbreviated text: the mark, where in the id the segment begins, how long it is. No name
// has a control character, so a text that was kept as it is never ends like that.
constexpr char kMark = '\x01';
constexpr size_t kEnding = 3;

}  // namespace

std::string Abbreviated(std::string_view text, std::string_view id) {
  const size_t slash = text.rfind('/');
  const size_t begin = slash == std::string_view::npos ? 0 : slash + 1;
  const std::string_view segment = text.substr(begin);
  constexpr size_t kMost = std::numeric_limits<unsigned char>::max();
  const size_t place = id.find(segment);
  if (segment.size() <= kEnding || segment.size() > kMost || place > kMost) {
    return std::string(text);
  }
  std::string abbreviated(text.substr(0, begin));
  abbreviated += kMark;
  abbreviated += static_cast<char>(place);
  abbreviated += static_cast<char>(segment.size());
  return abbreviated;
}

std::string Expanded(std::string_view abbreviated, std::string_view id) {
  if (abbreviated.size() < kEnding || abbreviated[abbreviated.size() - kEnding] != kMark) {
    return std::string(abbreviated);
  }
  const auto byte_from_end = [abbreviated](size_t n) {
    return static_cast<unsigned char>(abbreviated[abbreviated.size() - n]);
  };
  const size_t place = byte_from_end(2);
  const size_t length = byte_from_end(1);
  if (place + length > id.size()) return std::string(abbreviated);
  std::string text(abbreviated.substr(0, abbreviated.size() - kEnding));
  return text.append(id.substr(place, length));
}

}  // namespace fuju::chassis
