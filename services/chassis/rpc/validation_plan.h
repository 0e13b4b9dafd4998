#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include <google/protobuf/descriptor.h>

namespace fuju::chassis::internal {

struct MessagePlan;

// What has to be checked of one field, read from its options once.
struct FieldPlan {
  const google::protobuf::FieldDescriptor* field = nullptr;
  bool required = false;
  // Most items of a repeated field.
  int max_items = 0;
  // Code points of a text, bytes of a bytes field; 0: no limit.
  int max_length = 0;
  int min_length = 0;
  std::optional<int64_t> minimum;
  std::optional<int64_t> maximum;
  std::string format;
  // Pattern of a resource name, and its segments.
  std::string resource;
  std::vector<std::string> resource_segments;
  // Of a message field.
  const MessagePlan* message = nullptr;
  // The message field that update_mask is about.
  bool masked = false;
};

// The checks of one message type, in the order of its fields. Fields that can not be wrong are left
// out. Immutable once made.
struct MessagePlan {
  std::vector<FieldPlan> fields;
  // The field named update_mask, if the type has one.
  const google::protobuf::FieldDescriptor* update_mask = nullptr;
  // Types that are checked as a whole.
  bool is_timestamp = false;
  bool is_duration = false;
  bool is_field_mask = false;
};

bool IsOutputOnly(const google::protobuf::FieldDescriptor* field);

// All plans of the process. Thread-safe; descriptors are those of the generated pool.
class PlanCache {
 public:
  static PlanCache& Instance();
  const MessagePlan& Find(const google::protobuf::Descriptor* type);

 private:
  MessagePlan* Make(const google::protobuf::Descriptor* type) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  absl::Mutex mutex_;
  absl::flat_hash_map<const google::protobuf::Descriptor*, std::unique_ptr<MessagePlan>> plans_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace fuju::chassis::internal
