#include "chassis/rpc/validation.h"

#include <map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include <google/protobuf/field_mask.pb.h>

#include "chassis/rpc/validation_checks.h"
#include "chassis/rpc/validation_plan.h"

namespace fuju::chassis {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using internal::FieldPlan;
using internal::MessagePlan;

constexpr int kMaxViolations = 500;

// The fields of a message that a field mask names.
struct Mask {
  // All of the message.
  bool whole = false;
  std::map<const FieldDescriptor*, Mask> fields;
};

// One walk through one request.
class Walk {
 public:
  Walk(const FormatRegistry& formats, Refusal* refusal) : formats_(formats), refusal_(refusal) {}

  // `mask`: only these fields, null for all. `only_set`: REQUIRED is not asked.
  void Visit(const Message& message, const MessagePlan& plan, const Mask* mask, bool only_set) {
    if (plan.is_timestamp || plan.is_duration) {
      VisitTime(message, plan);
      return;
    }
    for (const FieldPlan& field : plan.fields) {
      const Mask* inner = nullptr;
      if (mask != nullptr && !mask->whole) {
        const auto found = mask->fields.find(field.field);
        if (found == mask->fields.end()) continue;
        if (!found->second.whole) inner = &found->second;
      }
      path_.push_back({field.field, kNoIndex});
      if (field.masked) {
        VisitMasked(message, plan, field);
      } else if (field.field->is_repeated()) {
        VisitList(message, field, only_set);
      } else if (field.message != nullptr) {
        VisitMessage(message, field, inner, only_set);
      } else {
        VisitScalar(message, field, only_set);
      }
      path_.pop_back();
    }
  }

  const absl::Status& defect() const { return defect_; }

 private:
  static constexpr int kNoIndex = -1;
  struct Step {
    const FieldDescriptor* field;
    int index;
  };

  void Complain(const FormatComplaint& complaint) {
    if (complaint.ok() || ++violations_ > kMaxViolations) return;
    refusal_->Field(Path(), complaint.text_zh, complaint.text_en);
  }

  std::string Path() const {
    std::string path;
    for (const Step& step : path_) {
      absl::StrAppend(&path, path.empty() ? "" : ".", step.field->name());
      if (step.index != kNoIndex) absl::StrAppend(&path, "[", step.index, "]");
    }
    return path;
  }

  void VisitTime(const Message& message, const MessagePlan& plan) {
    const auto* type = message.GetDescriptor();
    const Reflection* reflection = message.GetReflection();
    const int64_t seconds = reflection->GetInt64(message, type->FindFieldByNumber(1));
    const int32_t nanos = reflection->GetInt32(message, type->FindFieldByNumber(2));
    Complain(plan.is_timestamp ? internal::CheckTimestamp(seconds, nanos)
                               : internal::CheckDuration(seconds, nanos));
  }

  void VisitMessage(const Message& message, const FieldPlan& plan, const Mask* mask,
                    bool only_set) {
    const Reflection* reflection = message.GetReflection();
    const bool present = reflection->HasField(message, plan.field);
    // A mask into an absent message asks for what is REQUIRED there.
    if (!present && mask == nullptr) {
      if (plan.required && !only_set) Complain(internal::Missing(plan));
      return;
    }
    const Message& value = reflection->GetMessage(message, plan.field);
    if (plan.message->is_field_mask && plan.required && !only_set) {
      const auto* paths = value.GetDescriptor()->FindFieldByName("paths");
      if (value.GetReflection()->FieldSize(value, paths) == 0) Complain(internal::Missing(plan));
    }
    Visit(value, *plan.message, mask, only_set);
  }

  // The resource of an update: what its mask names.
  void VisitMasked(const Message& message, const MessagePlan& plan, const FieldPlan& field) {
    const Message& mask_value = message.GetReflection()->GetMessage(message, plan.update_mask);
    const auto* field_mask =
        google::protobuf::DynamicCastToGenerated<google::protobuf::FieldMask>(&mask_value);
    if (!message.GetReflection()->HasField(message, field.field)) {
      if (field.required) Complain(internal::Missing(field));
    }
    if (field_mask == nullptr || field_mask->paths().empty()) {
      VisitMessage(message, field, nullptr, /*only_set=*/true);
      return;
    }
    const Mask mask = ReadMask(*field_mask, plan.update_mask, field.field);
    if (message.GetReflection()->HasField(message, field.field)) {
      VisitMessage(message, field, mask.whole ? nullptr : &mask, /*only_set=*/false);
    }
  }

