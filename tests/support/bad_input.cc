#include "support/bad_input.h"

#include <cstdint>
#include <functional>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "google/api/field_behavior.pb.h"
#include <google/protobuf/field_mask.pb.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include "chassis/rpc/status.h"
#include "chassis/values/refusal.h"
#include "fuju/type/v1/constraints.pb.h"
#include "support/violations.h"

namespace fuju::test_support {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MessageFactory;
using google::protobuf::MethodDescriptor;
using google::protobuf::Reflection;
using Paths = std::vector<std::string>;

constexpr absl::Duration kCallLimit = absl::Seconds(20);
// What a field without a declared limit may have: chassis/rpc/validation.
constexpr int kUsualLength = 256;
constexpr int kUsualItems = 100;

const type::v1::FieldConstraints& LimitsOf(const FieldDescriptor* field) {
  return field->options().GetExtension(type::v1::field);
}

bool Has(const FieldDescriptor* field, google::api::FieldBehavior behavior) {
  const auto& options = field->options();
  for (int i = 0; i < options.ExtensionSize(google::api::field_behavior); ++i) {
    if (options.GetExtension(google::api::field_behavior, i) == behavior) return true;
  }
  return false;
}

bool IsGoogles(const FieldDescriptor* field) {
  return field->message_type()->file()->package() == "google.protobuf";
}

std::unique_ptr<Message> RequestOf(const MethodDescriptor* method) {
  return std::unique_ptr<Message>(
      MessageFactory::generated_factory()->GetPrototype(method->input_type())->New());
}

std::string TooLong(const FieldDescriptor* field) {
  const int longest =
      LimitsOf(field).max_length() > 0 ? LimitsOf(field).max_length() : kUsualLength;
  return std::string(static_cast<size_t>(longest) + 1, 'x');
}

void SpoilText(Message& message, const FieldDescriptor* field, const std::string& path,
               Paths& paths) {
  std::string text = TooLong(field);
  if (field->is_repeated()) {
    message.GetReflection()->AddString(&message, field, std::move(text));
    paths.push_back(absl::StrCat(path, "[0]"));
  } else {
    message.GetReflection()->SetString(&message, field, std::move(text));
    paths.push_back(path);
  }
}

void Spoil(Message& message, const std::string& prefix, Paths& paths);

void SpoilMessage(Message& message, const FieldDescriptor* field, const std::string& path,
                  Paths& paths) {
  const Reflection* reflection = message.GetReflection();
  if (field->is_repeated()) {
    return Spoil(*reflection->AddMessage(&message, field), absl::StrCat(path, "[0]."), paths);
  }
  Message& inner = *reflection->MutableMessage(&message, field);
  if (!IsGoogles(field)) return Spoil(inner, absl::StrCat(path, "."), paths);
  const FieldDescriptor* nanos = inner.GetDescriptor()->FindFieldByName("nanos");
  if (nanos == nullptr) return;
  inner.GetReflection()->SetInt32(&inner, nanos, INT32_MAX);
  paths.push_back(path);
}

// Gives every field a value that its declaration forbids, and collects the paths that must be
// named.
void Spoil(Message& message, const std::string& prefix, Paths& paths) {
  const Reflection* reflection = message.GetReflection();
  const Descriptor* type = message.GetDescriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    if (Has(field, google::api::OUTPUT_ONLY)) continue;
    const auto& limits = LimitsOf(field);
    const std::string path = absl::StrCat(prefix, field->name());
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        SpoilText(message, field, path, paths);
        break;
      case FieldDescriptor::CPPTYPE_MESSAGE:
        SpoilMessage(message, field, path, paths);
        break;
      case FieldDescriptor::CPPTYPE_INT32:
        if (!limits.has_maximum() || field->is_repeated()) break;
        reflection->SetInt32(&message, field, static_cast<int32_t>(limits.maximum() + 1));
        paths.push_back(path);
        break;
      case FieldDescriptor::CPPTYPE_INT64:
        if (!limits.has_maximum() || field->is_repeated()) break;
        reflection->SetInt64(&message, field, limits.maximum() + 1);
        paths.push_back(path);
        break;
      case FieldDescriptor::CPPTYPE_ENUM:
        if (field->is_repeated()) break;
        reflection->SetEnumValue(&message, field, 99);
        paths.push_back(path);
        break;
      default:
        break;
    }
  }
}

