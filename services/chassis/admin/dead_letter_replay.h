#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "chassis/rpc/call.h"
#include "chassis/streams/dead_letter_desk.h"
#include "fuju/admin/v1/dead_letters_service.pb.h"

namespace fuju::chassis {

// The RPC ReplayDeadLetters. What it will do is fixed first, under the request id; then it goes
// from letter to letter, each of which is done wholly or not at all. So a repeat, also after the
// death of the process, does what is left of the first plan. Waits: not on an I/O thread.
// Thread-safe.
class DeadLetterReplay {
 public:
  // `desk` outlives it. `sources`: whose events this service reads.
  DeadLetterReplay(DeadLetterDesk* desk, std::vector<std::string> sources)
      : desk_(desk), sources_(std::move(sources)) {}

  absl::StatusOr<admin::v1::ReplayDeadLettersResponse> Run(
      const CallInfo& call, const admin::v1::ReplayDeadLettersRequest& request);

 private:
  using Response = admin::v1::ReplayDeadLettersResponse;
  using Request = admin::v1::ReplayDeadLettersRequest;
  // The letters that are asked for, the oldest first; of those beyond the cap only the number.
  struct Choice {
    std::vector<OpenDeadLetter> letters;
    int remaining = 0;
  };

  absl::StatusOr<Choice> Choose(const Request& request);
  absl::StatusOr<Choice> ChooseNamed(const Request& request, size_t most);
  absl::StatusOr<Choice> ChooseMatching(const Request& request, size_t most);
  absl::Status CheckSources(const Choice& choice) const;
  Response ToPlan(const Choice& choice) const;
  absl::StatusOr<Response> AgreedPlan(const Command& command, const Request& request);
  absl::Status ReplayOne(const Command& command, const std::string& operator_reason,
                         admin::v1::ReplayedDeadLetter& letter);

  DeadLetterDesk* const desk_;
  const std::vector<std::string> sources_;
};

}  // namespace fuju::chassis