  Mask ReadMask(const google::protobuf::FieldMask& field_mask, const FieldDescriptor* mask_field,
                const FieldDescriptor* resource) {
    Mask mask;
    const std::vector<Step> here = std::exchange(path_, {});
    path_.assign(here.begin(), here.end() - 1);
    path_.push_back({mask_field, kNoIndex});
    path_.push_back({field_mask.GetDescriptor()->FindFieldByName("paths"), kNoIndex});
    for (int i = 0; i < field_mask.paths_size(); ++i) {
      path_.back().index = i;
      Complain(ReadPath(field_mask.paths(i), resource, mask));
    }
    path_ = here;
    return mask;
  }

  static FormatComplaint ReadPath(const std::string& path, const FieldDescriptor* resource,
                                  Mask& mask) {
    if (path == "*") {
      mask.whole = true;
      return {};
    }
    std::vector<const FieldDescriptor*> fields;
    const FieldDescriptor* field = nullptr;
    for (const auto& part : absl::StrSplit(path, '.')) {
      const bool inside =
          field == nullptr || (field->message_type() != nullptr && !field->is_repeated());
      const auto* type = field == nullptr ? resource->message_type() : field->message_type();
      field = inside ? type->FindFieldByName(std::string(part)) : nullptr;
      if (field == nullptr) {
        return {absl::StrCat("没有可修改的字段“", Printable(path), "”；请用 ", resource->name(),
                             " 的字段名，以点分隔，不能进入列表内部"),
                absl::StrCat("\"", Printable(path),
                             "\" is no field that can be changed; use names "
                             "of fields of ",
                             resource->name(), ", joined by dots, not into lists")};
      }
      if (internal::IsOutputOnly(field)) {
        return {absl::StrCat("字段“", Printable(path), "”由系统填写，不能修改；请从掩码中删去"),
                absl::StrCat("\"", Printable(path),
                             "\" is set by the service; remove it from the mask")};
      }
      fields.push_back(field);
    }
    Mask* at = &mask;
    for (const FieldDescriptor* step : fields) at = &at->fields[step];
    at->whole = true;
    return {};
  }

  // A path as it may be repeated in an answer.
  static std::string Printable(const std::string& path) {
    constexpr size_t kLongest = 80;
    std::string text = path.substr(0, kLongest);
    for (char& c : text) {
      if (c < 0x21 || c > 0x7E) c = '?';
    }
    return text;
  }

  void VisitList(const Message& message, const FieldPlan& plan, bool only_set) {
    const int size = message.GetReflection()->FieldSize(message, plan.field);
    if (size == 0) {
      if (plan.required && !only_set) Complain(internal::Missing(plan));
      return;
    }
    if (size > plan.max_items) {
      // The items are not looked at: there may be very many.
      Complain(internal::TooManyItems(plan, size));
      return;
    }
    for (int i = 0; i < size; ++i) {
      path_.back().index = i;
      VisitItem(message, plan, i, only_set);
    }
    path_.back().index = kNoIndex;
  }

  void VisitItem(const Message& message, const FieldPlan& plan, int i, bool only_set) {
    const Reflection* reflection = message.GetReflection();
    const FieldDescriptor* field = plan.field;
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return Visit(reflection->GetRepeatedMessage(message, field, i), *plan.message, nullptr,
                     only_set);
      case FieldDescriptor::CPPTYPE_STRING: {
        std::string scratch;
        const std::string& text =
            reflection->GetRepeatedStringReference(message, field, i, &scratch);
        return VisitText(plan, text, /*item=*/true);
      }
      case FieldDescriptor::CPPTYPE_ENUM:
        return Complain(internal::CheckEnum(
            field->enum_type(), reflection->GetRepeatedEnumValue(message, field, i), true));
      case FieldDescriptor::CPPTYPE_INT32:
        return Complain(
            internal::CheckInteger(plan, reflection->GetRepeatedInt32(message, field, i)));
      case FieldDescriptor::CPPTYPE_INT64:
        return Complain(
            internal::CheckInteger(plan, reflection->GetRepeatedInt64(message, field, i)));
      case FieldDescriptor::CPPTYPE_UINT32:
        return Complain(
            internal::CheckUnsigned(plan, reflection->GetRepeatedUInt32(message, field, i)));
      case FieldDescriptor::CPPTYPE_UINT64:
        return Complain(
            internal::CheckUnsigned(plan, reflection->GetRepeatedUInt64(message, field, i)));
      case FieldDescriptor::CPPTYPE_FLOAT:
        return Complain(internal::CheckReal(plan, reflection->GetRepeatedFloat(message, field, i)));
      case FieldDescriptor::CPPTYPE_DOUBLE:
        return Complain(
            internal::CheckReal(plan, reflection->GetRepeatedDouble(message, field, i)));
      case FieldDescriptor::CPPTYPE_BOOL:
        return;
    }
  }

