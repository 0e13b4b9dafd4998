#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "chassis/rpc/validation.h"
#include "fuju/testing/v1/probe_service.pb.h"
#include "support/violations.h"

namespace fuju::chassis {
namespace {

using fuju::testing::v1::ProbePart;
using fuju::testing::v1::StartProbeRequest;
using fuju::testing::v1::UpdateProbeRequest;
using test_support::PathsOf;
using test_support::ViolationsOf;
using ::testing::HasSubstr;

UpdateProbeRequest Update(const std::vector<std::string>& paths) {
  UpdateProbeRequest request;
  request.set_request_id("r1");
  request.mutable_probe();
  for (const std::string& path : paths) request.mutable_update_mask()->add_paths(path);
  return request;
}

std::string Wrong(const UpdateProbeRequest& request) {
  return PathsOf(ValidateMessage(request, FormatRegistry()));
}

TEST(UpdateMaskTest, ChecksOnlyWhatIsMasked) {
  UpdateProbeRequest request = Update({"remark"});
  request.mutable_probe()->set_remark("fine");
  request.mutable_probe()->set_amount_fen(-1);
  EXPECT_EQ(Wrong(request), "");
  request.mutable_update_mask()->add_paths("amount_fen");
  EXPECT_EQ(Wrong(request), "probe.amount_fen");
}

TEST(UpdateMaskTest, AsksForRequiredFieldsThatAreMasked) {
  EXPECT_EQ(Wrong(Update({"title", "kind"})), "probe.kind probe.title");
}

TEST(UpdateMaskTest, GoesIntoMessages) {
  UpdateProbeRequest request = Update({"main_part.weight_g"});
  request.mutable_probe()->mutable_main_part()->set_weight_g(501);
  EXPECT_EQ(Wrong(request), "probe.main_part.weight_g");
  EXPECT_EQ(Wrong(Update({"main_part"})), "probe.main_part");
}

TEST(UpdateMaskTest, AsksForAMaskedFieldOfAnAbsentMessage) {
  EXPECT_EQ(Wrong(Update({"main_part.serial"})), "probe.main_part.serial");
  EXPECT_EQ(Wrong(Update({"main_part.weight_g"})), "");
}

TEST(UpdateMaskTest, AStarMeansAll) {
  EXPECT_EQ(Wrong(Update({"*"})),
            "probe.agreed probe.amount_fen probe.kind probe.main_part probe.offset probe.tags "
            "probe.title");
}

TEST(UpdateMaskTest, WithoutAMaskTheFieldsThatAreSetAreChecked) {
  UpdateProbeRequest request = Update({});
  request.mutable_probe()->set_title("x");
  request.mutable_probe()->mutable_main_part()->set_weight_g(0);
  EXPECT_EQ(Wrong(request), "probe.title");
}

TEST(UpdateMaskTest, RefusesPathsThatTheMessageDoesNotHave) {
  EXPECT_EQ(Wrong(Update({"", "nothing", "title.x", "main_part.", "main_part.x", "tags.0",
                          "spare_parts.serial", "remark"})),
            "update_mask.paths[0] update_mask.paths[1] update_mask.paths[2] update_mask.paths[3] "
            "update_mask.paths[4] update_mask.paths[5] update_mask.paths[6]");
}

TEST(UpdateMaskTest, RefusesFieldsThatTheServiceSets) {
  const absl::Status status = ValidateMessage(Update({"name"}), FormatRegistry());
  EXPECT_EQ(PathsOf(status), "update_mask.paths[0]");
  EXPECT_THAT(ViolationsOf(status)["update_mask.paths[0]"], HasSubstr("set by the service"));
}

TEST(UpdateMaskTest, DoesNotRepeatWhatCanNotBePrinted) {
  const absl::Status status = ValidateMessage(Update({"a\x1b[31m\n"}), FormatRegistry());
  EXPECT_THAT(ViolationsOf(status)["update_mask.paths[0]"], HasSubstr("\"a?[31m?\""));
}

TEST(UpdateMaskTest, TheResourceIsRequired) {
  UpdateProbeRequest request = Update({"title"});
  request.clear_probe();
  EXPECT_EQ(Wrong(request), "probe");
}

TEST(UpdateMaskTest, NamesAllThatIsWrongAtOnce) {
  UpdateProbeRequest request = Update({"title", "nothing"});
  request.clear_request_id();
  EXPECT_EQ(Wrong(request), "probe.title request_id update_mask.paths[1]");
}

TEST(UpdateMaskTest, KnowsWhichFieldIsMasked) {
  ASSERT_NE(MaskedField(UpdateProbeRequest::descriptor()), nullptr);
  EXPECT_EQ(MaskedField(UpdateProbeRequest::descriptor())->name(), "probe");
  EXPECT_EQ(MaskedField(StartProbeRequest::descriptor()), nullptr);
}

}  // namespace
}  // namespace fuju::chassis
