#pragma once

namespace fuju::chassis::redis {

// Makes a write to a connection that the peer has closed an error of the calling thread, from now
// on: hiredis 0.14 writes without MSG_NOSIGNAL, and SIGPIPE would end the process.
void BlockSigpipe();

}  // namespace fuju::chassis::redis
