// Every RPC refuses what its declared limits forbid, and names all bad fields at once. The cases
// are made from the declarations themselves, so a new field or RPC is covered without a word here.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/api/field_behavior.pb.h"
#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <gtest/gtest.h>

#include "catalogue_instance.h"
#include "chassis/values/refusal.h"
#include "fuju/type/v1/constraints.pb.h"
#include "support/violations.h"

namespace fuju::catalogue {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using testing::Contains;
using testing::Key;
using Stub = v1::CatalogueService::Stub;

struct Rpc {
  std::shared_ptr<Message> request;  // a good one
  std::function<absl::Status(const Message&)> call;
};

template <typename Request, typename Response>
Rpc Of(CatalogueInstance& instance,
       grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
       Request good) {
  return {std::make_shared<Request>(std::move(good)), [&instance, method](const Message& request) {
            return instance.Call(method, static_cast<const Request&>(request)).status();
          }};
}

std::vector<Rpc> AllRpcs(CatalogueInstance& instance) {
  v1::ImportCatalogueRequest import;
  import.set_version("good");
  import.set_csv("item_code\n");
  import.set_request_id("good");
  v1::GetItemRequest item;
  item.set_name("items/M01");
  v1::QuoteSubsidyRequest quote;
  *quote.mutable_input() = WheelchairQuote();
  v1::AllocateBudgetRequest allocate;
  allocate.set_county_code("620102");
  allocate.set_fiscal_year(2026);
  allocate.set_amount_fen(1);
  allocate.set_request_id("good");
  v1::GetBudgetRequest budget;
  budget.set_name("budgets/620102-2026");
  v1::ListBudgetsRequest budgets;
  budgets.set_fiscal_year(2026);
  v1::GetGrantRequest grant;
  grant.set_name("grants/620102-01HZX3M9Q2V7N8K4T6R5W1Y0AA");
  return {Of(instance, &Stub::ImportCatalogue, import),
          Of(instance, &Stub::GetItem, item),
          Of(instance, &Stub::ListItems, v1::ListItemsRequest()),
          Of(instance, &Stub::QuoteSubsidy, quote),
          Of(instance, &Stub::AllocateBudget, allocate),
          Of(instance, &Stub::GetBudget, budget),
          Of(instance, &Stub::ListBudgets, budgets),
          Of(instance, &Stub::GetGrant, grant)};
}

bool IsRequired(const FieldDescriptor* field) {
  const auto& options = field->options();
  for (int i = 0; i < options.ExtensionSize(google::api::field_behavior); ++i) {
    if (options.GetExtension(google::api::field_behavior, i) == google::api::REQUIRED) return true;
  }
  return false;
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
      reflection->SetString(&message, field, std::string(static_cast<size_t>(longest) + 1, 'x'));
      check("too long");
      if (field->type() == FieldDescriptor::TYPE_BYTES) break;
      reflection->SetString(&message, field, "a\x01b");
      check("a control character");
      if (!limits.format().empty() || !limits.resource().empty()) {
        reflection->SetString(&message, field, "not/of this form!");
        check("malformed");
      }
      break;
    }
    case FieldDescriptor::CPPTYPE_INT32:
      if (limits.has_minimum()) {
        reflection->SetInt32(&message, field, static_cast<int32_t>(limits.minimum() - 1));
        check("too small");
      }
      if (limits.has_maximum()) {
        reflection->SetInt32(&message, field, static_cast<int32_t>(limits.maximum() + 1));
        check("too large");
      }
      break;
    case FieldDescriptor::CPPTYPE_INT64:
      if (limits.has_minimum()) {
        reflection->SetInt64(&message, field, limits.minimum() - 1);
        check("too small");
      }
      if (limits.has_maximum()) {
        reflection->SetInt64(&message, field, limits.maximum() + 1);
        check("too large");
      }
      break;
    case FieldDescriptor::CPPTYPE_ENUM:
      reflection->SetEnumValue(&message, field, 99);
      check("an unknown value");
      break;
    default:
      break;
  }
}

class BadInputTest : public testing::Test {
 protected:
  test_support::RedisServer redis_;
  test_support::FakeClock clock_{TestTime()};
  CatalogueInstance instance_{redis_, &clock_};
};

TEST_F(BadInputTest, CoversEveryRpc) {
  EXPECT_EQ(
      AllRpcs(instance_).size(),
      static_cast<size_t>(v1::GetItemRequest::descriptor()->file()->service(0)->method_count()));
}

// Fields of the request, and of the one message in it.
TEST_F(BadInputTest, IsRefusedFieldByField) {
  int cases = 0;
  for (const Rpc& rpc : AllRpcs(instance_)) {
    const std::function<void(const google::protobuf::Descriptor*, const std::string&,
                             const std::function<Message*(Message*)>&)>
        visit = [&](const google::protobuf::Descriptor* type, const std::string& prefix,
                    const std::function<Message*(Message*)>& inside) {
          for (int i = 0; i < type->field_count(); ++i) {
            const FieldDescriptor* field = type->field(i);
            const std::string path = prefix + field->name();
            std::unique_ptr<Message> request(rpc.request->New());
            const auto reset = [&] { request->CopyFrom(*rpc.request); };
            const auto expect = [&](const std::string& what) {
              ++cases;
              const absl::Status status = rpc.call(*request);
              EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument)
                  << path << ": " << what << status;
              EXPECT_THAT(test_support::ViolationsOf(status), Contains(Key(path))) << what;
            };
            reset();
            if (IsRequired(field)) {
              inside(request.get())->GetReflection()->ClearField(inside(request.get()), field);
              expect("missing");
              reset();
            }
            // The page token is checked against its query, not by the declared form.
            if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
              ForEachBadValue(*inside(request.get()), field, expect);
            } else {
              visit(field->message_type(), path + ".", [&inside, field](Message* outer) {
                Message* message = inside(outer);
                return message->GetReflection()->MutableMessage(message, field);
              });
            }
          }
        };
    visit(rpc.request->GetDescriptor(), "", [](Message* message) { return message; });
  }
  EXPECT_GT(cases, 60);
}

TEST_F(BadInputTest, IsRefusedWithAllFieldsAtOnce) {
  v1::QuoteSubsidyRequest quote;
  quote.mutable_input()->set_grade(5);
  quote.mutable_input()->set_county_code("999999");
  quote.mutable_input()->set_birth_date("2026-02-30");
  quote.mutable_input()->set_person_key("short");
  EXPECT_EQ(test_support::PathsOf(instance_.Call(&Stub::QuoteSubsidy, quote).status()),
            "input.birth_date input.category input.county_code input.economic_status input.grade "
            "input.item_code "
            "input.person_key input.quote_fen");
  EXPECT_EQ(test_support::PathsOf(
                instance_.Call(&Stub::AllocateBudget, v1::AllocateBudgetRequest()).status()),
            "amount_fen county_code fiscal_year request_id");
  EXPECT_EQ(test_support::PathsOf(
                instance_.Call(&Stub::ImportCatalogue, v1::ImportCatalogueRequest()).status()),
            "csv request_id version");
}

TEST_F(BadInputTest, NeedsAnActorForMutations) {
  v1::AllocateBudgetRequest allocate;
  allocate.set_county_code("620102");
  allocate.set_fiscal_year(2026);
  allocate.set_amount_fen(1);
  allocate.set_request_id("r");
  const auto refused = instance_.Call(&Stub::AllocateBudget, allocate, "");
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(chassis::ReasonOf(refused.status()), "ACTOR_MISSING");
}

}  // namespace
}  // namespace fuju::catalogue
