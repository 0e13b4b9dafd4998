#include "catalogue/versions/strict_json.h"

#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include <google/protobuf/descriptor.h>
#include <google/protobuf/util/json_util.h>
#include <nlohmann/json.hpp>

namespace fuju::catalogue {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using Json = nlohmann::json;

std::string Names(const Descriptor& type) {
  std::vector<std::string> names;
  for (int i = 0; i < type.field_count(); ++i) names.push_back(type.field(i)->json_name());
  return absl::StrJoin(names, ", ");
}

std::string Names(const google::protobuf::EnumDescriptor& type) {
  std::vector<std::string> names;
  // The first one says that nothing was said.
  for (int i = 1; i < type.value_count(); ++i) names.push_back(type.value(i)->name());
  return absl::StrJoin(names, ", ");
}

std::string TextOf(const Json& value) {
  // Not written out: it may be nested a million times.
  if (value.is_array()) return "[…]";
  if (value.is_object()) return "{…}";
  return value.is_string() ? value.get<std::string>() : value.dump();
}

// A whole number, or its digits in quotes, as protobuf writes 64 bits.
bool WholeNumber(const Json& value, int64_t lowest, int64_t highest, int64_t* number) {
  if (value.is_number_unsigned()) {
    if (value.get<uint64_t>() > static_cast<uint64_t>(highest)) return false;
    *number = static_cast<int64_t>(value.get<uint64_t>());
  } else if (value.is_number_integer()) {
    *number = value.get<int64_t>();
  } else if (!value.is_string() || !absl::SimpleAtoi(value.get<std::string>(), number)) {
    return false;
  }
  return *number >= lowest && *number <= highest;
}

class Reader {
 public:
  explicit Reader(Violations& violations) : violations_(violations) {}

  void ReadObject(const Json& object, const std::string& place, Message& message) {
    std::set<const FieldDescriptor*> seen;
    for (const auto& [name, value] : object.items()) {
      const std::string inner = place.empty() ? Shown(name) : absl::StrCat(place, ".", Shown(name));
      const FieldDescriptor* field = FieldOf(*message.GetDescriptor(), name);
      if (field == nullptr) {
        const std::string names = Names(*message.GetDescriptor());
        violations_.Add(inner, absl::StrCat("没有这个字段；可用的字段：", names),
                        absl::StrCat("there is no such field; there are: ", names));
      } else if (!seen.insert(field).second) {
        violations_.Add(inner, "这个字段写了两次", "this field is written twice");
      } else if (!field->is_repeated()) {
        ReadValue(value, inner, *field, message);
      } else if (!value.is_array()) {
        violations_.AddValue(inner, TextOf(value), "列表，写在[ ]中", "a list in [ ]");
      } else {
        for (size_t i = 0; i < value.size(); ++i) {
          ReadValue(value[i], absl::StrCat(inner, "[", i, "]"), *field, message);
        }
      }
    }
  }

 private:
  static const FieldDescriptor* FieldOf(const Descriptor& type, const std::string& name) {
    const FieldDescriptor* field = type.FindFieldByName(name);
    return field != nullptr ? field : type.FindFieldByCamelcaseName(name);
  }

  void ReadValue(const Json& value, const std::string& place, const FieldDescriptor& field,
                 Message& message) {
    const Reflection& reflection = *message.GetReflection();
    const bool repeated = field.is_repeated();
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE: {
        if (!value.is_object()) {
          return violations_.AddValue(place, TextOf(value), "对象，写在{ }中", "an object in { }");
        }
        return ReadObject(value, place,
                          repeated ? *reflection.AddMessage(&message, &field)
                                   : *reflection.MutableMessage(&message, &field));
      }
      case FieldDescriptor::CPPTYPE_STRING: {
        if (!value.is_string()) {
          return violations_.AddValue(place, TextOf(value), "引号中的文字", "a text in quotes");
        }
        return repeated ? reflection.AddString(&message, &field, value.get<std::string>())
                        : reflection.SetString(&message, &field, value.get<std::string>());
      }
      case FieldDescriptor::CPPTYPE_INT32:
      case FieldDescriptor::CPPTYPE_INT64: {
        const bool wide = field.cpp_type() == FieldDescriptor::CPPTYPE_INT64;
        int64_t number = 0;
        if (!WholeNumber(
                value,
                wide ? std::numeric_limits<int64_t>::min() : std::numeric_limits<int32_t>::min(),
                wide ? std::numeric_limits<int64_t>::max() : std::numeric_limits<int32_t>::max(),
                &number)) {
          return violations_.AddValue(place, TextOf(value), "整数", "a whole number");
        }
        if (wide) return reflection.SetInt64(&message, &field, number);
        const auto narrow = static_cast<int32_t>(number);
        return repeated ? reflection.AddInt32(&message, &field, narrow)
                        : reflection.SetInt32(&message, &field, narrow);
      }
      case FieldDescriptor::CPPTYPE_BOOL: {
        if (!value.is_boolean()) {
          return violations_.AddValue(place, TextOf(value), "true或false", "true or false");
        }
        return reflection.SetBool(&message, &field, value.get<bool>());
      }
      default:
        return ReadEnumValue(value, place, field, message);
    }
  }

  void ReadEnumValue(const Json& value, const std::string& place, const FieldDescriptor& field,
                     Message& message) {
    const Reflection& reflection = *message.GetReflection();
    const google::protobuf::EnumValueDescriptor* named =
        value.is_string() ? field.enum_type()->FindValueByName(value.get<std::string>()) : nullptr;
    if (named == nullptr) {
      const std::string names = Names(*field.enum_type());
      return violations_.AddValue(place, TextOf(value), absl::StrCat("以下之一：", names),
                                  absl::StrCat("one of ", names));
    }
    field.is_repeated() ? reflection.AddEnum(&message, &field, named)
                        : reflection.SetEnum(&message, &field, named);
  }

  Violations& violations_;
};

// Parses a text, and tells a name that stands twice in one object, which the library lets pass.
Json ParseOnce(absl::string_view text, std::string* twice) {
  std::vector<std::set<std::string>> names;
  const Json::parser_callback_t look = [&](int, Json::parse_event_t event, Json& parsed) {
    if (event == Json::parse_event_t::object_start) names.emplace_back();
    if (event == Json::parse_event_t::object_end) names.pop_back();
    if (event == Json::parse_event_t::key && twice->empty() &&
        !names.back().insert(parsed.get<std::string>()).second) {
      *twice = parsed.get<std::string>();
    }
    return true;
  };
  return Json::parse(text.begin(), text.end(), look, false);
}

}  // namespace

void ReadStrictJson(absl::string_view json, absl::string_view root, Message& message,
                    Violations& violations) {
  std::string twice;
  const Json parsed = ParseOnce(json, &twice);
  const std::string whole(root.empty() ? "json" : root);
  if (!parsed.is_object()) {
    violations.Add(whole, "不是JSON对象，请检查括号、引号和逗号",
                   "is no JSON object: check brackets, quotes and commas");
    return;
  }
  if (!twice.empty()) {
    violations.Add(whole, absl::StrCat("“", Shown(twice), "”在一个对象中写了两次"),
                   absl::StrCat("'", Shown(twice), "' is written twice in one object"));
  }
  Reader(violations).ReadObject(parsed, std::string(root), message);
}

std::string WriteJson(const Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.always_print_primitive_fields = true;
  std::string text;
  // Fails for an Any of an unknown type only, and there is none.
  if (!google::protobuf::util::MessageToJsonString(message, &text, options).ok()) text.clear();
  return text;
}

}  // namespace fuju::catalogue
