#pragma once

#include <functional>
#include <string>

namespace fuju::chassis {

// Sets the Abseil flags from the command line as absl::ParseCommandLine does (--name=value,
// --name value, --switch, --noswitch, --flagfile=path, which is read in its place), but reports
// every mistake to `complain` instead of ending the process at the first kind of them. --help,
// --helpfull and --version print and end the process. Not thread-safe.
void ParseFlags(const std::string& program, int argc, char** argv,
                const std::function<void(std::string complaint)>& complain);

}  // namespace fuju::chassis
