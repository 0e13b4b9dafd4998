#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace fuju::scenario {

// What is going to happen to one application.
enum class Story {
  kThrough,         // all goes well
  kIneligible,      // another payer covers it, or the grade does not fit
  kUnfunded,        // waits for money that does not come, then withdrawn
  kReturned,        // returned for supplement once, then approved
  kLapsed,          // returned for supplement and never supplemented
  kRejected,        // rejected by the reviewer
  kWithdrawnDraft,  // withdrawn at each stage:
  kWithdrawnReview,
  kWithdrawnSupplement,
  kWithdrawnApproved,  //   while an offer is open
  kWithdrawnDispatched,
  kWithdrawnScheduled,
  kDeclined,        // the first vendor declines
  kUnanswered,      // the first vendor lets the offer expire
  kExhausted,       // all decline; a person assigns a vendor
  kUnserved,        // all decline; a person gives up
  kVendorReturned,  // the vendor gives the order back
  kRescheduled,     // the visit is moved
  kCancelledVisit,  // the visit is cancelled and booked again
  kNotAtHome,       // nobody met once
  kNeverAtHome,     // nobody met at all
  kSilent,          // all goes well, but the follow-up is not answered
  kDuplicate,       // a second application of the same person is refused meanwhile
};

// Short name for tables.
std::string_view NameOf(Story story);
// Final state that the story leads to when nothing else goes wrong, without prefix.
std::string_view ExpectedEnd(Story story);
// The stories of `count` applications: most go through, every kind occurs from 40 on, in an order
// that the seed decides.
std::vector<Story> MixStories(int count, uint64_t seed);

}  // namespace fuju::scenario
