#include "scenario/story.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <random>
#include <string_view>

namespace fuju::scenario {
namespace {

struct StoryLine {
  Story story;
  std::string_view name;
  std::string_view end;
  // Applications of this kind in a hundred.
  int percent;
};

constexpr StoryLine kLines[] = {
    {Story::kThrough, "through", "CLOSED", 48},
    {Story::kIneligible, "ineligible", "INELIGIBLE", 4},
    {Story::kUnfunded, "unfunded", "WITHDRAWN", 2},
    {Story::kReturned, "returned", "CLOSED", 5},
    {Story::kLapsed, "lapsed", "EXPIRED", 1},
    {Story::kRejected, "rejected", "REJECTED", 3},
    {Story::kWithdrawnDraft, "withdrawn_draft", "WITHDRAWN", 1},
    {Story::kWithdrawnReview, "withdrawn_review", "WITHDRAWN", 2},
    {Story::kWithdrawnSupplement, "withdrawn_supplement", "WITHDRAWN", 1},
    {Story::kWithdrawnApproved, "withdrawn_approved", "WITHDRAWN", 2},
    {Story::kWithdrawnDispatched, "withdrawn_dispatched", "WITHDRAWN", 2},
    {Story::kWithdrawnScheduled, "withdrawn_scheduled", "WITHDRAWN", 2},
    {Story::kDeclined, "declined", "CLOSED", 5},
    {Story::kUnanswered, "unanswered", "CLOSED", 4},
    {Story::kExhausted, "exhausted", "CLOSED", 2},
    {Story::kUnserved, "unserved", "UNSERVED", 1},
    {Story::kVendorReturned, "vendor_returned", "CLOSED", 2},
    {Story::kRescheduled, "rescheduled", "CLOSED", 4},
    {Story::kCancelledVisit, "cancelled_visit", "CLOSED", 2},
    {Story::kNotAtHome, "not_at_home", "CLOSED", 3},
    {Story::kNeverAtHome, "never_at_home", "UNSERVED", 1},
    {Story::kSilent, "silent", "CLOSED", 2},
    {Story::kDuplicate, "duplicate", "CLOSED", 1},
};

const StoryLine& LineOf(Story story) {
  return *std::find_if(std::begin(kLines), std::end(kLines),
                       [story](const StoryLine& line) { return line.story == story; });
}

}  // namespace

std::string_view NameOf(Story story) { return LineOf(story).name; }
std::string_view ExpectedEnd(Story story) { return LineOf(story).end; }

std::vector<Story> MixStories(int count, uint64_t seed) {
  std::vector<Story> stories;
  // One of each kind first, so that a small run shows every way.
  if (count >= 40) {
    for (const StoryLine& line : kLines) stories.push_back(line.story);
  }
  std::mt19937_64 random(seed);
  while (static_cast<int>(stories.size()) < count) {
    int roll = static_cast<int>(random() % 100);
    for (const StoryLine& line : kLines) {
      if ((roll -= line.percent) < 0) {
        stories.push_back(line.story);
        break;
      }
    }
  }
  std::shuffle(stories.begin(), stories.end(), random);
  return stories;
}

}  // namespace fuju::scenario
