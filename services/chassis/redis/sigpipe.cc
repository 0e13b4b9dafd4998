#include "chassis/redis/sigpipe.h"

#include <pthread.h>
#include <signal.h>

namespace fuju::chassis::redis {

void BlockSigpipe() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

}  // namespace fuju::chassis::redis
