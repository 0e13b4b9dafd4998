#include "applications/needs/need.h"

#include <set>

#include "absl/strings/escaping.h"
#include <gtest/gtest.h>

#include "applications/application.h"
#include "fuju/applications/v1/need_events.pb.h"

namespace fuju::applications {
namespace {

const std::string kPerson = std::string(60, 'a') + "0123";
const absl::Time kNow = absl::FromUnixSeconds(1'767'574'800);

NeedRecord Surveyed() {
  NeedRecord need;
  need.set_survey_year(2025);
  need.set_person_key(absl::HexStringToBytes(kPerson));
  need.set_county_code(620102);
  need.set_village_code(620102001200);
  need.set_person_name("王小兰");
  need.set_resident_id("620102194501010007");
  need.set_certificate_suffix("42B1");
  need.set_address("幸福路0号，三单元");
  need.set_area(v1::NEED_AREA_MOBILITY);
  need.set_item_code("M01");
  need.set_device_division(122203);
  need.set_survey_date(20250301);
  need.set_surveyor("陈晓");
  need.set_remark("独居");
  return need;
}

NeedSource Row(int64_t row, int run = 0) {
  return {.digest = "0123456789", .run = run, .row = row};
}

// A need as it is stored after so many changes.
struct Stored {
  chassis::Versioned<NeedRecord> current;

  NeedOutcome Take(const NeedRecord& surveyed, const NeedSource& source) {
    NeedOutcome outcome = DecideSurveyed("x", current, surveyed, source, kNow);
    if (outcome.decision.changed) {
      current.state = outcome.decision.next;
      ++current.version;
    }
    return outcome;
  }
};

TEST(NeedTest, ItsIdFollowsFromWhatItIs) {
  const std::string id = NeedIdOf(kPerson, Surveyed());
  EXPECT_EQ(id.size(), 27u);
  EXPECT_EQ(RouteOf(id), PersonRoute(kPerson));
  EXPECT_EQ(NeedIdOf(kPerson, Surveyed()), id);
  std::set<std::string> ids = {id};
  NeedRecord other = Surveyed();
  other.set_survey_year(2026);
  EXPECT_TRUE(ids.insert(NeedIdOf(kPerson, other)).second);
  other = Surveyed();
  other.set_area(v1::NEED_AREA_DAILY_CARE);
  EXPECT_TRUE(ids.insert(NeedIdOf(kPerson, other)).second);
  other = Surveyed();
  other.clear_item_code();
  EXPECT_TRUE(ids.insert(NeedIdOf(kPerson, other)).second);
  other.clear_device_division();
  EXPECT_TRUE(ids.insert(NeedIdOf(kPerson, other)).second);
  EXPECT_TRUE(ids.insert(NeedIdOf(std::string(64, 'b'), Surveyed())).second);
  // What else the row says does not matter.
  other = Surveyed();
  other.set_county_code(620103);
  other.set_remark("");
  EXPECT_FALSE(ids.insert(NeedIdOf(kPerson, other)).second);
}

TEST(NeedTest, ARowAnswersTheSameHoweverOftenItComes) {
  NeedRecord changed = Surveyed();
  changed.set_remark("搬家");
  Stored stored;
  NeedOutcome first = stored.Take(Surveyed(), Row(2));
  EXPECT_EQ(first.move, NeedMove::kRecord);
  ASSERT_EQ(first.decision.facts.size(), 1u);
  EXPECT_EQ(first.decision.facts[0]->GetDescriptor(), v1::NeedRecorded::descriptor());
  EXPECT_EQ(stored.Take(Surveyed(), Row(2)).move, NeedMove::kRecord);
  // Another run finds it so, and a third changes it.
  EXPECT_EQ(stored.Take(Surveyed(), Row(2, 1)).move, NeedMove::kConfirm);
  const NeedOutcome third = stored.Take(changed, Row(2, 2));
  EXPECT_EQ(third.move, NeedMove::kChange);
  EXPECT_EQ(third.decision.facts[0]->GetDescriptor(), v1::NeedChanged::descriptor());
  EXPECT_EQ(stored.Take(changed, Row(2, 2)).move, NeedMove::kChange);
  EXPECT_EQ(stored.current.version, 2);
}

TEST(NeedTest, AFileTellsOfItOnce) {
  NeedRecord changed = Surveyed();
  changed.set_remark("搬家");
  Stored stored;
  stored.Take(Surveyed(), Row(5));
  EXPECT_EQ(stored.Take(Surveyed(), Row(90)).move, NeedMove::kConfirm);
  const NeedOutcome contradicts = stored.Take(changed, Row(91));
  EXPECT_EQ(contradicts.move, NeedMove::kContradict);
  EXPECT_EQ(contradicts.other_row, 5);
  EXPECT_FALSE(contradicts.decision.changed);
  EXPECT_EQ(stored.current.version, 1);
  // Where the first row of another run found nothing to write, the later one writes; and the first
  // still answers the same when it comes again.
  EXPECT_EQ(stored.Take(Surveyed(), Row(5, 1)).move, NeedMove::kConfirm);
  EXPECT_EQ(stored.Take(changed, Row(91, 1)).move, NeedMove::kChange);
  EXPECT_EQ(stored.Take(Surveyed(), Row(5, 1)).move, NeedMove::kConfirm);
  EXPECT_EQ(stored.Take(changed, Row(91, 1)).move, NeedMove::kChange);
  EXPECT_EQ(stored.current.version, 2);
}

TEST(NeedTest, ItsPlacesFollowFromItsState) {
  EXPECT_TRUE(NeedFootprintOf("x", NeedRecord()).index.empty());
  const chassis::Footprint footprint = NeedFootprintOf("x", Surveyed());
  ASSERT_EQ(footprint.index.size(), 2u);
  EXPECT_EQ(footprint.index[0].index, "needs:2025:620102");
  EXPECT_EQ(footprint.index[1].index, kNeedsOfPersons);
  EXPECT_EQ(footprint.index[1].score, PersonScore(kPerson));
  EXPECT_LT(PersonScore(std::string(64, 'f')), int64_t{1} << 53);
  ASSERT_EQ(footprint.holdings.size(), 1u);
  EXPECT_EQ(footprint.holdings[0].counter, "demand:2025:620102:4:1");
  EXPECT_EQ(footprint.holdings[0].amount, 1);
}

TEST(NeedTest, FactsHaveNothingOfThePerson) {
  Stored stored;
  stored.Take(Surveyed(), Row(2));
  const v1::Need fact = NeedEventView("x", stored.current.state);
  EXPECT_FALSE(fact.has_person());
  EXPECT_EQ(fact.village_code() + fact.surveyor() + fact.remark(), "");
  EXPECT_EQ(fact.person_key(), kPerson);
  EXPECT_EQ(fact.category(), type::v1::DISABILITY_CATEGORY_PHYSICAL);
  EXPECT_EQ(fact.grade(), 2);
  const v1::Need answer = NeedView("x", stored.current.state, "e");
  EXPECT_EQ(answer.person().name(), "王*兰");
  EXPECT_EQ(answer.person().certificate_number(), "6201**************42B1");
  EXPECT_EQ(answer.surveyor(), "陈*");
  EXPECT_EQ(answer.remark(), "独居");
}

}  // namespace
}  // namespace fuju::applications