// Makes every list of the request, at every depth, too long; the paths that must be named.
void Lengthen(Message& message, const std::string& prefix, Paths& paths) {
  const Reflection* reflection = message.GetReflection();
  const Descriptor* type = message.GetDescriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    if (Has(field, google::api::OUTPUT_ONLY)) continue;
    const std::string path = absl::StrCat(prefix, field->name());
    const bool of_messages = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    if (!field->is_repeated()) {
      if (of_messages && !IsGoogles(field)) {
        Lengthen(*reflection->MutableMessage(&message, field), absl::StrCat(path, "."), paths);
      }
      continue;
    }
    const int most = LimitsOf(field).max_items() > 0 ? LimitsOf(field).max_items() : kUsualItems;
    for (int item = 0; item <= most; ++item) {
      if (of_messages) {
        reflection->AddMessage(&message, field);
      } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
        reflection->AddString(&message, field, "12");
      } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
        reflection->AddEnumValue(&message, field, 1);
      } else {
        FAIL() << "no list of such items is known here: " << field->full_name();
      }
    }
    paths.push_back(path);
  }
}

void SetText(Message& message, const FieldDescriptor* field, std::string text) {
  const Reflection* reflection = message.GetReflection();
  if (field->is_repeated()) {
    reflection->ClearField(&message, field);
    reflection->AddString(&message, field, std::move(text));
  } else {
    reflection->SetString(&message, field, std::move(text));
  }
}

// Gives the field the values that its declaration forbids, one after the other; `check` looks at
// each. Every number is expected to have limits.
void ForEachBadValue(Message& message, const FieldDescriptor* field,
                     const std::function<void(const std::string&)>& check) {
  const Reflection* reflection = message.GetReflection();
  const auto& limits = LimitsOf(field);
  if (field->is_repeated() && field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
    reflection->ClearField(&message, field);
    reflection->AddEnumValue(&message, field, 99);
    return check("an unknown value in a list");
  }
  if (field->is_repeated() && field->cpp_type() != FieldDescriptor::CPPTYPE_STRING) {
    FAIL() << "no list of such items is known here: " << field->full_name();
  }
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      SetText(message, field, TooLong(field));
      check("too long");
      if (field->type() == FieldDescriptor::TYPE_BYTES) break;
      SetText(message, field, "a\x01b");
      check("a control character");
      if (limits.format().empty() && limits.resource().empty()) break;
      SetText(message, field, "not/of this form!");
      check("malformed");
      break;
    case FieldDescriptor::CPPTYPE_INT32:
      reflection->SetInt32(&message, field, static_cast<int32_t>(limits.minimum() - 1));
      check("too small");
      reflection->SetInt32(&message, field, static_cast<int32_t>(limits.maximum() + 1));
      check("too large");
      break;
    case FieldDescriptor::CPPTYPE_INT64:
      reflection->SetInt64(&message, field, limits.minimum() - 1);
      check("too small");
      reflection->SetInt64(&message, field, limits.maximum() + 1);
      check("too large");
      break;
    case FieldDescriptor::CPPTYPE_ENUM:
      reflection->SetEnumValue(&message, field, 99);
      check("an unknown value");
      break;
    default:
      break;
  }
}

// Whether the request is an update whose mask does not name the path: such a field is not checked.
bool IsMaskedOut(const Message& request, const std::string& path) {
  const FieldDescriptor* field = request.GetDescriptor()->FindFieldByName("update_mask");
  const size_t cut = path.find('.');
  if (field == nullptr || cut == std::string::npos) return false;
  google::protobuf::FieldMask mask;
  mask.CopyFrom(request.GetReflection()->GetMessage(request, field));
  const std::string inner = absl::StrCat(path.substr(cut + 1), ".");
  return absl::c_none_of(mask.paths(), [&inner](const std::string& named) {
    const std::string outer = absl::StrCat(named, ".");
    return absl::StartsWith(inner, outer) || absl::StartsWith(outer, inner);
  });
}

