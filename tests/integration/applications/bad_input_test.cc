// Every RPC refuses what its declared limits forbid, and names all bad fields at once. The cases
// are made from the declarations themselves, so a new field or RPC is covered without a word here.

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/api/field_behavior.pb.h"
#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <gtest/gtest.h>

#include "chassis/values/refusal.h"
#include "fuju/type/v1/constraints.pb.h"
#include "integration/applications/applications_instance.h"
#include "support/violations.h"

namespace fuju::applications {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using ::testing::Contains;
using ::testing::Key;
using Stub = v1::ApplicationsService::Stub;
using test_support::PathsOf;
using test_support::ViolationsOf;

constexpr char kUnknown[] = "applications/620102-01JH8R5V7E0000000000000001";

struct Rpc {
  std::string method;
  std::shared_ptr<Message> request;  // a good one
  std::function<absl::Status(const Message&, const std::string& actor)> call;
};

template <typename Request, typename Response>
Rpc Of(ApplicationsInstance& instance, const char* name,
       grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
       Request good) {
  return {name, std::make_shared<Request>(std::move(good)),
          [&instance, method](const Message& request, const std::string& actor) {
            return instance.Call(method, static_cast<const Request&>(request), actor).status();
          }};
}

// A good request about an application that does not exist.
template <typename Request>
Request Good() {
  Request request;
  request.set_name(kUnknown);
  const google::protobuf::Reflection* reflection = request.GetReflection();
  const auto set = [&](const char* field, const std::string& value) {
    const FieldDescriptor* found = Request::descriptor()->FindFieldByName(field);
    if (found == nullptr) return;
    if (found->is_repeated()) {
      reflection->AddString(&request, found, value);
    } else {
      reflection->SetString(&request, found, value);
    }
  };
  set("request_id", NewRequestId());
  set("remark", "说明");
  set("explanation", "说明");
  set("reason_codes", "OTHER");
  set("serial_number", "SN-1");
  if (const auto* field = Request::descriptor()->FindFieldByName("satisfaction")) {
    reflection->SetInt32(&request, field, 5);
  }
  return request;
}

std::vector<Rpc> AllRpcs(ApplicationsInstance& instance) {
  v1::CreateApplicationRequest create;
  *create.mutable_application() = DraftOf(1);
  create.set_request_id("good");
  auto update = Good<v1::UpdateApplicationRequest>();
  *update.mutable_application() = DraftOf(1);
  update.mutable_update_mask()->add_paths("applicant");
  update.mutable_update_mask()->add_paths("request");
  v1::ListApplicationsRequest list;
  list.set_county_code("620102");
  v1::WatchApplicationRequest watch;
  watch.set_name(kUnknown);
  std::vector<Rpc> rpcs = {
      Of(instance, "CreateApplication", &Stub::CreateApplication, create),
      Of(instance, "UpdateApplication", &Stub::UpdateApplication, update),
      Of(instance, "SubmitApplication", &Stub::SubmitApplication,
         Good<v1::SubmitApplicationRequest>()),
      Of(instance, "SupplementApplication", &Stub::SupplementApplication,
         Good<v1::SupplementApplicationRequest>()),
      Of(instance, "WithdrawApplication", &Stub::WithdrawApplication,
         Good<v1::WithdrawApplicationRequest>()),
      Of(instance, "ApproveApplication", &Stub::ApproveApplication,
         Good<v1::ApproveApplicationRequest>()),
      Of(instance, "RejectApplication", &Stub::RejectApplication,
         Good<v1::RejectApplicationRequest>()),
      Of(instance, "ReturnApplication", &Stub::ReturnApplication,
         Good<v1::ReturnApplicationRequest>()),
      Of(instance, "ConfirmReceipt", &Stub::ConfirmReceipt, Good<v1::ConfirmReceiptRequest>()),
      Of(instance, "AnswerFollowUp", &Stub::AnswerFollowUp, Good<v1::AnswerFollowUpRequest>()),
      Of(instance, "GetApplication", &Stub::GetApplication, Good<v1::GetApplicationRequest>()),
      Of(instance, "ListApplications", &Stub::ListApplications, list)};
  rpcs.push_back({"WatchApplication", std::make_shared<v1::WatchApplicationRequest>(watch),
                  [&instance](const Message& request, const std::string&) {
                    grpc::ClientContext context;
                    const auto reader = instance.stub().WatchApplication(
                        &context, static_cast<const v1::WatchApplicationRequest&>(request));
                    v1::WatchApplicationResponse step;
                    while (reader->Read(&step)) {
                    }
                    return chassis::FromGrpcStatus(reader->Finish());
                  }});
  return rpcs;
}

bool Has(const FieldDescriptor* field, google::api::FieldBehavior behavior) {
  const auto& options = field->options();
  for (int i = 0; i < options.ExtensionSize(google::api::field_behavior); ++i) {
    if (options.GetExtension(google::api::field_behavior, i) == behavior) return true;
  }
  return false;
}

void SetText(Message& message, const FieldDescriptor* field, std::string text) {
  const auto* reflection = message.GetReflection();
  if (field->is_repeated()) {
    reflection->ClearField(&message, field);
    reflection->AddString(&message, field, std::move(text));
  } else {
    reflection->SetString(&message, field, std::move(text));
  }
}

// Sets the field to values that its declaration forbids, one after the other; `check` looks at
// each.
void ForEachBadValue(Message& message, const FieldDescriptor* field,
                     const std::function<void(const std::string&)>& check) {
  const auto* reflection = message.GetReflection();
  const type::v1::FieldConstraints& limits = field->options().GetExtension(type::v1::field);
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING: {
      const int longest = limits.max_length() > 0 ? limits.max_length() : 256;
      SetText(message, field, std::string(static_cast<size_t>(longest) + 1, 'x'));
      check("too long");
      SetText(message, field, "a\x01b");
      check("a control character");
      if (!limits.format().empty() || !limits.resource().empty()) {
        SetText(message, field, "not/of this form!");
        check("malformed");
      }
      break;
    }
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

class BadInputTest : public ::testing::Test {
 protected:
  // Checks one request field by field, at every depth; returns the number of cases.
  int Walk(const Rpc& rpc) {
    int cases = 0;
    using Inside = std::function<Message*(Message*)>;
    const std::function<void(const google::protobuf::Descriptor*, const std::string&,
                             const Inside&)>
        visit = [&](const google::protobuf::Descriptor* type, const std::string& prefix,
                    const Inside& inside) {
          for (int i = 0; i < type->field_count(); ++i) {
            const FieldDescriptor* field = type->field(i);
            const std::string path = absl::StrCat(prefix, field->name());
            if (Has(field, google::api::OUTPUT_ONLY)) continue;
            // An update checks what its mask names.
            if (rpc.method == "UpdateApplication" && path == "application.county_code") continue;
            std::unique_ptr<Message> request(rpc.request->New());
            const auto reset = [&] { request->CopyFrom(*rpc.request); };
            const auto expect = [&](const std::string& what) {
              ++cases;
              const absl::Status status = rpc.call(*request, "mobile:m1");
              const std::string named =
                  field->is_repeated() && what != "missing" ? absl::StrCat(path, "[0]") : path;
              EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument)
                  << rpc.method << " " << path << ": " << what << ": " << status;
              EXPECT_THAT(ViolationsOf(status), Contains(Key(named))) << rpc.method << " " << what;
            };
            reset();
            if (Has(field, google::api::REQUIRED)) {
              Message* message = inside(request.get());
              message->GetReflection()->ClearField(message, field);
              expect("missing");
              reset();
            }
            if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
              ForEachBadValue(*inside(request.get()), field, expect);
            } else if (absl::StartsWith(field->message_type()->full_name(), "fuju.")) {
              visit(field->message_type(), absl::StrCat(path, "."),
                    [&inside, field](Message* outer) {
                      Message* message = inside(outer);
                      return message->GetReflection()->MutableMessage(message, field);
                    });
            }
          }
        };
    visit(rpc.request->GetDescriptor(), "", [](Message* message) { return message; });
    return cases;
  }

