#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include <google/protobuf/message.h>

#include "chassis/values/refusal.h"

namespace fuju::chassis {

// What is wrong with one text, in Chinese and English; both empty when it is right.
struct FormatComplaint {
  std::string text_zh;
  std::string text_en;
  bool ok() const { return text_zh.empty() && text_en.empty(); }
};

// Named formats of (fuju.type.v1.field).format, given by the service. "request_id", "sha256" and
// "label" are built in. Filled at start, then read only.
class FormatRegistry {
 public:
  using Check = std::function<FormatComplaint(std::string_view text)>;
  FormatRegistry();
  void Add(std::string name, Check check);
  const Check* Find(std::string_view name) const;

 private:
  std::map<std::string, Check, std::less<>> checks_;
};

// Checks a request against google.api.field_behavior and (fuju.type.v1.field), through nested
// messages, present or repeated:
//   REQUIRED: a text that is not blank, bytes or a list that is not empty, a message that is
//   present,
//     a number or enum that is not 0; a field with presence must be set, whatever its value. Not
//     asked inside a message that is absent.
//   Numbers that are 0 and not REQUIRED count as not set. Enum values must be known; an item of a
//   list is never the zero of its enum or an empty text. Texts are UTF-8 without control characters
//   but newline and tab. Numbers are finite; timestamps and durations in range.
//   OUTPUT_ONLY fields are ignored.
// With a field mask named update_mask, of the first message field beside it only the masked paths
// are checked; "*" means all; an empty mask that is not REQUIRED means the fields that are set.
// A path that the message does not have, that goes through a list, or names an OUTPUT_ONLY field is
// a violation. OK, or INVALID_ARGUMENT, FIELD_INVALID with every violation at once, up to 500
// (paths such as "application.applicant.resident_id", "vendor.device_classes[2]"; texts say what is
// wrong, what is allowed and how to fix it, and never repeat the value of a text). A format name
// that the registry lacks is INTERNAL. Thread-safe.
absl::Status ValidateMessage(const google::protobuf::Message& message,
                             const FormatRegistry& formats);

// The same, adding the violations to a refusal. An error only for a format that is not registered.
absl::Status FindViolations(const google::protobuf::Message& message, const FormatRegistry& formats,
                            Refusal* refusal);

// The field of an update request that its update_mask is about: the first singular message field
// that is no well-known type. Null if there is no field mask named update_mask.
const google::protobuf::FieldDescriptor* MaskedField(const google::protobuf::Descriptor* request);

}  // namespace fuju::chassis
