#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include <google/protobuf/descriptor.h>

namespace fuju::catalogue {

// Values as they stand in a cell of a catalogue file. Each pair is inverse: what is read and
// written again is the same cell, if it was in the form that is written.

// UTF-8 without control characters, of at most `longest` characters.
bool ReadText(absl::string_view cell, size_t longest, std::string* text);
// The same, not empty and with no white space around it.
bool ReadFilledText(absl::string_view cell, size_t longest, std::string* text);

// Plain digits: no sign, no space, no superfluous zero.
bool ReadNumber(absl::string_view cell, int lowest, int highest, int32_t* number);

// Yuan, "1200" or "1200.50".
bool ReadYuan(absl::string_view cell, int64_t lowest_fen, int64_t highest_fen, int64_t* fen);
std::string WriteYuan(int64_t fen);

// "0.50", "0.3333".
bool ReadRatio(absl::string_view cell, int32_t* basis_points);
std::string WriteRatio(int64_t basis_points);

// Texts with '|' between them, each once and none empty.
bool ReadList(absl::string_view cell, std::vector<std::string>* parts);

// "assistive_device" of ITEM_KIND_ASSISTIVE_DEVICE; empty for UNSPECIFIED.
std::string WriteEnum(const google::protobuf::EnumDescriptor& type, int value);
// False for what is none of them; UNSPECIFIED has no word.
bool ReadEnum(const google::protobuf::EnumDescriptor& type, absl::string_view cell, int* value);

}  // namespace fuju::catalogue
