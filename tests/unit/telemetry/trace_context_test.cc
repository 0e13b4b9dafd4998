#include "chassis/telemetry/trace_context.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace fuju::chassis {
namespace {

using testing::MatchesRegex;

constexpr std::string_view kHeader = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

TEST(TraceContextTest, KeepsTheCallersTrace) {
  const TraceContext context = TraceContext::FromHeader(kHeader);
  EXPECT_EQ(context.trace_id(), "0af7651916cd43dd8448eb211c80319c");
  EXPECT_EQ(context.span_id(), "b7ad6b7169203331");
  EXPECT_EQ(context.ToHeader(), kHeader);
}

TEST(TraceContextTest, AChildHasTheSameTraceAndAnotherSpan) {
  const TraceContext parent = TraceContext::FromHeader(kHeader);
  const TraceContext child = parent.Child();
  EXPECT_EQ(child.trace_id(), parent.trace_id());
  EXPECT_NE(child.span_id(), parent.span_id());
}

TEST(TraceContextTest, NewOnesDifferAndAreWellFormed) {
  const TraceContext one = TraceContext::New();
  const TraceContext two = TraceContext::New();
  EXPECT_NE(one.trace_id(), two.trace_id());
  EXPECT_THAT(one.ToHeader(), MatchesRegex("00-[0-9a-f]+-[0-9a-f]+-01"));
  EXPECT_EQ(one.ToHeader().size(), kHeader.size());
  EXPECT_EQ(TraceContext::FromHeader(one.ToHeader()).trace_id(), one.trace_id());
}

TEST(TraceContextTest, StartsAnewWhenTheHeaderIsMalformed) {
  for (const std::string_view bad : {
           "", "00",
           "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",   // another version
           "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",   // upper case
           "00-00000000000000000000000000000000-b7ad6b7169203331-01",   // no trace
           "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",   // no span
           "00-0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331-01",   // separator
           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x"  // too long
       }) {
    const TraceContext context = TraceContext::FromHeader(bad);
    EXPECT_EQ(context.ToHeader().size(), kHeader.size()) << bad;
    EXPECT_NE(context.trace_id(), "0af7651916cd43dd8448eb211c80319c") << bad;
  }
}

}  // namespace
}  // namespace fuju::chassis
