#pragma once

#include <string>

namespace fuju::test_support {

// What `promtool check metrics` says about a scrape; empty when it is content.
std::string PromtoolComplaints(const std::string& metrics);

}  // namespace fuju::test_support
