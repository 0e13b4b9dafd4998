#include "applications/notices/letter.h"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include "vocabulary/utf8.h"

namespace fuju::applications {
namespace {

using Characters = std::vector<char32_t>;

constexpr int kColumns = 64;
constexpr int kLargeColumns = 32;
// East Asian scripts and their punctuation begin here.
constexpr char32_t kFirstWide = 0x2E80;
constexpr std::u32string_view kClosing = U"，。、；：！？）”’》」』…,.;:!?)";
constexpr std::u32string_view kSentenceEnds = U"。！？";
constexpr std::u32string_view kLatinSentenceEnds = U".!?";

bool IsOneOf(char32_t c, std::u32string_view set) { return set.find(c) != set.npos; }

int WidthOf(char32_t c) { return c >= kFirstWide ? 2 : 1; }

// A line must not begin with this one, nor end between two letters or digits.
bool MayBreakBefore(char32_t last, char32_t next) {
  if (IsOneOf(next, kClosing)) return false;
  return WidthOf(last) == 2 || WidthOf(next) == 2 || last == U' ' || last == U'-';
}

// How many of the characters from `from` on make a line.
size_t LineEnd(const Characters& text, size_t from, int columns) {
  size_t end = from;
  int width = 0;
  while (end < text.size() && width + WidthOf(text[end]) <= columns) width += WidthOf(text[end++]);
  if (end == text.size()) return end;
  for (size_t cut = end; cut > from + 1; --cut) {
    if (MayBreakBefore(text[cut - 1], text[cut])) return cut;
  }
  // One word that is longer than the line.
  return std::max(end, from + 1);
}

// Each sentence with its end.
std::vector<std::string> Sentences(const std::string& text) {
  const std::optional<Characters> all = vocabulary::DecodeUtf8(text);
  if (!all.has_value()) return {text};
  std::vector<std::string> sentences;
  Characters sentence;
  for (size_t i = 0; i < all->size(); ++i) {
    const char32_t c = (*all)[i];
    sentence.push_back(c);
    const bool last = i + 1 == all->size();
    const char32_t next = last ? U' ' : (*all)[i + 1];
    const bool ends = (IsOneOf(c, kSentenceEnds) && next != U'”') ||
                      (c == U'”' && i > 0 && IsOneOf((*all)[i - 1], kSentenceEnds)) ||
                      (IsOneOf(c, kLatinSentenceEnds) && next == U' ');
    if (!ends && !last) continue;
    const std::string encoded = vocabulary::EncodeUtf8(sentence);
    const absl::string_view trimmed = absl::StripAsciiWhitespace(encoded);
    if (!trimmed.empty()) sentences.emplace_back(trimmed);
    sentence.clear();
  }
  return sentences;
}

}  // namespace

std::string Wrap(absl::string_view text, int columns) {
  const std::optional<Characters> all = vocabulary::DecodeUtf8(text);
  if (!all.has_value()) return std::string(text);
  std::string wrapped;
  size_t from = 0;
  while (from < all->size()) {
    const size_t end = LineEnd(*all, from, columns);
    const std::string line =
        vocabulary::EncodeUtf8({all->begin() + static_cast<std::ptrdiff_t>(from),
                                all->begin() + static_cast<std::ptrdiff_t>(end)});
    absl::StrAppend(&wrapped, wrapped.empty() ? "" : "\n", absl::StripAsciiWhitespace(line));
    from = end;
  }
  return wrapped;
}

std::string LayOut(const Letter& letter, bool large_print) {
  const int columns = large_print ? kLargeColumns : kColumns;
  std::string page;
  const auto add = [&page, columns](std::initializer_list<absl::string_view> lines) {
    for (const absl::string_view line : lines) absl::StrAppend(&page, Wrap(line, columns), "\n");
    page += "\n";
  };
  add({letter.address, letter.to});
  add({letter.date, letter.reference});
  add({letter.title});
  add({letter.salutation});
  for (const std::string& sentence : Sentences(letter.body)) add({sentence});
  for (const std::string& sentence : Sentences(letter.help)) add({sentence});
  absl::StrAppend(&page, Wrap(letter.sender, columns), "\n");
  return page;
}

}  // namespace fuju::applications
