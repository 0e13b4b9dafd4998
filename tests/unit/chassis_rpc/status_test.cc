#include "chassis/rpc/status.h"

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "gtest/gtest.h"

#include "chassis/values/refusal.h"
#include "fuju/type/v1/error_reason.pb.h"
#include "support/violations.h"

namespace fuju::chassis {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

google::rpc::Status Details(const grpc::Status& status) {
  google::rpc::Status details;
  EXPECT_TRUE(details.ParseFromString(status.error_details()));
  return details;
}

template <typename Detail>
std::vector<Detail> Find(const google::rpc::Status& details) {
  std::vector<Detail> found;
  for (const auto& any : details.details()) {
    Detail detail;
    if (any.UnpackTo(&detail)) found.push_back(detail);
  }
  return found;
}

TEST(StatusTest, OkHasNoDetails) {
  const grpc::Status status = ToGrpcStatus(absl::OkStatus());
  EXPECT_TRUE(status.ok());
  EXPECT_EQ(status.error_details(), "");
  EXPECT_TRUE(FromGrpcStatus(status).ok());
}

class StatusCodeTest : public ::testing::TestWithParam<int> {};

TEST_P(StatusCodeTest, HasExactlyOneErrorInfoWithAReasonOfTheRegistry) {
  const auto code = static_cast<absl::StatusCode>(GetParam());
  const grpc::Status status = ToGrpcStatus(absl::Status(code, "what happened"));
  EXPECT_EQ(static_cast<int>(status.error_code()), GetParam());
  const google::rpc::Status details = Details(status);
  EXPECT_EQ(details.code(), GetParam());
  EXPECT_EQ(details.message(), status.error_message());
  const auto infos = Find<google::rpc::ErrorInfo>(details);
  ASSERT_EQ(infos.size(), 1u);
  EXPECT_EQ(infos[0].domain(), "fuju.gansu");
  fuju::type::v1::ErrorReason reason;
  EXPECT_TRUE(
      fuju::type::v1::ErrorReason_Parse(absl::StrCat("ERROR_REASON_", infos[0].reason()), &reason))
      << infos[0].reason();
  const bool hidden = code == absl::StatusCode::kInternal || code == absl::StatusCode::kUnknown ||
                      code == absl::StatusCode::kDataLoss;
  EXPECT_EQ(status.error_message(), hidden ? "内部错误 / internal error" : "what happened");
  const bool retry = code == absl::StatusCode::kUnavailable || code == absl::StatusCode::kAborted;
  EXPECT_EQ(Find<google::rpc::RetryInfo>(details).size(), retry ? 1u : 0u);

  const absl::Status back = FromGrpcStatus(status);
  EXPECT_EQ(back.code(), code);
  EXPECT_EQ(ReasonOf(back), infos[0].reason());
}

INSTANTIATE_TEST_SUITE_P(AllCodes, StatusCodeTest, ::testing::Range(1, 17));

TEST(StatusTest, CarriesARefusalThereAndBack) {
  const absl::Status refusal =
      Refusal(absl::StatusCode::kAborted, "ETAG_MISMATCH", "已变", "has changed")
          .With("etag", "7")
          .Field("etag", "旧", "old")
          .RetryAfter(absl::Milliseconds(1500));
  const grpc::Status wire = ToGrpcStatus(refusal);
  EXPECT_EQ(wire.error_code(), grpc::StatusCode::ABORTED);
  EXPECT_EQ(wire.error_message(), "已变 / has changed");
  const google::rpc::Status details = Details(wire);
  ASSERT_EQ(details.details_size(), 3);
  EXPECT_EQ(Find<google::rpc::ErrorInfo>(details).size(), 1u);
  const auto retry = Find<google::rpc::RetryInfo>(details);
  ASSERT_EQ(retry.size(), 1u);
  EXPECT_EQ(retry[0].retry_delay().seconds(), 1);
  EXPECT_EQ(retry[0].retry_delay().nanos(), 500'000'000);

  const absl::Status back = FromGrpcStatus(wire);
  EXPECT_EQ(back.message(), refusal.message());
  EXPECT_EQ(ReasonOf(back), "ETAG_MISMATCH");
  EXPECT_EQ(MetadataOf(back, "etag"), "7");
  EXPECT_EQ(test_support::ViolationsOf(back)["etag"], "旧 / old");
}

TEST(StatusTest, KeepsInnerMattersInTheLog) {
  absl::Status status =
      Refusal(absl::StatusCode::kInternal, "INTERNAL", "键 x", "key x").With("key", "fuju key");
  status = WithErrorMetadata(status, "trace_id", "abc");
  const absl::Status seen = FromGrpcStatus(ToGrpcStatus(status));
  EXPECT_EQ(seen.message(), "内部错误 / internal error");
  EXPECT_EQ(MetadataOf(seen, "key"), "");
  EXPECT_EQ(MetadataOf(seen, "trace_id"), "abc");
}

TEST(StatusTest, ManyViolationsStayBelowWhatAClientTakes) {
  Refusal refusal = InvalidFields();
  for (int i = 0; i < 60; ++i) {
    refusal.Field(absl::StrCat("vendor.device_classes[", i, "]"), std::string(300, 'z'),
                  "and how to correct it");
  }
  const grpc::Status status = ToGrpcStatus(refusal);
  EXPECT_LE(status.error_details().size(), 4700u);
  const absl::Status back = FromGrpcStatus(status);
  // All are still named, with shorter texts.
  const auto violations = test_support::ViolationsOf(back);
  EXPECT_EQ(violations.size(), 60u);
  for (const auto& [path, text] : violations) EXPECT_GE(text.size(), 16u) << path;
  EXPECT_EQ(MetadataOf(back, "violations"), "60");
  EXPECT_EQ(ReasonOf(back), "FIELD_INVALID");
}

TEST(StatusTest, VeryManyViolationsAreCounted) {
  Refusal refusal = InvalidFields();
  for (int i = 0; i < 500; ++i) {
    refusal.Field(absl::StrCat("vendor.device_classes[", i, "].code"), "错", "wrong");
  }
  const grpc::Status status = ToGrpcStatus(refusal);
  EXPECT_LE(status.error_details().size(), 4700u);
  const absl::Status back = FromGrpcStatus(status);
  EXPECT_GT(test_support::ViolationsOf(back).size(), 50u);
  EXPECT_EQ(MetadataOf(back, "violations"), "500");
}

TEST(StatusTest, ALongTextIsCutBetweenCharacters) {
  std::string text;
  for (int i = 0; i < 300; ++i) text += "械";
  const grpc::Status status = ToGrpcStatus(absl::NotFoundError(text));
  EXPECT_LE(status.error_message().size(), 512u);
  EXPECT_THAT(status.error_message(), ::testing::EndsWith("械…"));
}

TEST(StatusTest, AForeignStatusComesBackWithoutDetails) {
  const absl::Status status =
      FromGrpcStatus(grpc::Status(grpc::StatusCode::UNAVAILABLE, "no connection"));
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ReasonOf(status), "");
  EXPECT_EQ(ReasonOrDefault(status), "STORE_UNAVAILABLE");
}

}  // namespace
}  // namespace fuju::chassis
