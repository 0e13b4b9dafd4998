#include "chassis/rpc/validation_plan.h"

#include "absl/strings/str_split.h"
#include "google/api/field_behavior.pb.h"

#include "chassis/rpc/validation.h"
#include "fuju/type/v1/constraints.pb.h"

namespace fuju::chassis {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

const FieldDescriptor* MaskedField(const Descriptor* request) {
  const FieldDescriptor* mask = request->FindFieldByName("update_mask");
  if (mask == nullptr || mask->message_type() == nullptr ||
      mask->message_type()->full_name() != "google.protobuf.FieldMask") {
    return nullptr;
  }
  for (int i = 0; i < request->field_count(); ++i) {
    const FieldDescriptor* field = request->field(i);
    if (field->message_type() != nullptr && !field->is_repeated() &&
        field->message_type()->file()->package() != "google.protobuf") {
      return field;
    }
  }
  return nullptr;
}

namespace internal {
namespace {

constexpr int kDefaultMaxLength = 256;
constexpr int kDefaultMaxItems = 100;

bool Has(const FieldDescriptor* field, google::api::FieldBehavior behavior) {
  const auto& options = field->options();
  for (int i = 0; i < options.ExtensionSize(google::api::field_behavior); ++i) {
    if (options.GetExtension(google::api::field_behavior, i) == behavior) return true;
  }
  return false;
}

FieldPlan MakeField(const FieldDescriptor* field) {
  const fuju::type::v1::FieldConstraints& limits =
      field->options().GetExtension(fuju::type::v1::field);
  FieldPlan plan;
  plan.field = field;
  plan.required = Has(field, google::api::REQUIRED);
  plan.max_items = limits.max_items() > 0 ? limits.max_items() : kDefaultMaxItems;
  plan.max_length = limits.max_length();
  if (plan.max_length == 0 && field->type() == FieldDescriptor::TYPE_STRING) {
    plan.max_length = kDefaultMaxLength;
  }
  plan.min_length = limits.min_length();
  if (limits.has_minimum()) plan.minimum = limits.minimum();
  if (limits.has_maximum()) plan.maximum = limits.maximum();
  plan.format = limits.format();
  plan.resource = limits.resource();
  if (!plan.resource.empty()) plan.resource_segments = absl::StrSplit(plan.resource, '/');
  return plan;
}

bool CanBeWrong(const FieldPlan& plan) {
  if (plan.field->is_repeated() || plan.required) return true;
  switch (plan.field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return false;
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_INT64:
    case FieldDescriptor::CPPTYPE_UINT32:
    case FieldDescriptor::CPPTYPE_UINT64:
      return plan.minimum.has_value() || plan.maximum.has_value();
    default:
      return true;
  }
}

}  // namespace

bool IsOutputOnly(const FieldDescriptor* field) { return Has(field, google::api::OUTPUT_ONLY); }

PlanCache& PlanCache::Instance() {
  static PlanCache* const cache = new PlanCache;
  return *cache;
}

const MessagePlan& PlanCache::Find(const Descriptor* type) {
  {
    absl::ReaderMutexLock lock(&mutex_);
    const auto found = plans_.find(type);
    if (found != plans_.end()) return *found->second;
  }
  absl::MutexLock lock(&mutex_);
  return *Make(type);
}

MessagePlan* PlanCache::Make(const Descriptor* type) {
  std::unique_ptr<MessagePlan>& slot = plans_[type];
  if (slot != nullptr) return slot.get();
  // Entered before its fields are planned: a type may contain itself.
  slot = std::make_unique<MessagePlan>();
  MessagePlan* plan = slot.get();
  plan->is_timestamp = type->full_name() == "google.protobuf.Timestamp";
  plan->is_duration = type->full_name() == "google.protobuf.Duration";
  plan->is_field_mask = type->full_name() == "google.protobuf.FieldMask";
  const FieldDescriptor* masked = MaskedField(type);
  if (masked != nullptr) plan->update_mask = type->FindFieldByName("update_mask");
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    if (IsOutputOnly(field)) continue;
    FieldPlan field_plan = MakeField(field);
    if (!CanBeWrong(field_plan)) continue;
    field_plan.masked = field == masked;
    if (field->message_type() != nullptr) field_plan.message = Make(field->message_type());
    plan->fields.push_back(std::move(field_plan));
  }
  return plan;
}

}  // namespace internal
}  // namespace fuju::chassis
