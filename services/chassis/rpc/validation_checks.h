#pragma once

#include <cstdint>
#include <string_view>

#include <google/protobuf/descriptor.h>

#include "chassis/rpc/validation.h"
#include "chassis/rpc/validation_plan.h"

namespace fuju::chassis::internal {

// The checks of single values, each with its texts. All pure and thread-safe.

// What a scan of a text found.
struct TextFacts {
  bool utf8 = true;
  // Holds a control character other than newline and tab.
  bool control = false;
  // Nothing but white space.
  bool blank = true;
  int64_t code_points = 0;
};
TextFacts Scan(std::string_view text);

// Encoding, length and resource pattern of a text that is not empty; the format is not looked at.
FormatComplaint CheckText(const FieldPlan& plan, std::string_view text, const TextFacts& facts);
FormatComplaint CheckBytes(const FieldPlan& plan, size_t size);
FormatComplaint CheckInteger(const FieldPlan& plan, int64_t value);
FormatComplaint CheckUnsigned(const FieldPlan& plan, uint64_t value);
FormatComplaint CheckReal(const FieldPlan& plan, double value);
// `item`: of a list, where the zero of the enum is no value.
FormatComplaint CheckEnum(const google::protobuf::EnumDescriptor* type, int value, bool item);
FormatComplaint CheckTimestamp(int64_t seconds, int32_t nanos);
FormatComplaint CheckDuration(int64_t seconds, int32_t nanos);

// A REQUIRED field that is not set.
FormatComplaint Missing(const FieldPlan& plan);
FormatComplaint TooManyItems(const FieldPlan& plan, int items);
FormatComplaint EmptyItem();

}  // namespace fuju::chassis::internal
