#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace fuju::applications {

// A letter that an office prints and posts, as plain text. Pure.

struct Letter {
  // Of the address block.
  std::string address;
  std::string to;
  // "2026年1月5日".
  std::string date;
  std::string reference;
  std::string title;
  std::string salutation;
  // The sentences, one after the other.
  std::string body;
  std::string help;
  std::string sender;
};

// Address block, date and reference, title, salutation, then each sentence as a paragraph of its
// own; whom to ask; who writes. Lines are so short that they fit on A4 in 11 point, or in 22 point
// if `large_print`; nothing is indented or right-aligned, so that it can be found with a magnifier.
std::string LayOut(const Letter& letter, bool large_print);

// Lines of at most `columns` columns: an ideograph takes two. Breaks at spaces where there are
// some, never before a closing mark.
std::string Wrap(absl::string_view text, int columns);

}  // namespace fuju::applications
