#include <map>
#include <set>

#include "absl/random/random.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "integration/streams/dead_letter_fixture.h"

namespace fuju::chassis {
namespace {

// Everything at once: reactions that fail at random, an operator who replays whatever is dead, new
// events, and holders that come and go. Whatever happens, each subject's events are handled in
// their order, and none is lost.
class ReplayMixTest : public DeadLetterFixture {
 protected:
  static constexpr int kSubjects = 6;
  static constexpr int kVersions = 40;

  Reactions FailAtRandom(HandledLog& log, double chance) {
    return React([&log, chance](const Delivery& delivery, const ReactionDone& done) {
      thread_local absl::BitGen random;
      if (absl::Bernoulli(random, chance)) return done(absl::InternalError("at random"));
      log.Add(NameOf(delivery));
      done(absl::OkStatus());
    });
  }
  static ConsumerOptions OneAttempt(const std::string& instance) {
    ConsumerOptions options = QuickOptions(instance);
    options.max_attempts = 1;
    return options;
  }
  void ReplayAllNow() {
    for (const OpenDeadLetter& open : Letters()) Replay(open, absl::StrCat("r", ++requests_));
  }
  // By subject, in the order in which each version was handled first.
  static std::map<std::string, std::vector<std::string>> FirstHandled(const HandledLog& log) {
    std::map<std::string, std::vector<std::string>> first;
    std::set<std::string> seen;
    for (const std::string& line : log.Lines()) {
      if (seen.insert(line).second) first[line.substr(0, line.find('@'))].push_back(line);
    }
    return first;
  }
  // Holders get so much time to stop.
  void Play(HandledLog& log, absl::Duration grace);
  int requests_ = 0;
};

void ReplayMixTest::Play(HandledLog& log, absl::Duration grace) {
  auto consumer = Start(FailAtRandom(log, 0.3), OneAttempt("holder0"));
  for (int version = 1; version <= kVersions; ++version) {
    for (int subject = 0; subject < kSubjects; ++subject) {
      Publish(0, absl::StrCat("s", subject), version);
    }
    if (version % 3 == 0) ReplayAllNow();
    if (version % 10 == 0) {
      consumer->Stop(grace);
      consumer = Start(FailAtRandom(log, 0.3), OneAttempt(absl::StrCat("holder", version)));
    }
  }
  consumer->Stop(grace);
  consumer = Start(FailAtRandom(log, 0), OneAttempt("last"));
  Eventually("nothing is dead or to be replayed", [&] {
    ReplayAllNow();
    return AllQuiet() && Entries().empty() &&
           log.Lines().size() >= static_cast<size_t>(kSubjects * kVersions);
  });
  const auto handled = FirstHandled(log);
  ASSERT_EQ(handled.size(), static_cast<size_t>(kSubjects));
  for (const auto& [subject, lines] : handled) {
    ASSERT_EQ(lines.size(), static_cast<size_t>(kVersions)) << subject;
    for (int version = 1; version <= kVersions; ++version) {
      EXPECT_EQ(lines[version - 1], absl::StrCat(subject, "@", version));
    }
  }
  EXPECT_EQ(Facts().size(), static_cast<size_t>(requests_));
}

TEST_F(ReplayMixTest, NothingIsLostAndEverySubjectKeepsItsOrder) {
  HandledLog log;
  Play(log, absl::Seconds(10));
  // Every holder stopped in order: nothing came twice.
  EXPECT_EQ(log.Lines().size(), static_cast<size_t>(kSubjects * kVersions));
}

TEST_F(ReplayMixTest, AlsoWhenHoldersLeaveInTheMiddleOfTheirWork) {
  HandledLog log;
  Play(log, absl::ZeroDuration());
}

}  // namespace
}  // namespace fuju::chassis
