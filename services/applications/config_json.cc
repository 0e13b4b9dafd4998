#include "applications/config_json.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include <google/protobuf/descriptor.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

namespace fuju::applications {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using google::protobuf::Struct;
using google::protobuf::Value;

std::string FieldNames(const Descriptor& type) {
  std::vector<std::string> names;
  for (int i = 0; i < type.field_count(); ++i) names.push_back(type.field(i)->json_name());
  return absl::StrJoin(names, ", ");
}

std::string ValueNames(const EnumDescriptor& type) {
  std::vector<std::string> names;
  // The first says that nothing was said.
  for (int i = 1; i < type.value_count(); ++i) names.push_back(type.value(i)->name());
  return absl::StrJoin(names, ", ");
}

const FieldDescriptor* FindField(const Descriptor& type, const std::string& name) {
  const FieldDescriptor* field = type.FindFieldByName(name);
  return field != nullptr ? field : type.FindFieldByCamelcaseName(name);
}

class Reader {
 public:
  explicit Reader(std::vector<ConfigProblem>& problems) : problems_(problems) {}

  void ReadMessage(const Struct& from, const std::string& place, Message& message) {
    const Descriptor& type = *message.GetDescriptor();
    for (const auto& [name, value] : from.fields()) {
      const std::string inner = place.empty() ? name : absl::StrCat(place, ".", name);
      const FieldDescriptor* field = FindField(type, name);
      if (field == nullptr) {
        Complain(inner, absl::StrCat("there is no such field; there are ", FieldNames(type)));
      } else if (!field->is_repeated()) {
        ReadValue(value, inner, *field, message);
      } else if (!value.has_list_value()) {
        Complain(inner, "must be a list: put it in [ ]");
      } else {
        for (int i = 0; i < value.list_value().values_size(); ++i) {
          ReadValue(value.list_value().values(i), absl::StrCat(inner, "[", i, "]"), *field,
                    message);
        }
      }
    }
  }

 private:
  void Complain(std::string place, std::string text) {
    problems_.push_back({std::move(place), std::move(text)});
  }

  void ReadValue(const Value& value, const std::string& place, const FieldDescriptor& field,
                 Message& message) {
    const Reflection& reflection = *message.GetReflection();
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE: {
        if (!value.has_struct_value()) return Complain(place, "must be an object in { }");
        return ReadMessage(value.struct_value(), place,
                           field.is_repeated() ? *reflection.AddMessage(&message, &field)
                                               : *reflection.MutableMessage(&message, &field));
      }
      case FieldDescriptor::CPPTYPE_STRING:
        if (value.kind_case() != Value::kStringValue) {
          return Complain(place, "must be a text in quotes");
        }
        if (field.is_repeated()) {
          return reflection.AddString(&message, &field, value.string_value());
        }
        return reflection.SetString(&message, &field, value.string_value());
      case FieldDescriptor::CPPTYPE_INT32: {
        const double number = value.number_value();
        if (value.kind_case() != Value::kNumberValue || number != static_cast<int32_t>(number)) {
          return Complain(place, "must be a whole number");
        }
        return reflection.SetInt32(&message, &field, static_cast<int32_t>(number));
      }
      case FieldDescriptor::CPPTYPE_BOOL:
        if (value.kind_case() != Value::kBoolValue) return Complain(place, "must be true or false");
        return reflection.SetBool(&message, &field, value.bool_value());
      case FieldDescriptor::CPPTYPE_ENUM: {
        const EnumValueDescriptor* named =
            value.kind_case() == Value::kStringValue
                ? field.enum_type()->FindValueByName(value.string_value())
                : nullptr;
        if (named == nullptr) {
          return Complain(place, absl::StrCat("must be one of ", ValueNames(*field.enum_type())));
        }
        if (field.is_repeated()) return reflection.AddEnum(&message, &field, named);
        return reflection.SetEnum(&message, &field, named);
      }
      default:
        return Complain(place, "is of a type that this reader does not know");
    }
  }

  std::vector<ConfigProblem>& problems_;
};

}  // namespace

std::vector<ConfigProblem> ReadConfigJson(absl::string_view json, Message& message) {
  std::vector<ConfigProblem> problems;
  Struct root;
  const auto parsed = google::protobuf::util::JsonStringToMessage(std::string(json), &root);
  if (!parsed.ok()) {
    // The parser's message shows the place on lines of its own.
    problems.push_back(
        {"", absl::StrCat("is no JSON object: ",
                          absl::StrReplaceAll(std::string(parsed.message()), {{"\n", " "}}))});
    return problems;
  }
  Reader(problems).ReadMessage(root, "", message);
  return problems;
}

}  // namespace fuju::applications
