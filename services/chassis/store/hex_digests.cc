#include "chassis/store/hex_digests.h"

#include <array>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"

namespace fuju::chassis {
namespace {

constexpr size_t kDigits = 64;
constexpr size_t kBytes = kDigits / 2;
// id_words.h has those above.
constexpr char kStandIn = '\xfd';

constexpr std::array<bool, 256> kIsDigit = [] {
  std::array<bool, 256> is{};
  for (const char c : std::string_view("0123456789abcdef"))
    is[static_cast<unsigned char>(c)] = true;
  return is;
}();

bool IsDigit(char c) { return kIsDigit[static_cast<unsigned char>(c)]; }

// Where the next run of exactly so many digits begins. Looks at few other bytes: it goes back from
// where a run that began here would end.
size_t NextDigest(const std::string& text, size_t from) {
  while (from + kDigits <= text.size()) {
    size_t begin = from + kDigits;
    while (begin > from && IsDigit(text[begin - 1])) --begin;
    if (begin > from) {
      from = begin;
      continue;
    }
    size_t end = from + kDigits;
    while (end < text.size() && IsDigit(text[end])) ++end;
    if (end == from + kDigits) return from;
    from = end;
  }
  return std::string::npos;
}

}  // namespace

std::string TakeOutHexDigests(std::string& text) {
  std::string digests;
  std::string without;
  for (size_t at = NextDigest(text, 0); at != std::string::npos;
       at = NextDigest(text, at + kDigits)) {
    if (without.empty()) without = text;
    digests += absl::HexStringToBytes(absl::string_view(text).substr(at, kDigits));
    without.replace(at, kDigits, kDigits, kStandIn);
  }
  if (digests.empty()) return digests;
  // A text of its own bytes like the stand-in may not be told from what was put in.
  std::string with = without;
  if (!PutBackHexDigests(digests, with) || with != text) return "";
  text = std::move(without);
  return digests;
}

bool PutBackHexDigests(std::string_view digests, std::string& text) {
  static const auto* const kPlace = new std::string(kDigits, kStandIn);
  size_t at = 0;
  while ((at = text.find(*kPlace, at)) != std::string::npos) {
    if (digests.size() < kBytes) return false;
    text.replace(at, kDigits, absl::BytesToHexString(absl::string_view(digests.data(), kBytes)));
    digests.remove_prefix(kBytes);
    at += kDigits;
  }
  return digests.empty();
}

}  // namespace fuju::chassis
