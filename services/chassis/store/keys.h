#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fuju::chassis {

// Every Redis key of the system is built here. All keys of one commit carry one hash tag {pNN}.
//
// fuju:meta                                HASH    "partitions": fixed at first use
// fuju:<s>:members                         ZSET    instance -> alive until, ms since 1970 by Redis
// fuju:<s>:{pNN}:<kind>:<id>               HASH    v version, s state and correlation id
//                                                  (packed_state.h), digest of source and subject
//                                                  (6 bytes) version reacted to
// fuju:<s>:{pNN}:done:<0|1>:<bucket>       HASH    digest of a request's scope and id -> its
//                                                  fingerprint, and the id of what it created; two
//                                                  generations (commit.lua); expires
// fuju:<s>:{pNN}:req:<scope>:<request id>  HASH    of an operator's request: f, s plan or answer,
//                                                  "letter:<entry id>" what became of it; expires
// fuju:<s>:{pNN}:claim:<name>              STRING  holder "<kind>|<id>"
// fuju:<s>:{pNN}:ix:<index>                ZSET    member (index_member.h) -> score
// fuju:<s>:{pNN}:counter                   HASH    name -> amount
// fuju:<s>:{pNN}:timers                    ZSET    "<kind>|<id>|<name>" -> due, ms since 1970
// fuju:<s>:{pNN}:names:<bucket>            HASH    digest of a name -> "<holder>|<ms since 1970>"
//                                                  (UniqueNames)
// fuju:<s>:{pNN}:events                    STREAM  field e: serialized fuju.event.v1.Event
// fuju:<s>:{pNN}:positions                 HASH    group -> entry id of :events up to which it has
//                                                  acknowledged all, as the group has it, too;
//                                                  ":trimmed" -> "<greatest id removed>|<entries
//                                                  removed ever>"
// fuju:<s>:{pNN}:lease                     STRING  "<instance>|<token>", PX
// fuju:<s>:{pNN}:fence                     STRING  counter of tokens
// fuju:<s>:{pNN}:never                             does not exist (commit.lua)
// fuju:<s>:{pNN}:dead                      STREAM  dead letters of this consumer
// fuju:<s>:{pNN}:blocked                   HASH    "<source>|<subject>" -> "<source entry id>|<n>":
//                                                  which entry became a dead letter, and how many
//                                                  are parked behind it; "<source entry
//                                                  id>|<n>|replay" while n of them are in :replay
// fuju:<s>:{pNN}:replay                    STREAM  dead letters, and what waited behind them, on
//                                                  their way back to the holder; deleted when done
// fuju:<s>:{pNN}:retry                     HASH    "<source>|<entry id>|<what>" of an entry that
//                                                  failed; what: attempts, crashes, first and last
//                                                  (ms), error, handling (by whom), ended (dead or
//                                                  parked; until the position has passed it)
// fuju:<s>:{pNN}:handed                    HASH    source -> what of its stream is in hand behind
//                                                  the position (handed_entries.h);
//                                                  "<source>|left": the holder has left in good
//                                                  order
class Keys {
 public:
  // `service` such as "applications".
  Keys(std::string service, int partitions);

  const std::string& service() const { return service_; }
  int partitions() const { return partitions_; }

  // CRC16 (as Redis Cluster's) of the route, modulo the number of partitions.
  int PartitionOf(std::string_view route) const;

  static std::string Meta();
  std::string Aggregate(int partition, std::string_view kind, std::string_view id) const;
  // What the key of an aggregate says, of whatever service; nullopt of any other key. A kind is
  // none of the words that other keys of a partition begin with (done, req, claim, ix, names).
  struct AggregateKey {
    std::string_view kind;
    std::string_view id;
  };
  static std::optional<AggregateKey> ParseAggregate(std::string_view key);
  std::string Request(int partition, std::string_view scope, std::string_view request_id) const;
  // Where it is remembered that a request was carried out: in a field of one of two hashes.
  struct RequestRecord {
    std::string even;
    std::string odd;
    // 8 bytes.
    std::string field;
  };
  RequestRecord RecordOf(int partition, std::string_view scope, std::string_view request_id) const;
  std::string Claim(int partition, std::string_view name) const;
  std::string Index(int partition, std::string_view index) const;
  std::string Counters(int partition) const;
  std::string Timers(int partition) const;
  // Where it stands who has a name.
  struct NameRecord {
    std::string key;
    // 12 bytes.
    std::string field;
  };
  NameRecord RecordOfName(int partition, std::string_view name) const;
  std::string Events(int partition) const;
  std::string Positions(int partition) const;
  // The positions beside an events stream of whatever service; empty if `stream` is none.
  static std::string PositionsOfStream(std::string_view stream);
  std::string Lease(int partition) const;
  std::string Fence(int partition) const;
  std::string Never(int partition) const;
  std::string DeadLetters(int partition) const;
  std::string Blocked(int partition) const;
  std::string Retries(int partition) const;
  std::string Replays(int partition) const;
  std::string Handed(int partition) const;
  std::string Members() const;

  // Field of an aggregate's hash (6 bytes: an aggregate has a few of them, and a name would be
  // longer than most states are), value of a claim, member of the timers.
  static std::string CauseField(std::string_view source, std::string_view subject);
  static std::string Holder(std::string_view kind, std::string_view id);
  static std::string TimerMember(std::string_view kind, std::string_view id, std::string_view name);

  // The same keys of another service, for its consumers.
  Keys Of(std::string_view other_service) const;

 private:
  std::string Tagged(int partition, std::string_view rest) const;
  std::string service_;
  int partitions_;
};

}  // namespace fuju::chassis
