#pragma once

#include <string>

#include "absl/time/time.h"

#include "scenario/world.h"

namespace fuju::scenario {

// The other players. Each blocks until the world stops; run each on a thread of its own.

// One of `desks` county reviewers' desks: works through the queues of its counties.
void PlayReviewers(World& world, int desk, int desks);

// A vendor's back office: answers every offer of its stream as the stories say. With `cut_every` >
// 0 the stream is cut after that many messages and resumed with the last token.
void PlayVendor(World& world, const std::string& vendor, int cut_every);

// A technician who goes to the booked visits.
void PlayTechnician(World& world);

// The prefecture's desk for the manual queue: assigns a vendor, or gives up where the story says
// so.
void PlayPrefecture(World& world, absl::Duration look_every);

}  // namespace fuju::scenario
