#include "chassis/rpc/validation.h"

#include <cmath>
#include <limits>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "fuju/testing/v1/probe_service.pb.h"
#include "support/violations.h"

namespace fuju::chassis {
namespace {

using fuju::testing::v1::Probe;
using fuju::testing::v1::StartProbeRequest;
using fuju::testing::v1::UpdateProbeRequest;
using test_support::PathsOf;
using test_support::ViolationsOf;
using ::testing::HasSubstr;

FormatRegistry Formats() {
  FormatRegistry formats;
  formats.Add("colour", [](std::string_view text) -> FormatComplaint {
    if (text == "red" || text == "blue") return {};
    return {"须为 red 或 blue", "send red or blue"};
  });
  return formats;
}

Probe GoodProbe() {
  Probe probe;
  probe.set_title("probe");
  probe.set_amount_fen(5);
  probe.set_kind(fuju::testing::v1::PROBE_KIND_SMALL);
  probe.add_tags("a");
  probe.mutable_main_part()->set_serial("s1");
  probe.set_offset(0);
  probe.set_agreed(false);
  return probe;
}

absl::Status Check(const Probe& probe) { return ValidateMessage(probe, Formats()); }

struct Case {
  std::string name;
  std::function<void(Probe&)> spoil;
  // Paths of the violations; empty when the probe is still right.
  std::string paths;
  // Part of the text.
  std::string text = "";
};

// Else gtest prints the bytes of the object, padding and addresses included.
void PrintTo(const Case& tested, std::ostream* out) { *out << tested.name; }

class ValidationTest : public ::testing::TestWithParam<Case> {};

TEST_P(ValidationTest, NamesWhatIsWrong) {
  Probe probe = GoodProbe();
  GetParam().spoil(probe);
  const absl::Status status = Check(probe);
  EXPECT_EQ(PathsOf(status), GetParam().paths) << status;
  if (GetParam().paths.empty()) {
    EXPECT_TRUE(status.ok()) << status;
    return;
  }
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReasonOf(status), "FIELD_INVALID");
  for (const auto& [path, text] : ViolationsOf(status)) {
    EXPECT_THAT(text, HasSubstr(GetParam().text)) << path;
    EXPECT_THAT(text, HasSubstr(" / ")) << "Chinese and English: " << path;
  }
}

std::string Repeat(const std::string& text, int times) {
  std::string result;
  for (int i = 0; i < times; ++i) result += text;
  return result;
}

INSTANTIATE_TEST_SUITE_P(
    Texts, ValidationTest,
    ::testing::Values(
        Case{"right", [](Probe&) {}, ""},
        Case{"missing", [](Probe& p) { p.clear_title(); }, "title", "required"},
        Case{"blank", [](Probe& p) { p.set_title(" \t　"); }, "title", "required"},
        Case{"at_the_limit", [](Probe& p) { p.set_title(Repeat("械", 10)); }, ""},
        Case{"too_long", [](Probe& p) { p.set_title(Repeat("械", 11)); }, "title",
             "11 characters, 10 are allowed"},
        Case{"too_short", [](Probe& p) { p.set_title("械"); }, "title", "at least 2"},
        Case{"default_limit", [](Probe& p) { p.set_remark(Repeat("械", 256)); }, ""},
        Case{"over_default_limit", [](Probe& p) { p.set_remark(Repeat("a", 257)); }, "remark",
             "256 are allowed"},
        Case{"newline_and_tab", [](Probe& p) { p.set_remark("a\n\tb"); }, ""},
        Case{"control", [](Probe& p) { p.set_remark("a\x01"); }, "remark", "control"},
        Case{"carriage_return", [](Probe& p) { p.set_remark("a\r\nb"); }, "remark", "control"},
        Case{"c1_control", [](Probe& p) { p.set_remark("a\xc2\x85"); }, "remark", "control"},
        Case{"nul", [](Probe& p) { p.set_remark(std::string("a\0b", 3)); }, "remark", "control"},
        Case{"not_utf8", [](Probe& p) { p.set_remark("\xff"); }, "remark", "UTF-8"},
        Case{"cut_utf8", [](Probe& p) { p.set_remark("\xe6\xa2"); }, "remark", "UTF-8"},
        Case{"overlong_utf8", [](Probe& p) { p.set_remark("\xc0\xaf"); }, "remark", "UTF-8"},
        Case{"surrogate_utf8", [](Probe& p) { p.set_remark("\xed\xa0\x80"); }, "remark", "UTF-8"},
        Case{"beyond_unicode", [](Probe& p) { p.set_remark("\xf4\x90\x80\x80"); }, "remark",
             "UTF-8"},
        Case{"rare_han", [](Probe& p) { p.set_remark("\xf0\xa0\xae\xb7"); }, ""},
        Case{"format", [](Probe& p) { p.set_colour("green"); }, "colour", "red or blue"},
        Case{"format_right", [](Probe& p) { p.set_colour("red"); }, ""},
        Case{"resource", [](Probe& p) { p.set_owner("people/1/probes/b-2._~"); }, ""},
        Case{"resource_collection", [](Probe& p) { p.set_owner("folk/1/probes/2"); }, "owner",
             "people/*/probes/*"},
        Case{"resource_short", [](Probe& p) { p.set_owner("people/1"); }, "owner"},
        Case{"resource_long", [](Probe& p) { p.set_owner("people/1/probes/2/x"); }, "owner"},
        Case{"resource_empty_segment", [](Probe& p) { p.set_owner("people//probes/2"); }, "owner"},
        Case{"resource_letters", [](Probe& p) { p.set_owner("people/1/probes/械"); }, "owner"},
        Case{"resource_segment_length",
             [](Probe& p) { p.set_owner("people/1/probes/" + Repeat("a", 81)); }, "owner"},
        Case{"bytes", [](Probe& p) { p.set_image(std::string("\0\xff\x01\x02", 4)); }, ""},
        Case{"bytes_too_long", [](Probe& p) { p.set_image("12345"); }, "image", "5 bytes"},
        Case{"output_only", [](Probe& p) { p.set_name("longer than one\x01"); }, ""}),
    [](const auto& tested) { return tested.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Numbers, ValidationTest,
    ::testing::Values(
        Case{"missing", [](Probe& p) { p.set_amount_fen(0); }, "amount_fen", "required"},
        Case{"too_small", [](Probe& p) { p.set_amount_fen(-1); }, "amount_fen", "1 to 1000"},
        Case{"smallest", [](Probe& p) { p.set_amount_fen(1); }, ""},
        Case{"largest", [](Probe& p) { p.set_amount_fen(1000); }, ""},
        Case{"too_large", [](Probe& p) { p.set_amount_fen(1001); }, "amount_fen",
             "1001 is out of range"},
        Case{"floor", [](Probe& p) { p.set_rank(-6); }, "rank", "-5 or more"},
        Case{"ceiling", [](Probe& p) { p.set_serial_number(10); }, "serial_number", "9 or less"},
        Case{"beyond_int64",
             [](Probe& p) { p.set_serial_number(std::numeric_limits<uint64_t>::max()); },
             "serial_number", "18446744073709551615"},
        Case{"real", [](Probe& p) { p.set_ratio(1.5); }, "ratio", "0 to 1"},
        Case{"not_a_number", [](Probe& p) { p.set_ratio(std::nan("")); }, "ratio", "finite"},
        Case{"infinite", [](Probe& p) { p.set_ratio(INFINITY); }, "ratio", "finite"},
        Case{"presence", [](Probe& p) { p.clear_offset(); }, "offset", "required"},
        Case{"presence_range", [](Probe& p) { p.set_offset(-1); }, "offset"},
        Case{"switch_presence", [](Probe& p) { p.clear_agreed(); }, "agreed", "true or false"}),
    [](const auto& tested) { return tested.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Enums, ValidationTest,
    ::testing::Values(
        Case{"missing", [](Probe& p) { p.set_kind(fuju::testing::v1::PROBE_KIND_UNSPECIFIED); },
             "kind", "PROBE_KIND_SMALL, PROBE_KIND_LARGE"},
        Case{"unknown", [](Probe& p) { p.set_kind(static_cast<fuju::testing::v1::ProbeKind>(7)); },
             "kind", "7 is no value"},
        Case{"unknown_item",
             [](Probe& p) {
               p.add_other_kinds(fuju::testing::v1::PROBE_KIND_LARGE);
               p.add_other_kinds(static_cast<fuju::testing::v1::ProbeKind>(-1));
             },
             "other_kinds[1]"},
        Case{"zero_item",
             [](Probe& p) { p.add_other_kinds(fuju::testing::v1::PROBE_KIND_UNSPECIFIED); },
             "other_kinds[0]"}),
    [](const auto& tested) { return tested.param.name; });

INSTANTIATE_TEST_SUITE_P(Lists, ValidationTest,
                         ::testing::Values(Case{"missing", [](Probe& p) { p.clear_tags(); }, "tags",
                                                "at least one"},
                                           Case{"most_items",
                                                [](Probe& p) {
                                                  p.add_tags("b");
                                                  p.add_tags("c");
                                                },
                                                ""},
                                           Case{"too_many",
                                                [](Probe& p) {
                                                  for (int i = 0; i < 3; ++i) p.add_tags("b");
                                                },
                                                "tags", "4 items, 3 are allowed"},
                                           Case{"default_limit",
                                                [](Probe& p) {
                                                  for (int i = 0; i < 101; ++i) p.add_sizes(1);
                                                },
                                                "sizes", "101 items, 100 are allowed"},
                                           Case{"items",
                                                [](Probe& p) {
                                                  p.set_tags(0, "too-long");
                                                  p.add_tags("");
                                                  p.add_tags("a b");
                                                },
                                                "tags[0] tags[1] tags[2]"},
                                           Case{"numbers",
                                                [](Probe& p) {
                                                  p.add_sizes(9);
                                                  p.add_sizes(0);
                                                  p.add_sizes(10);
                                                },
                                                "sizes[1] sizes[2]", "1 to 9"}),
                         [](const auto& tested) { return tested.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Messages, ValidationTest,
    ::testing::Values(
        Case{"missing", [](Probe& p) { p.clear_main_part(); }, "main_part", "required"},
        Case{"empty", [](Probe& p) { p.mutable_main_part()->Clear(); }, "main_part.serial"},
        Case{"nested", [](Probe& p) { p.mutable_main_part()->set_weight_g(501); },
             "main_part.weight_g"},
        Case{"nested_twice",
             [](Probe& p) { p.mutable_main_part()->mutable_inner()->mutable_inner(); },
             "main_part.inner.inner.serial main_part.inner.serial"},
        Case{"in_a_list",
             [](Probe& p) {
               p.add_spare_parts()->set_serial("a");
               p.add_spare_parts()->set_weight_g(-1);
             },
             "spare_parts[1].serial spare_parts[1].weight_g"},
        Case{"time", [](Probe& p) { p.mutable_time()->set_seconds(1); }, ""},
        Case{"time_too_late", [](Probe& p) { p.mutable_time()->set_seconds(253402300800); },
             "time"},
        Case{"time_nanos", [](Probe& p) { p.mutable_time()->set_nanos(-1); }, "time"},
        Case{"span",
             [](Probe& p) {
               p.mutable_span()->set_seconds(1);
               p.mutable_span()->set_nanos(-1);
             },
             "span"}),
    [](const auto& tested) { return tested.param.name; });

TEST(ValidationTest, NamesAllViolationsAtOnce) {
  const absl::Status status = Check(Probe());
  EXPECT_EQ(PathsOf(status), "agreed amount_fen kind main_part offset tags title");
}

TEST(ValidationTest, NeverRepeatsTheValueOfAText) {
  Probe probe = GoodProbe();
  probe.set_colour("62010219900101123X");
  probe.set_owner("62010219900101123X");
  probe.set_remark("62010219900101123X\x01");
  const absl::Status status = Check(probe);
  EXPECT_EQ(PathsOf(status), "colour owner remark");
  for (const auto& [path, text] : ViolationsOf(status)) {
    EXPECT_THAT(text, ::testing::Not(HasSubstr("62010219900101123X"))) << path;
  }
}

TEST(ValidationTest, AFormatThatNobodyRegisteredIsADefectOfOurs) {
  Probe probe = GoodProbe();
  probe.set_odd("x");
  const absl::Status status = Check(probe);
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
  EXPECT_THAT(std::string(status.message()), HasSubstr("unheard_of"));
}

TEST(ValidationTest, DoesNotCountViolationsWithoutEnd) {
  Probe probe = GoodProbe();
  for (int i = 0; i < 200; ++i) {
    Probe* const p = &probe;
    auto* part = p->add_spare_parts();
    for (int depth = 0; depth < 5; ++depth) part = part->mutable_inner();
  }
  EXPECT_EQ(ViolationsOf(Check(probe)).size(), 500u);
}

TEST(ValidationTest, TheBuiltInFormats) {
  const FormatRegistry formats;
  const auto ok = [&](std::string_view format, std::string_view text) {
    return (*formats.Find(format))(text).ok();
  };
  EXPECT_TRUE(ok("request_id", "8c1f2a34-1b2c-4d5e-8f90-a1b2c3d4e5f6"));
  EXPECT_TRUE(ok("request_id", std::string(64, 'a')));
  EXPECT_FALSE(ok("request_id", std::string(65, 'a')));
  EXPECT_FALSE(ok("request_id", "a:b"));
  EXPECT_TRUE(ok("sha256", std::string(64, 'f')));
  EXPECT_FALSE(ok("sha256", std::string(64, 'F')));
  EXPECT_FALSE(ok("sha256", std::string(63, 'f')));
  EXPECT_TRUE(ok("label", "2025.1-gansu_a"));
  EXPECT_FALSE(ok("label", "-a"));
  EXPECT_FALSE(ok("label", "a b"));
  EXPECT_EQ(formats.Find("colour"), nullptr);
}

}  // namespace
}  // namespace fuju::chassis
