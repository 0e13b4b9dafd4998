#include "chassis/values/refusal.h"

#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"

namespace fuju::chassis {
namespace {

template <typename Detail>
Detail DetailOf(const absl::Status& status, std::string_view url) {
  Detail detail;
  const auto payload = status.GetPayload(absl::string_view(url.data(), url.size()));
  EXPECT_TRUE(payload.has_value()) << url;
  EXPECT_TRUE(detail.ParseFromString(std::string(payload.value_or(absl::Cord()))));
  return detail;
}

TEST(RefusalTest, CarriesCodeBothLanguagesAndOneErrorInfo) {
  const absl::Status status =
      Refusal(absl::StatusCode::kFailedPrecondition, "STATE_FORBIDS", "不能批准", "can not approve")
          .With("state", "DRAFT");

  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(status.message(), "不能批准 / can not approve");
  const auto info = DetailOf<google::rpc::ErrorInfo>(status, kErrorInfoUrl);
  EXPECT_EQ(info.reason(), "STATE_FORBIDS");
  EXPECT_EQ(info.domain(), "fuju.gansu");
  EXPECT_EQ(info.metadata().at("state"), "DRAFT");
}

TEST(RefusalTest, NamesEveryFieldWithBothLanguages) {
  Refusal refusal = InvalidFields();
  EXPECT_FALSE(refusal.has_fields());
  refusal.Field("person.name", "不能为空", "must not be empty")
      .Field("phone", "格式不对", "malformed");
  EXPECT_TRUE(refusal.has_fields());

  const absl::Status status = refusal;
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReasonOf(status), "FIELD_INVALID");
  const auto bad_request = DetailOf<google::rpc::BadRequest>(status, kBadRequestUrl);
  ASSERT_EQ(bad_request.field_violations_size(), 2);
  EXPECT_EQ(bad_request.field_violations(0).field(), "person.name");
  EXPECT_EQ(bad_request.field_violations(0).description(), "不能为空 / must not be empty");
  EXPECT_EQ(bad_request.field_violations(1).field(), "phone");
}

TEST(RefusalTest, WithoutFieldsOrDelayAttachesNeither) {
  const absl::Status status = NotFound("applications/1");
  EXPECT_FALSE(status.GetPayload({kBadRequestUrl.data(), kBadRequestUrl.size()}).has_value());
  EXPECT_FALSE(status.GetPayload({kRetryInfoUrl.data(), kRetryInfoUrl.size()}).has_value());
}

TEST(RefusalTest, TellsTheRetryDelayToTheNanosecond) {
  const absl::Status status =
      Refusal(absl::StatusCode::kUnavailable, "STORE_UNAVAILABLE", "请稍后", "later")
          .RetryAfter(absl::Milliseconds(2500));
  const auto retry = DetailOf<google::rpc::RetryInfo>(status, kRetryInfoUrl);
  EXPECT_EQ(retry.retry_delay().seconds(), 2);
  EXPECT_EQ(retry.retry_delay().nanos(), 500'000'000);
}

TEST(RefusalTest, NotFoundNamesTheResource) {
  const absl::Status status = NotFound("applications/620102-X");
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(ReasonOf(status), "RESOURCE_NOT_FOUND");
  EXPECT_EQ(MetadataOf(status, "resource"), "applications/620102-X");
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("applications/620102-X"));
}

TEST(RefusalTest, StateForbidsNamesStateAndLegalMoves) {
  const absl::Status status =
      StateForbids("applications/1", "approve", "DRAFT", {"submit", "withdraw"});
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReasonOf(status), "STATE_FORBIDS");
  EXPECT_EQ(MetadataOf(status, "state"), "DRAFT");
  EXPECT_EQ(MetadataOf(status, "legal_moves"), "submit, withdraw");
}

TEST(RefusalTest, AStatusWithoutDetailsHasNoReason) {
  EXPECT_EQ(ReasonOf(absl::OkStatus()), "");
  EXPECT_EQ(ReasonOf(absl::InternalError("x")), "");
  EXPECT_EQ(MetadataOf(absl::InternalError("x"), "state"), "");
  EXPECT_EQ(MetadataOf(NotFound("a/1"), "absent"), "");
}

}  // namespace
}  // namespace fuju::chassis
