#pragma once

#include <compare>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "fuju/fitting/v1/fitting.pb.h"

namespace fuju::fitting {

// Arithmetic on calendars (FHIR Schedule, Slot and Appointment). Pure. Days and minutes of the day
// are those of Asia/Shanghai.

// A calendar is divided into cells; a visit claims every cell it touches, so that two visits of one
// technician can never overlap, whatever grid and length are configured. Not a setting: the names
// of claims that exist depend on it.
inline constexpr absl::Duration kCell = absl::Minutes(15);

// How visits are laid out.
struct SlotGrid {
  // Slots start at multiples of this, from midnight; a multiple of kCell [D].
  absl::Duration step = absl::Minutes(30);
  // Length of a visit; a multiple of kCell [D].
  absl::Duration visit = absl::Minutes(120);
};

// Half open.
struct Interval {
  absl::Time start;
  absl::Time end;
  std::strong_ordering operator<=>(const Interval&) const = default;
  bool operator==(const Interval&) const = default;
};

// Cells that an interval touches, as claim names of this technician.
std::vector<std::string> CellsOf(const std::string& technician_id, const Interval& visit);

// Complaints about working hours, as field violations below `path`: lines that end before they
// start, overlap each other, or are shorter than the shortest visit, one cell.
absl::Status CheckWorkingHours(const v1::Technician& technician, const std::string& path);

// OK if a visit may start at `start`: on the grid, wholly within one line of working hours and
// after `now`. FAILED_PRECONDITION, SLOT_OUTSIDE_HOURS says which it is.
absl::Status CheckSlot(const v1::Technician& technician, absl::Time start, absl::Time now,
                       const SlotGrid& grid);

// Starts of free visits within [from, to), earliest first, at most `limit`. `busy` in any order.
std::vector<Interval> FreeSlots(const v1::Technician& technician, const std::vector<Interval>& busy,
                                const Interval& within, const SlotGrid& grid, int limit);

// The technician serves the device: no classes at all, or one that is a prefix of the division.
bool Serves(const v1::Technician& technician, const std::string& device_division);

}  // namespace fuju::fitting
