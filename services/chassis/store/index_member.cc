#include "chassis/store/index_member.h"

#include <algorithm>

#include "absl/strings/ascii.h"

namespace fuju::chassis {
namespace {

// No id has a control character.
constexpr char kMark = '\x01';

bool IsDigit(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }
bool IsOfWord(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)); }

std::string_view OwnerOf(std::string_view index) {
  std::string_view owner;
  for (size_t begin = 0; begin < index.size();) {
    const auto* const end = std::find_if_not(index.begin() + begin, index.end(), IsOfWord);
    const std::string_view word = index.substr(begin, end - index.begin() - begin);
    if (word.size() > owner.size() && std::any_of(word.begin(), word.end(), IsDigit)) owner = word;
    begin += word.size() + 1;
  }
  return owner;
}

}  // namespace

std::string StoredMember(std::string_view index, std::string_view member) {
  const std::string_view owner = OwnerOf(index);
  if (owner.empty() || !member.starts_with(owner)) return std::string(member);
  return std::string(1, kMark).append(member.substr(owner.size()));
}

std::string MemberOf(std::string_view index, std::string_view stored) {
  if (!stored.starts_with(kMark)) return std::string(stored);
  return std::string(OwnerOf(index)).append(stored.substr(1));
}

}  // namespace fuju::chassis
