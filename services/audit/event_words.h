#pragma once

#include <string>

namespace fuju::audit {

// What an event type says to an auditor, in both languages.
struct EventWords {
  std::string zh;
  std::string en;
};

// Words of a type such as "fuju.applications.v1.ApplicationSubmitted"; the type's own name in both
// languages if this program does not know it. Pure.
EventWords WordsOf(const std::string& type);

// True if the type has words of its own.
bool HasWords(const std::string& type);

}  // namespace fuju::audit