  test_support::RedisServer redis_;
  test_support::FakeClock clock_;
  ApplicationsInstance instance_{redis_, &clock_};
};

TEST_F(BadInputTest, CoversEveryRpc) {
  std::set<std::string> covered;
  for (const Rpc& rpc : AllRpcs(instance_)) covered.insert(rpc.method);
  const auto* service = v1::GetApplicationRequest::descriptor()->file()->service(0);
  std::set<std::string> all;
  for (int i = 0; i < service->method_count(); ++i) all.insert(service->method(i)->name());
  EXPECT_EQ(covered, all);
}

TEST_F(BadInputTest, IsRefusedFieldByField) {
  int cases = 0;
  for (const Rpc& rpc : AllRpcs(instance_)) cases += Walk(rpc);
  EXPECT_GT(cases, 150);
}

TEST_F(BadInputTest, IsRefusedWithAllFieldsAtOnce) {
  for (const Rpc& rpc : AllRpcs(instance_)) {
    if (rpc.method == "ListApplications") continue;  // has no required field
    std::unique_ptr<Message> empty(rpc.request->New());
    std::set<std::string> required;
    for (int i = 0; i < empty->GetDescriptor()->field_count(); ++i) {
      const FieldDescriptor* field = empty->GetDescriptor()->field(i);
      if (Has(field, google::api::REQUIRED)) required.insert(field->name());
    }
    std::set<std::string> named;
    for (const auto& [path, text] : ViolationsOf(rpc.call(*empty, "mobile:m1"))) {
      named.insert(path);
      EXPECT_TRUE(absl::StrContains(text, "/")) << "both languages: " << text;
    }
    EXPECT_EQ(named, required) << rpc.method;
  }
  v1::CreateApplicationRequest create;
  create.mutable_application()->mutable_applicant()->set_resident_id("620524190002290018");
  create.mutable_application()->mutable_applicant()->set_phone("1");
  create.mutable_application()->mutable_request()->set_quote_fen(-5);
  const absl::Status status = instance_.Call(&Stub::CreateApplication, create).status();
  EXPECT_EQ(PathsOf(status),
            "application.applicant.address application.applicant.certificate_number "
            "application.applicant.economic_status application.applicant.name "
            "application.applicant.phone application.applicant.resident_id "
            "application.county_code application.request.device_division "
            "application.request.item_code application.request.quote_fen request_id");
  EXPECT_FALSE(absl::StrContains(status.ToString(), "620524190002290018"));
}

