#pragma once

#include <string>
#include <vector>

#include "applications/chain_book.h"
#include "vocabulary/region.h"

namespace fuju::applications::testing {

// The bytes of a file under deploy/data/gansu; a test failure and "" if it can not be read.
std::string GansuText(const std::string& name);

const vocabulary::RegionTable& Regions();

// The files of deploy/data/gansu/chains.
std::vector<ChainFile> ShippedChainFiles();

// A shipped chain as it is configured, such as "full.v1.json".
v1::Chain ShippedChain(const std::string& file);

// The shipped chains, and the given one for every county instead of what areas.json says.
ChainBook BookWith(const v1::Chain& chain, const Limits& defaults = {});

}  // namespace fuju::applications::testing
