#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "chassis/redis/client.h"
#include "chassis/store/keys.h"

namespace fuju::chassis {

// Names that only one holder may have in the whole deployment, wherever the holder lives: each name
// lies in the partition of its own hash, and no commit reaches both. So a claim only says who to
// ask: the holder's own state says whether it has the name. It is claimed before the commit that
// needs it; who finds it claimed asks for the holder's standing, and takes over what the holder has
// no use for. Nothing has to follow the commit, and no crash keeps a name for ever. Thread-safe;
// `done` runs on an I/O thread.
class UniqueNames {
 public:
  // What a holder's state says of a name.
  enum class Standing {
    // It is the holder's.
    kHolds,
    // The commit that needs it has not come; it may be on its way.
    kPending,
    // The holder will never need it again.
    kGone,
  };
  // Reads the holder's state, and answers once.
  using Ask = std::function<void(const std::string& name, const std::string& holder,
                                 std::function<void(absl::StatusOr<Standing>)> answer)>;

  // `client` outlives this. A pending holder's claim may be taken over after `patience`, by Redis'
  // clock: longer than any call may take.
  UniqueNames(redis::Client* client, Keys keys, absl::Duration patience, Ask ask);

  // OK if the holder has it now (again); ALREADY_EXISTS, CLAIM_HELD with metadata claim and holder;
  // UNAVAILABLE; what `ask` answered with.
  void Claim(std::string name, std::string holder, std::function<void(absl::Status)> done) const;
  // Gives it back; OK also when this holder does not have it. Only saves the room: a name that was
  // not given back is taken over when it is needed.
  void Release(std::string name, std::string holder, std::function<void(absl::Status)> done) const;

 private:
  struct Context;
  struct Attempt;
  static void Try(std::shared_ptr<Attempt> attempt);

  const std::shared_ptr<const Context> context_;
};

}  // namespace fuju::chassis
