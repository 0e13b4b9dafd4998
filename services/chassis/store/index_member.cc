#include "chassis/store/index_member.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "absl/numeric/int128.h"
#include "absl/strings/ascii.h"

namespace fuju::chassis {
namespace {

// No id has a control character.
constexpr char kOwner = '\x01';
constexpr char kUlid = '\x02';

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr size_t kCharacters = 26;
constexpr size_t kBytes = 16;
constexpr int kBitsOfCharacter = 5;

constexpr std::array<int8_t, 256> kValues = [] {
  std::array<int8_t, 256> values{};
  for (int8_t& value : values) value = -1;
  for (size_t i = 0; i < kAlphabet.size(); ++i) {
    values[static_cast<unsigned char>(kAlphabet[i])] = static_cast<int8_t>(i);
  }
  return values;
}();

int ValueOf(char c) { return kValues[static_cast<unsigned char>(c)]; }
bool IsDigit(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }
bool IsOfWord(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)); }

// Where the word ends that begins at `begin`.
size_t EndOfWord(std::string_view text, size_t begin) {
  while (begin < text.size() && IsOfWord(text[begin])) ++begin;
  return begin;
}

std::string_view OwnerOf(std::string_view index) {
  std::string_view owner;
  for (size_t begin = 0; begin < index.size();) {
    const size_t end = EndOfWord(index, begin);
    const std::string_view word = index.substr(begin, end - begin);
    if (word.size() > owner.size() && std::any_of(word.begin(), word.end(), IsDigit)) owner = word;
    begin = end + 1;
  }
  return owner;
}

// 130 bits of which the first two are none.
bool IsUlid(std::string_view word) {
  return word.size() == kCharacters && word[0] <= '7' &&
         std::all_of(word.begin(), word.end(), [](char c) { return ValueOf(c) >= 0; });
}

void AppendBytes(std::string_view ulid, std::string& stored) {
  absl::uint128 bits = 0;
  for (const char c : ulid) bits = bits << kBitsOfCharacter | ValueOf(c);
  for (size_t i = kBytes; i-- > 0;) {
    stored.push_back(static_cast<char>(absl::Uint128Low64(bits >> static_cast<int>(8 * i))));
  }
}

void AppendUlid(std::string_view bytes, std::string& member) {
  absl::uint128 bits = 0;
  for (const char byte : bytes) bits = bits << 8 | static_cast<unsigned char>(byte);
  for (size_t i = kCharacters; i-- > 0;) {
    const uint64_t low = absl::Uint128Low64(bits >> static_cast<int>(kBitsOfCharacter * i));
    member.push_back(kAlphabet[low % kAlphabet.size()]);
  }
}

}  // namespace

std::string StoredMember(std::string_view index, std::string_view member) {
  std::string stored;
  stored.reserve(member.size() + 1);
  const std::string_view owner = OwnerOf(index);
  if (!owner.empty() && member.starts_with(owner)) {
    stored.push_back(kOwner);
    member.remove_prefix(owner.size());
  }
  for (size_t begin = 0; begin < member.size();) {
    const size_t end = EndOfWord(member, begin);
    const std::string_view word = member.substr(begin, end - begin);
    if (IsUlid(word)) {
      stored.append(member.substr(0, begin)).push_back(kUlid);
      AppendBytes(word, stored);
      return stored.append(member.substr(end));
    }
    begin = end + 1;
  }
  return stored.append(member);
}

std::string MemberOf(std::string_view index, std::string_view stored) {
  std::string member;
  if (stored.starts_with(kOwner)) {
    member = OwnerOf(index);
    stored.remove_prefix(1);
  }
  const size_t mark = stored.find(kUlid);
  if (mark == std::string_view::npos || stored.size() - mark <= kBytes) {
    return member.append(stored);
  }
  member.append(stored.substr(0, mark));
  AppendUlid(stored.substr(mark + 1, kBytes), member);
  return member.append(stored.substr(mark + 1 + kBytes));
}

}  // namespace fuju::chassis
