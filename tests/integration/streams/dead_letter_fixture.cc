#include "integration/streams/dead_letter_fixture.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "fuju/admin/v1/dead_letter_events.pb.h"

namespace fuju::chassis {

void DeadLetterFixture::Break(std::set<std::string> names) {
  const absl::MutexLock lock(&mutex_);
  broken_ = std::move(names);
}

Reactions DeadLetterFixture::FailBroken(HandledLog& log) {
  return React([this, &log](const Delivery& delivery, const ReactionDone& done) {
    {
      const absl::MutexLock lock(&mutex_);
      if (broken_.contains(NameOf(delivery))) return done(absl::InternalError("broken"));
    }
    log.Add(NameOf(delivery));
    done(absl::OkStatus());
  });
}

std::vector<OpenDeadLetter> DeadLetterFixture::Letters() const {
  const auto page = Desk().List({}, "", 1000);
  EXPECT_TRUE(page.ok()) << page.status();
  return page.ok() ? page->letters : std::vector<OpenDeadLetter>();
}

std::vector<DeadLetter> DeadLetterFixture::Entries() const {
  const auto letters = ListDeadLetters(*client_, keys_, 10'000);
  EXPECT_TRUE(letters.ok()) << letters.status();
  return letters.value_or(std::vector<DeadLetter>());
}

OpenDeadLetter DeadLetterFixture::MakeDead(const std::string& subject, int last) {
  for (int version = 1; version <= last; ++version) Publish(0, subject, version);
  OpenDeadLetter found;
  Eventually(absl::StrCat(subject, " is dead and the others wait"), [&] {
    const auto page = Desk().List({.source = "", .subject = subject, .reason = ""}, "", 1);
    if (!page.ok() || page->letters.empty()) return false;
    found = page->letters[0];
    return found.waiting == last - 1;
  });
  return found;
}

Command DeadLetterFixture::Request(const std::string& request_id, const std::string& fingerprint) {
  Command command;
  command.actor = "operator:a01";
  command.request_scope = "test";
  command.request_id = request_id;
  command.fingerprint = fingerprint;
  return command;
}

DeadLetterDesk::Ending DeadLetterFixture::EndingOf(const OpenDeadLetter& open) {
  fuju::admin::v1::DeadLetterReplayed fact;
  fact.mutable_dead_letter()->set_subject(open.letter.subject);
  return {.name = "deadLetters/" + open.letter.entry_id,
          .fact = MakeFact(std::move(fact)),
          .correlation_id = "cases/1",
          .causation_id = absl::StrCat(open.letter.subject, "@", open.letter.version)};
}

int DeadLetterFixture::Replay(const OpenDeadLetter& open, const std::string& request_id) const {
  const auto ended = Desk().Replay(PlaceOf(open), Request(request_id), EndingOf(open));
  EXPECT_TRUE(ended.ok()) << ended.status();
  EXPECT_TRUE(ended.ok() && ended->has_value()) << "it is gone";
  return ended.ok() && ended->has_value() ? (*ended)->waiting : -1;
}

int DeadLetterFixture::Discard(const OpenDeadLetter& open, const std::string& request_id) const {
  const auto ended = Desk().Discard(PlaceOf(open), Request(request_id), EndingOf(open), "answer");
  EXPECT_TRUE(ended.ok()) << ended.status();
  EXPECT_TRUE(ended.ok() && ended->has_value()) << "it is gone";
  return ended.ok() && ended->has_value() ? (*ended)->waiting : -1;
}

std::vector<fuju::event::v1::Event> DeadLetterFixture::Facts() const {
  std::vector<fuju::event::v1::Event> facts;
  for (int partition = 0; partition < kPartitions; ++partition) {
    for (const redis::Reply& entry : Redis({"XRANGE", keys_.Events(partition), "-", "+"}).items()) {
      EXPECT_TRUE(facts.emplace_back().ParseFromString(entry[1][1].text()));
    }
  }
  return facts;
}

bool DeadLetterFixture::AllQuiet() const {
  return Redis({"HLEN", keys_.Blocked(0)}).integer() == 0 &&
         Redis({"XLEN", keys_.Replays(0)}).integer() == 0 &&
         Redis({"HLEN", keys_.Retries(0)}).integer() == 0 && Pending(0) == 0;
}

}  // namespace fuju::chassis
