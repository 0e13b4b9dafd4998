#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "chassis/streams/event_dispatcher.h"
#include "chassis/streams/failure_ledger.h"
#include "chassis/streams/steady_time.h"
#include "fuju/event/v1/event.pb.h"

namespace fuju::chassis {

// Of the dispatcher alone: an entry in hand, and what both of its files know.

// Deaths after which an entry is given up.
int CrashLimit(const FailureLedger::Entry& entry);

struct EventDispatcher::Work {
  FailureLedger::Entry entry;
  // Of the entry in its source.
  EntryId id;
  std::shared_ptr<const fuju::event::v1::Event> event;
  // RecordKey and SubjectKey.
  std::string record;
  std::string chain;
  // Tries until now; failed ones that count; failures of the environment in a row.
  int tries = 0;
  int attempts = 0;
  int transients = 0;
  bool has_record = false;
  bool suspect = false;
  // A process died while it handled this entry; it has not waited yet for those beside it.
  bool blamed = false;
  // A suspect whose turn it is.
  bool marked = false;
  SteadyTime started;
};

}  // namespace fuju::chassis
