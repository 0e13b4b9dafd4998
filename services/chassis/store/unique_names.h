#pragma once

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "chassis/redis/client.h"
#include "chassis/store/keys.h"

namespace fuju::chassis {

// Names that only one holder may have in the whole deployment, wherever the holder lives: each
// name lies in the partition of its own hash. Three steps: Claim before the commit that needs it
// (tentative: lapses by itself), Confirm by a reaction to that commit's fact, Release by the
// fact that ends the need. Each is idempotent. Thread-safe; `done` runs on an I/O thread.
class UniqueNames {
 public:
  // `client` outlives this. `tentative` is how long an unconfirmed claim lasts.
  UniqueNames(redis::Client* client, Keys keys, absl::Duration tentative);

  // OK if the holder has it now (again); ALREADY_EXISTS, CLAIM_HELD with metadata claim and holder;
  // UNAVAILABLE.
  void Claim(std::string name, std::string holder, std::function<void(absl::Status)> done);
  // Makes the claim permanent. ALREADY_EXISTS if another holder has it.
  void Confirm(std::string name, std::string holder, std::function<void(absl::Status)> done);
  // Gives it back; OK also when this holder does not have it.
  void Release(std::string name, std::string holder, std::function<void(absl::Status)> done);

 private:
  void Run(std::string_view step, std::string name, std::string holder,
           std::function<void(absl::Status)> done);
  redis::Client* client_;
  Keys keys_;
  absl::Duration tentative_;
};

}  // namespace fuju::chassis
