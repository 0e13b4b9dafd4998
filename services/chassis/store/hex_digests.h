#pragma once

#include <string>
#include <string_view>

namespace fuju::chassis {

// SHA-256 digests as states write them, 64 lower-case hexadecimal digits: packed they cost 42
// bytes, as bytes beside what is packed 32. As many bytes as there were digits, which UTF-8 has
// not, stand in for them. Pure.

// Takes them out of `text`: their bytes, one behind the other. Empty, and nothing is changed, if
// there are none or they could not be put back.
std::string TakeOutHexDigests(std::string& text);
// The inverse. False if `digests` are not those of this text.
bool PutBackHexDigests(std::string_view digests, std::string& text);

}  // namespace fuju::chassis