TEST_F(BadInputTest, OfAnotherPersonsCertificateIsNamed) {
  v1::Application draft = DraftOf(1);
  draft.mutable_applicant()->set_certificate_number(DraftOf(2).applicant().certificate_number());
  const absl::Status status = instance_.Create(draft).status();
  EXPECT_EQ(chassis::ReasonOf(status), "CERTIFICATE_MISMATCH");
  EXPECT_EQ(PathsOf(status), "application.applicant.certificate_number");
}

TEST_F(BadInputTest, ACountyThatDoesNotReviewIsRefused) {
  for (const char* county : {"620100", "620000", "110101"}) {
    EXPECT_EQ(PathsOf(instance_.Create(DraftOf(1, county)).status()), "application.county_code")
        << county;
  }
  // Offices with a statistical code do review.
  EXPECT_TRUE(instance_.Create(DraftOf(1, "620171")).ok());
}

TEST_F(BadInputTest, AListNeedsACountyOrAPerson) {
  const absl::Status status =
      instance_.Call(&Stub::ListApplications, v1::ListApplicationsRequest()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(PathsOf(status), "county_code person_key");
}

TEST_F(BadInputTest, AMutationNeedsAnActor) {
  for (const Rpc& rpc : AllRpcs(instance_)) {
    if (rpc.request->GetDescriptor()->FindFieldByName("request_id") == nullptr) continue;
    const absl::Status status = rpc.call(*rpc.request, "");
    EXPECT_EQ(status.code(), absl::StatusCode::kUnauthenticated) << rpc.method;
    EXPECT_EQ(chassis::ReasonOf(status), "ACTOR_MISSING") << rpc.method;
  }
}

TEST_F(BadInputTest, AnUnknownNameIsNotFound) {
  for (const Rpc& rpc : AllRpcs(instance_)) {
    if (rpc.request->GetDescriptor()->FindFieldByName("name") == nullptr) continue;
    for (const char* name : {kUnknown, "applications/x", "applications/-"}) {
      rpc.request->GetReflection()->SetString(
          rpc.request.get(), rpc.request->GetDescriptor()->FindFieldByName("name"), name);
      const absl::Status status = rpc.call(*rpc.request, "mobile:m1");
      EXPECT_EQ(status.code(), absl::StatusCode::kNotFound) << rpc.method << " " << status;
      EXPECT_EQ(chassis::ReasonOf(status), "RESOURCE_NOT_FOUND") << rpc.method;
    }
  }
}

}  // namespace
}  // namespace fuju::applications