  void VisitScalar(const Message& message, const FieldPlan& plan, bool only_set) {
    const Reflection* reflection = message.GetReflection();
    const FieldDescriptor* field = plan.field;
    // Without presence a zero or empty value is no value.
    if (!reflection->HasField(message, field)) {
      if (plan.required && !only_set) Complain(internal::Missing(plan));
      return;
    }
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING: {
        std::string scratch;
        const std::string& text = reflection->GetStringReference(message, field, &scratch);
        return VisitText(plan, text, /*item=*/false);
      }
      case FieldDescriptor::CPPTYPE_ENUM: {
        const int value = reflection->GetEnumValue(message, field);
        if (plan.required && value == 0) return Complain(internal::Missing(plan));
        return Complain(internal::CheckEnum(field->enum_type(), value, false));
      }
      case FieldDescriptor::CPPTYPE_INT32:
        return Complain(internal::CheckInteger(plan, reflection->GetInt32(message, field)));
      case FieldDescriptor::CPPTYPE_INT64:
        return Complain(internal::CheckInteger(plan, reflection->GetInt64(message, field)));
      case FieldDescriptor::CPPTYPE_UINT32:
        return Complain(internal::CheckUnsigned(plan, reflection->GetUInt32(message, field)));
      case FieldDescriptor::CPPTYPE_UINT64:
        return Complain(internal::CheckUnsigned(plan, reflection->GetUInt64(message, field)));
      case FieldDescriptor::CPPTYPE_FLOAT:
        return Complain(internal::CheckReal(plan, reflection->GetFloat(message, field)));
      case FieldDescriptor::CPPTYPE_DOUBLE:
        return Complain(internal::CheckReal(plan, reflection->GetDouble(message, field)));
      case FieldDescriptor::CPPTYPE_BOOL:
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return;
    }
  }

  // `text` is set; it may still be blank.
  void VisitText(const FieldPlan& plan, const std::string& text, bool item) {
    if (plan.field->type() == FieldDescriptor::TYPE_BYTES) {
      if (!text.empty()) return Complain(internal::CheckBytes(plan, text.size()));
      if (item) return Complain(internal::EmptyItem());
      if (plan.required) Complain(internal::Missing(plan));
      return;
    }
    const internal::TextFacts facts = internal::Scan(text);
    if (facts.blank && item) return Complain(internal::EmptyItem());
    if (facts.blank && plan.required) return Complain(internal::Missing(plan));
    if (text.empty()) return;
    FormatComplaint complaint = internal::CheckText(plan, text, facts);
    if (complaint.ok() && !plan.format.empty()) complaint = CheckFormat(plan, text);
    Complain(complaint);
  }

  FormatComplaint CheckFormat(const FieldPlan& plan, const std::string& text) {
    const FormatRegistry::Check* check = formats_.Find(plan.format);
    if (check != nullptr) return (*check)(text);
    defect_ = absl::InternalError(absl::StrCat("format \"", plan.format, "\" of the field ",
                                               plan.field->full_name(), " is not registered"));
    return {};
  }

  const FormatRegistry& formats_;
  Refusal* const refusal_;
  std::vector<Step> path_;
  int violations_ = 0;
  absl::Status defect_;
};

}  // namespace

absl::Status FindViolations(const Message& message, const FormatRegistry& formats,
                            Refusal* refusal) {
  Walk walk(formats, refusal);
  walk.Visit(message, internal::PlanCache::Instance().Find(message.GetDescriptor()), nullptr,
             /*only_set=*/false);
  return walk.defect();
}

absl::Status ValidateMessage(const Message& message, const FormatRegistry& formats) {
  Refusal refusal = InvalidFields();
  if (absl::Status status = FindViolations(message, formats, &refusal); !status.ok()) {
    return status;
  }
  return refusal.has_fields() ? refusal.Build() : absl::OkStatus();
}

}  // namespace fuju::chassis
