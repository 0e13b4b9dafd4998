#pragma once

#include <string>
#include <string_view>

namespace fuju::chassis {

// A state names its own aggregate, most often more than once, and what its id is made of, such as a
// ULID or a hash, no compression makes shorter. So the long words of the id (letters and digits, 16
// or more; the first two) are taken out before it is compressed: bytes that UTF-8 has not stand in
// for them, as many as there were, so that a protobuf message stays one. Pure.

// Takes them out of `text`. False, and nothing is changed, if there are none or they could not be
// put back.
bool TakeOutIdWords(std::string_view id, std::string& text);
// The inverse, with the same id.
void PutBackIdWords(std::string_view id, std::string& text);

}  // namespace fuju::chassis