// Makes copies of a good request bad, one value at a time.
class OneByOne {
 public:
  // `check` looks at a request that is bad at a path, in a way told in words.
  using Check =
      std::function<void(const Message&, const std::string& path, const std::string& how)>;

  OneByOne(const Message& good, Check check)
      : good_(good), check_(std::move(check)), request_(good.New()) {}

  void Run() {
    Visit(good_.GetDescriptor(), "", [](Message* request) { return request; });
  }

 private:
  // From the request to the message that is visited.
  using Inside = std::function<Message*(Message*)>;

  void Visit(const Descriptor* type, const std::string& prefix, const Inside& inside) {
    for (int i = 0; i < type->field_count(); ++i) {
      const FieldDescriptor* field = type->field(i);
      const std::string path = absl::StrCat(prefix, field->name());
      if (Has(field, google::api::OUTPUT_ONLY) || IsMaskedOut(good_, path)) continue;
      if (Has(field, google::api::REQUIRED)) {
        Message* message = Fresh(inside);
        message->GetReflection()->ClearField(message, field);
        check_(*request_, path, "missing");
      }
      if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
        const std::string named = field->is_repeated() ? absl::StrCat(path, "[0]") : path;
        ForEachBadValue(*Fresh(inside), field,
                        [&](const std::string& how) { check_(*request_, named, how); });
      } else if (field->is_repeated()) {
        Visit(field->message_type(), absl::StrCat(path, "[0]."),
              [&inside, field](Message* request) {
                Message* message = inside(request);
                const Reflection* reflection = message->GetReflection();
                if (reflection->FieldSize(*message, field) == 0) {
                  return reflection->AddMessage(message, field);
                }
                return reflection->MutableRepeatedMessage(message, field, 0);
              });
      } else if (!IsGoogles(field)) {
        Visit(field->message_type(), absl::StrCat(path, "."), [&inside, field](Message* request) {
          Message* message = inside(request);
          return message->GetReflection()->MutableMessage(message, field);
        });
      }
    }
  }

  Message* Fresh(const Inside& inside) {
    request_->CopyFrom(good_);
    return inside(request_.get());
  }

  const Message& good_;
  const Check check_;
  const std::unique_ptr<Message> request_;
};

void ForEachMethod(const google::protobuf::ServiceDescriptor* service,
                   const std::function<void(const MethodDescriptor*)>& check) {
  for (int i = 0; i < service->method_count(); ++i) {
    SCOPED_TRACE(service->method(i)->name());
    check(service->method(i));
  }
}

void ExpectNamed(const absl::Status& status, const Paths& paths) {
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
  EXPECT_EQ(chassis::ReasonOf(status), "FIELD_INVALID");
  for (const std::string& path : paths) {
    EXPECT_EQ(ViolationsOf(status).count(path), 1u) << path << " is not in " << PathsOf(status);
  }
  for (const auto& [path, text] : ViolationsOf(status)) {
    // Where not all texts fit into one answer they are cut, and all paths stay.
    EXPECT_TRUE(absl::StrContains(text, "/") || absl::EndsWith(text, "…"))
        << path << " in both languages: " << text;
  }
}

}  // namespace

void BadInput::ExpectEveryBadFieldIsNamed() const {
  ForEachMethod(service_, [this](const MethodDescriptor* method) {
    // A request without fields can not be wrong.
    if (method->input_type()->field_count() == 0) return;
    const auto request = RequestOf(method);
    Paths paths;
    Spoil(*request, "", paths);
    EXPECT_FALSE(paths.empty());
    ExpectNamed(Call(method, *request), paths);
  });
}

int BadInput::ExpectEachBadValueIsNamed() const {
  int values = 0;
  ForEachMethod(service_, [&](const MethodDescriptor* method) {
    const Message* good = GoodRequestOf(method);
    ASSERT_NE(good, nullptr) << "no good request is known";
    OneByOne(*good, [&](const Message& request, const std::string& path, const std::string& how) {
      SCOPED_TRACE(absl::StrCat(path, ": ", how));
      ++values;
      ExpectNamed(Call(method, request), {path});
    }).Run();
  });
  return values;
}

