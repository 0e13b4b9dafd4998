#include "chassis/store/id_words.h"

#include <cstring>
#include <vector>

#include "absl/strings/ascii.h"

namespace fuju::chassis {
namespace {

constexpr size_t kLong = 16;
constexpr size_t kMostWords = 2;

std::vector<std::string> LongWords(std::string_view id) {
  std::vector<std::string> words;
  for (size_t begin = 0; begin < id.size() && words.size() < kMostWords;) {
    size_t end = begin;
    while (end < id.size() && absl::ascii_isalnum(static_cast<unsigned char>(id[end]))) ++end;
    if (end - begin >= kLong) words.emplace_back(id.substr(begin, end - begin));
    begin = end + 1;
  }
  return words;
}

std::string StandIn(size_t place, size_t length) {
  constexpr unsigned char kFirst = 0xff;
  return std::string(length, static_cast<char>(kFirst - place));
}

// Of the same length. True if there was one.
bool ReplaceEach(const std::string& from, const std::string& to, std::string& text) {
  char* at = text.data();
  char* const end = at + text.size();
  bool any = false;
  while ((at = static_cast<char*>(memmem(at, end - at, from.data(), from.size()))) != nullptr) {
    std::memcpy(at, to.data(), to.size());
    at += to.size();
    any = true;
  }
  return any;
}

void PutBack(const std::vector<std::string>& words, std::string& text) {
  for (size_t i = 0; i < words.size(); ++i) {
    ReplaceEach(StandIn(i, words[i].size()), words[i], text);
  }
}

}  // namespace

bool TakeOutIdWords(std::string_view id, std::string& text) {
  const std::vector<std::string> words = LongWords(id);
  std::string without = text;
  bool any = false;
  for (size_t i = 0; i < words.size(); ++i) {
    any |= ReplaceEach(words[i], StandIn(i, words[i].size()), without);
  }
  if (!any) return false;
  // A text of its own bytes of these, such as a digest, may not be told from what was put in.
  std::string with = without;
  PutBack(words, with);
  if (with != text) return false;
  text = std::move(without);
  return true;
}

void PutBackIdWords(std::string_view id, std::string& text) { PutBack(LongWords(id), text); }

}  // namespace fuju::chassis
