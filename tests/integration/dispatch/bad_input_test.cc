// Every RPC refuses what its declared limits forbid, and names all bad fields at once. The cases
// are made from the declarations themselves, so a new field or RPC is covered without a word here.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/api/field_behavior.pb.h"
#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include "chassis/rpc/status.h"
#include "chassis/values/refusal.h"
#include "fuju/type/v1/constraints.pb.h"
#include "integration/dispatch/dispatch_instance.h"
#include "support/violations.h"

namespace fuju::dispatch {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MessageFactory;
using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;

const ServiceDescriptor* Service() {
  return v1::GetVendorRequest::descriptor()->file()->FindServiceByName("DispatchService");
}

bool Has(const FieldDescriptor* field, google::api::FieldBehavior behavior) {
  const auto& options = field->options();
  for (int i = 0; i < options.ExtensionSize(google::api::field_behavior); ++i) {
    if (options.GetExtension(google::api::field_behavior, i) == behavior) return true;
  }
  return false;
}

// Fills every field of the request with a value that its declaration forbids, and collects the
// paths that must be named.
void Spoil(Message& message, const std::string& prefix, std::vector<std::string>& paths) {
  const auto* reflection = message.GetReflection();
  const Descriptor* type = message.GetDescriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    if (Has(field, google::api::OUTPUT_ONLY)) continue;
    const auto& limits = field->options().GetExtension(type::v1::field);
    const std::string path = absl::StrCat(prefix, field->name());
    const std::string too_long(
        static_cast<size_t>(limits.max_length() > 0 ? limits.max_length() : 256) + 1, 'x');
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        if (field->is_repeated()) {
          reflection->AddString(&message, field, too_long);
          paths.push_back(absl::StrCat(path, "[0]"));
        } else {
          reflection->SetString(&message, field, too_long);
          paths.push_back(path);
        }
        break;
      case FieldDescriptor::CPPTYPE_INT32:
        if (!limits.has_maximum()) break;
        reflection->SetInt32(&message, field, static_cast<int32_t>(limits.maximum() + 1));
        paths.push_back(path);
        break;
      case FieldDescriptor::CPPTYPE_ENUM:
        reflection->SetEnumValue(&message, field, 99);
        paths.push_back(path);
        break;
      case FieldDescriptor::CPPTYPE_MESSAGE:
        Spoil(*reflection->MutableMessage(&message, field), absl::StrCat(path, "."), paths);
        break;
      default:
        break;
    }
  }
}

// Paths that an empty request must be refused for.
void RequiredOf(const Descriptor* type, std::vector<std::string>& paths) {
  for (int i = 0; i < type->field_count(); ++i) {
    if (Has(type->field(i), google::api::REQUIRED)) paths.push_back(type->field(i)->name());
  }
}

class BadInputTest : public ::testing::Test {
 protected:
  // Calls any method, unary or not, with any request.
  absl::Status Call(const MethodDescriptor* method, const Message& request,
                    const std::string& actor = "test:1") {
    grpc::GenericStub stub(
        grpc::CreateChannel(dispatch_.address(), grpc::InsecureChannelCredentials()));
    grpc::ClientContext context;
    if (!actor.empty()) context.AddMetadata("fuju-actor", actor);
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
    const std::string bytes = request.SerializeAsString();
    const grpc::Slice slice(bytes);
    const grpc::ByteBuffer sent(&slice, 1);
    grpc::CompletionQueue queue;
    const auto call = stub.PrepareCall(
        &context, absl::StrCat("/", Service()->full_name(), "/", method->name()), &queue);
    grpc::ByteBuffer answer;
    grpc::Status status;
    void* tag = nullptr;
    bool ok = false;
    call->StartCall(&tag);
    queue.Next(&tag, &ok);
    call->WriteLast(sent, {}, &tag);
    queue.Next(&tag, &ok);
    while (true) {
      call->Read(&answer, &tag);
      queue.Next(&tag, &ok);
      if (!ok) break;
    }
    call->Finish(&status, &tag);
    queue.Next(&tag, &ok);
    return chassis::FromGrpcStatus(status);
  }
  static std::unique_ptr<Message> RequestOf(const MethodDescriptor* method) {
    return std::unique_ptr<Message>(
        MessageFactory::generated_factory()->GetPrototype(method->input_type())->New());
  }

  test_support::RedisServer redis_;
  test_support::FakeClock clock_;
  testing::DispatchInstance dispatch_{redis_, &clock_};
};

TEST_F(BadInputTest, NamesEveryBadFieldAtOnce) {
  for (int i = 0; i < Service()->method_count(); ++i) {
    const MethodDescriptor* method = Service()->method(i);
    SCOPED_TRACE(method->name());
    const auto request = RequestOf(method);
    std::vector<std::string> paths;
    Spoil(*request, "", paths);
    ASSERT_FALSE(paths.empty());
    const absl::Status status = Call(method, *request);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
    EXPECT_EQ(chassis::ReasonOf(status), "FIELD_INVALID");
    for (const std::string& path : paths) {
      EXPECT_EQ(test_support::ViolationsOf(status).count(path), 1u)
          << path << " is not in " << test_support::PathsOf(status);
    }
  }
}

TEST_F(BadInputTest, NamesEveryMissingFieldAtOnce) {
  for (int i = 0; i < Service()->method_count(); ++i) {
    const MethodDescriptor* method = Service()->method(i);
    SCOPED_TRACE(method->name());
    std::vector<std::string> required;
    RequiredOf(method->input_type(), required);
    if (required.empty()) continue;
    const absl::Status status = Call(method, *RequestOf(method));
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
    for (const std::string& path : required) {
      EXPECT_EQ(test_support::ViolationsOf(status).count(path), 1u)
          << path << " is not in " << test_support::PathsOf(status);
    }
  }
}

TEST_F(BadInputTest, RefusesNamesOfAnotherForm) {
  for (int i = 0; i < Service()->method_count(); ++i) {
    const MethodDescriptor* method = Service()->method(i);
    for (int f = 0; f < method->input_type()->field_count(); ++f) {
      const FieldDescriptor* field = method->input_type()->field(f);
      if (field->options().GetExtension(type::v1::field).resource().empty()) continue;
      for (const char* name : {"vendors/", "x/91620102DEM0000146", "vendors/a/b/c/d", "rounds//"}) {
        SCOPED_TRACE(absl::StrCat(method->name(), " ", field->name(), " ", name));
        const auto request = RequestOf(method);
        request->GetReflection()->SetString(request.get(), field, name);
        const absl::Status status = Call(method, *request);
        EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
        EXPECT_EQ(test_support::ViolationsOf(status).count(field->name()), 1u) << status;
      }
    }
  }
}

TEST_F(BadInputTest, MutationsNeedAnActor) {
  int mutations = 0;
  for (int i = 0; i < Service()->method_count(); ++i) {
    const MethodDescriptor* method = Service()->method(i);
    const FieldDescriptor* request_id = method->input_type()->FindFieldByName("request_id");
    if (request_id == nullptr) continue;
    ++mutations;
    EXPECT_TRUE(Has(request_id, google::api::REQUIRED)) << method->name();
  }
  EXPECT_EQ(mutations, 7);
  v1::AcceptOfferRequest accept;
  accept.set_name("vendors/91620102DEM0000146/offers/620102-X-1");
  accept.set_request_id("r");
  const absl::Status status =
      Call(Service()->FindMethodByName("AcceptOffer"), accept, /*actor=*/"");
  EXPECT_EQ(status.code(), absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(chassis::ReasonOf(status), "ACTOR_MISSING");
}

}  // namespace
}  // namespace fuju::dispatch
