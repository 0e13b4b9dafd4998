#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "chassis/redis/blocking_connection.h"
#include "chassis/streams/entry_id.h"
#include "chassis/streams/handed_entries.h"
#include "chassis/streams/lease_term.h"
#include "chassis/streams/stream_entry.h"
#include "chassis/streams/stream_poller.h"
#include "chassis/streams/worker_context.h"

namespace fuju::chassis {

// How far one partition of all source streams is read for the consumer group: from the group's
// position on. A StreamPoller waits for the entries; what goes before that has a connection of its
// own. To read changes nothing in Redis: what was read and not acknowledged comes again to whoever
// begins next, so a reader that has lost the partition takes nothing away. Not thread-safe, except
// Interrupt.
//
// Errors of calls to Redis: UNAVAILABLE when Redis does not answer or answers with an error: begin
// again later.
class StreamReader {
 public:
  StreamReader(std::shared_ptr<const WorkerContext> context, std::shared_ptr<LeaseTerm> lease,
               std::unique_ptr<redis::BlockingConnection> connection);

  struct Start {
    // By source: behind this id it is read from now on, and so many entries the stream has had up
    // to there; -1: not known.
    struct Place {
      EntryId position;
      int64_t entries_read = -1;
      // What was told of entries behind the position.
      HandedEntries told;
      // One of the entries up to here may have been the former holder's end.
      EntryId suspects_end;
    };
    std::vector<Place> places;
    // Groups that were made again, that is, had a position or had been seen by this reader.
    int remade = 0;
  };
  // Goes to the positions. Makes the groups that are missing, at the positions kept for them. A
  // stream that lost its end goes on behind what groups were given; this, and entries that were
  // removed, are logged and counted.
  absl::StatusOr<Start> Begin();

  // Where it goes on: the streams of all sources, and the replays if these are wanted. After Begin.
  std::vector<StreamPosition> Positions(bool replays) const;
  // New entries in the order of each stream, and replays: what there is behind the positions, of
  // each stream [name, entries]. UNAVAILABLE if it is of another form.
  absl::StatusOr<std::vector<StreamEntry>> Take(const std::vector<redis::Reply>& streams);

  // The replays from the first on, at most so many; Positions goes on behind them.
  absl::StatusOr<std::vector<StreamEntry>> ReadReplays(int most);

  // Makes a running and any later call fail with UNAVAILABLE. Thread-safe.
  void Interrupt() { connection_->Interrupt(); }

 private:
  struct Source {
    std::string stream;
    // Read up to here.
    std::string last;
    FormerHolding former;
    // Entries that somebody had removed when it was looked at last.
    int64_t removed = 0;
  };
  absl::StatusOr<redis::Reply> EnsureGroup(int source);
  void ReportLost(Source& source, const redis::Reply& ensured) const;
  void ReportGone(const std::string& stream, int64_t entries) const;
  std::vector<StreamEntry> ParseNew(int source, const redis::Reply& entries);
  // Moves on to the last one of them.
  std::vector<StreamEntry> ParseReplays(const redis::Reply& reply);

  const std::shared_ptr<const WorkerContext> context_;
  const std::shared_ptr<LeaseTerm> lease_;
  const std::unique_ptr<redis::BlockingConnection> connection_;
  std::vector<Source> sources_;
  const std::string replays_;
  std::string last_replay_ = "0-0";
  // It has begun before, in this term.
  bool begun_ = false;
};

}  // namespace fuju::chassis
