#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "chassis/admin/dead_letter_replay.h"
#include "chassis/rpc/call.h"
#include "chassis/streams/dead_letter_desk.h"
#include "fuju/admin/v1/dead_letters_service.pb.h"

namespace fuju::chassis {

// What DeadLettersService answers. Waits: not on an I/O thread. Thread-safe.
class DeadLetterAnswers {
 public:
  // `desk` outlives it. `sources`: whose events this service reads.
  DeadLetterAnswers(DeadLetterDesk* desk, std::vector<std::string> sources)
      : desk_(desk), replay_(desk, std::move(sources)) {}

  absl::StatusOr<admin::v1::ListDeadLettersResponse> List(
      const CallInfo& call, const admin::v1::ListDeadLettersRequest& request);
  absl::StatusOr<admin::v1::DeadLetter> Get(const CallInfo& call,
                                            const admin::v1::GetDeadLetterRequest& request);
  absl::StatusOr<admin::v1::ReplayDeadLettersResponse> Replay(
      const CallInfo& call, const admin::v1::ReplayDeadLettersRequest& request) {
    return replay_.Run(call, request);
  }
  absl::StatusOr<admin::v1::DeadLetter> Discard(const CallInfo& call,
                                                const admin::v1::DiscardDeadLetterRequest& request);

 private:
  const std::string& service() const { return desk_->keys().service(); }

  DeadLetterDesk* const desk_;
  DeadLetterReplay replay_;
};

}  // namespace fuju::chassis
