#pragma once

#include <string>
#include <string_view>

namespace fuju::chassis {

// An index is most often one owner's, such as a county's or a vendor's, and its members are ids
// that begin with the owner: "orders:91620102DEM0000000" has "91620102DEM0000000/620102-...-1".
// That part is not stored in each of its entries. The owner is the longest word (letters and
// digits) with a digit in the index's name, the first of equally long ones.
//
// What follows is most often a ULID, or has one in it: 26 characters of Crockford's base 32 for 128
// bits (https://github.com/ulid/spec). It is stored as those 16 bytes. Pure.

// The member as the sorted set has it: a mark instead of the owner if it begins with it, a mark and
// 16 bytes instead of its first ULID. Entries of equal scores are in the order of this text; of
// members that differ in the ULID only, that is the order of the ULIDs.
std::string StoredMember(std::string_view index, std::string_view member);

// The inverse, with the same index or another one of the same owner.
std::string MemberOf(std::string_view index, std::string_view stored);

}  // namespace fuju::chassis
