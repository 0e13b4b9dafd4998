#pragma once

namespace fuju::chassis {

// The program of the child process of crash_test.cc: a consumer that dies when it handles an event
// of the subject "poison", and notes others in the list "handled:<service>". Arguments:
// --crash-child, port, service, source, instance. Ends by a signal only.
int RunCrashChild(char** argv);

}  // namespace fuju::chassis
