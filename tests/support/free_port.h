#pragma once

namespace fuju::test_support {

// A TCP port of 127.0.0.1 that was free a moment ago; another program may take it meanwhile, so
// what listens there must be checked. Ends the test program if there is none.
int FreePort();

}  // namespace fuju::test_support