void BadInput::ExpectEveryMissingFieldIsNamed() const {
  ForEachMethod(service_, [this](const MethodDescriptor* method) {
    Paths paths;
    for (int i = 0; i < method->input_type()->field_count(); ++i) {
      const FieldDescriptor* field = method->input_type()->field(i);
      if (Has(field, google::api::REQUIRED)) paths.push_back(field->name());
    }
    if (paths.empty()) return;
    const absl::Status status = Call(method, *RequestOf(method));
    ExpectNamed(status, paths);
    absl::c_sort(paths);
    EXPECT_EQ(PathsOf(status), absl::StrJoin(paths, " "));
  });
}

void BadInput::ExpectNamesOfAnotherFormAreRefused() const {
  ForEachMethod(service_, [this](const MethodDescriptor* method) {
    for (int i = 0; i < method->input_type()->field_count(); ++i) {
      const FieldDescriptor* field = method->input_type()->field(i);
      if (LimitsOf(field).resource().empty()) continue;
      for (const char* name :
           {"/", "x", "x/y", "x/91620102DEM0000146", "x/y/z/w", "vendors/", "vendors//orders/1",
            "vendors/a/b/c/d", "rounds//", "vendors/a b", " "}) {
        SCOPED_TRACE(absl::StrCat(field->name(), " = ", name));
        const auto request = RequestOf(method);
        const Reflection* reflection = request->GetReflection();
        if (field->is_repeated()) {
          reflection->AddString(request.get(), field, name);
          ExpectNamed(Call(method, *request), {field->name() + "[0]"});
        } else {
          reflection->SetString(request.get(), field, name);
          ExpectNamed(Call(method, *request), {field->name()});
        }
      }
    }
  });
}

void BadInput::ExpectLongListsAreRefused() const {
  ForEachMethod(service_, [this](const MethodDescriptor* method) {
    const auto request = RequestOf(method);
    Paths paths;
    Lengthen(*request, "", paths);
    if (!paths.empty()) ExpectNamed(Call(method, *request), paths);
  });
}

int BadInput::ExpectMutationsNeedAnActor() const {
  int mutations = 0;
  ForEachMethod(service_, [&](const MethodDescriptor* method) {
    const FieldDescriptor* request_id = method->input_type()->FindFieldByName("request_id");
    if (request_id == nullptr) return;
    ++mutations;
    EXPECT_TRUE(Has(request_id, google::api::REQUIRED));
    const std::unique_ptr<Message> empty = RequestOf(method);
    for (const Message* request :
         {static_cast<const Message*>(empty.get()), GoodRequestOf(method)}) {
      if (request == nullptr) continue;
      const absl::Status status = Call(method, *request, /*actor=*/"");
      EXPECT_EQ(status.code(), absl::StatusCode::kUnauthenticated) << status;
      EXPECT_EQ(chassis::ReasonOf(status), "ACTOR_MISSING");
    }
  });
  return mutations;
}

const Message* BadInput::GoodRequestOf(const MethodDescriptor* method) const {
  const auto found = absl::c_find_if(good_, [method](const auto& request) {
    return request->GetDescriptor() == method->input_type();
  });
  return found == good_.end() ? nullptr : found->get();
}

absl::Status BadInput::Call(const MethodDescriptor* method, const Message& request,
                            const std::string& actor) const {
  grpc::GenericStub stub(grpc::CreateChannel(address_, grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  if (!actor.empty()) context.AddMetadata("fuju-actor", actor);
  context.set_deadline(absl::ToChronoTime(absl::Now() + kCallLimit));
  const grpc::Slice slice(request.SerializeAsString());
  const grpc::ByteBuffer sent(&slice, 1);
  grpc::CompletionQueue queue;
  const auto call = stub.PrepareCall(
      &context, absl::StrCat("/", service_->full_name(), "/", method->name()), &queue);
  void* tag = nullptr;
  bool ok = false;
  const auto wait = [&] {
    queue.Next(&tag, &ok);
    return ok;
  };
  call->StartCall(&tag);
  wait();
  call->WriteLast(sent, {}, &tag);
  wait();
  grpc::ByteBuffer answer;
  do {
    call->Read(&answer, &tag);
  } while (wait());
  grpc::Status status;
  call->Finish(&status, &tag);
  wait();
  return chassis::FromGrpcStatus(status);
}

}  // namespace fuju::test_support
