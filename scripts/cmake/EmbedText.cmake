# Writes SOURCE, with PRELUDE (or nothing) in front, as a C++ constant into HEADER; called by fuju_embed_text at build time.
file(READ "${SOURCE}" text)
if(PRELUDE)
  file(READ "${PRELUDE}" prelude)
  string(PREPEND text "${prelude}")
endif()
set(delimiter "fuju")
string(FIND "${text}" ")${delimiter}\"" clash)
if(NOT clash EQUAL -1)
  message(FATAL_ERROR "${SOURCE} contains )${delimiter}\", which ends a raw string")
endif()
set(content "// Generated from services/${NAME}. Do not edit.
#pragma once

#include <string_view>

namespace ${NAMESPACE} {

inline constexpr std::string_view ${VARIABLE} = R\"${delimiter}(${text})${delimiter}\";

}  // namespace ${NAMESPACE}
")
file(WRITE "${HEADER}" "${content}")
