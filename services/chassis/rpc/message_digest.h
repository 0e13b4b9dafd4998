#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include <google/protobuf/message.h>

namespace fuju::chassis {

// SHA-256 (32 bytes) over a label, the type of the message, and its deterministic serialisation
// without the named fields. Equal messages have equal digests within one build. Pure.
std::string MessageDigest(std::string_view label, const google::protobuf::Message& message,
                          std::initializer_list<std::string_view> without);

// The value of a singular text field; empty if the message has no such field.
std::string TextField(const google::protobuf::Message& message, std::string_view field);

}  // namespace fuju::chassis
