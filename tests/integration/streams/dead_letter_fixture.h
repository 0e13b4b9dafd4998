#pragma once

#include <set>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

#include "chassis/streams/dead_letter_desk.h"
#include "fuju/event/v1/event.pb.h"
#include "integration/streams/streams_fixture.h"

namespace fuju::chassis {

// A consumer whose events fail as long as the test says so, and a desk for its dead letters.
class DeadLetterFixture : public StreamsFixture {
 protected:
  // From now on reactions to these events ("<subject>@<version>") fail, and to no others.
  void Break(std::set<std::string> names);
  // Logs what was handled; the broken ones fail and are not logged.
  Reactions FailBroken(HandledLog& log);

  DeadLetterDesk Desk() const { return DeadLetterDesk(client_.get(), keys_, &clock_, {}); }
  // Dead letters without those that wait; all entries.
  std::vector<OpenDeadLetter> Letters() const;
  std::vector<DeadLetter> Entries() const;
  // Publishes versions 1 to `last` of a subject of partition 0 and waits until the first is a dead
  // letter and the others wait behind it; the letter.
  OpenDeadLetter MakeDead(const std::string& subject, int last);

  static DeadLetterPlace PlaceOf(const OpenDeadLetter& open) {
    return {open.letter.partition, open.letter.entry_id};
  }
  static Command Request(const std::string& request_id, const std::string& fingerprint = "f");
  static DeadLetterDesk::Ending EndingOf(const OpenDeadLetter& open);
  // Replays or discards it; the events that waited. Fails the test if it is gone.
  int Replay(const OpenDeadLetter& open, const std::string& request_id) const;
  int Discard(const OpenDeadLetter& open, const std::string& request_id) const;

  // Facts in the service's own stream, both partitions.
  std::vector<fuju::event::v1::Event> Facts() const;
  // Nothing is blocked, to be replayed, counted or pending in partition 0.
  bool AllQuiet() const;

 private:
  absl::Mutex mutex_;
  std::set<std::string> broken_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace fuju::chassis
