#pragma once

#include <string>

#include "applications/notices/notice_provider.h"

namespace fuju::applications {

// For offices that print letters: each letter is a file <folder>/<county>/<notice>.txt, or
// .large.txt if it is to be printed large (22 point), UTF-8. It appears whole or not at all
// (written beside, synced, renamed), and once: its name comes from the idempotency key, and what is
// there already is left as it is. An office moves what it has printed elsewhere within the time of
// the attempts.
class LetterProvider final : public NoticeProvider {
 public:
  // `folder` exists.
  explicit LetterProvider(std::string folder) : folder_(std::move(folder)) {}

  DeliveryResult Deliver(const NoticeMessage& message) override;

 private:
  const std::string folder_;
};

}  // namespace fuju::applications
