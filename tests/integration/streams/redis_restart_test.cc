#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "chassis/streams/fanout.h"
#include "integration/streams/streams_fixture.h"

namespace fuju::chassis {
namespace {

class RedisRestartTest : public StreamsFixture {
 protected:
  static constexpr int kSubjects = 8;
  static constexpr int kVersions = 60;

  // Adds it until Redis has answered.
  void PublishSurely(int subject, int version) {
    fuju::event::v1::Event event;
    event.set_type(kType);
    event.set_source(source_.service());
    event.set_subject(absl::StrCat("s", subject));
    event.set_aggregate_version(version);
    while (true) {
      const auto added = client_->Call(
          {"XADD", source_.Events(subject % kPartitions), "*", "e", event.SerializeAsString()},
          absl::Seconds(20));
      if (added.ok() && !added->is_error()) return;
    }
  }
};

TEST_F(RedisRestartTest, NothingIsMissedWhenRedisIsKilledAndComesBack) {
  HandledLog log;
  // Each answer depends on Redis, as a commit does.
  Reactions reactions = React([&](const Delivery& delivery, const ReactionDone& done) {
    client_->Send({"INCR", "commits"}, absl::Seconds(2),
                  [&, delivery, done](const absl::StatusOr<redis::Reply>& reply) {
                    if (reply.ok()) log.Add(NameOf(delivery));
                    done(reply.status());
                  });
  });
  ConsumerOptions options = QuickOptions("i");
  options.read_count = 8;
  const auto consumer = Start(std::move(reactions), options);
  const auto fanout =
      Fanout::Start(client_.get(), redis::Topology::Fixed(server_->endpoint()), source_);
  HandledLog watched;
  std::vector<std::unique_ptr<Fanout::Subscription>> subscriptions;
  subscriptions.reserve(kPartitions);
  for (int partition = 0; partition < kPartitions; ++partition) {
    subscriptions.push_back(fanout->Subscribe(
        partition, "0-0", [](const std::string&) {},
        [&](const std::string&, const fuju::event::v1::Event& event) {
          watched.Add(absl::StrCat(event.subject(), "@", event.aggregate_version()));
        },
        [](const absl::Status& status) { ADD_FAILURE() << status; }));
  }

  std::thread publisher([&] {
    for (int version = 1; version <= kVersions; ++version) {
      for (int subject = 0; subject < kSubjects; ++subject) PublishSurely(subject, version);
    }
  });
  size_t handled = 0;
  for (int kill = 0; kill < 4; ++kill) {
    handled += 60;
    log.AwaitSize(handled);
    server_->Kill();
    server_->Restart();
  }
  publisher.join();
  for (int subject = 0; subject < kSubjects; ++subject) {
    const std::string last = absl::StrCat("s", subject, "@", kVersions);
    ASSERT_TRUE(log.Await(last) && watched.Await(last));
  }
  Eventually("nothing is pending", [&] { return Pending(0) == 0 && Pending(1) == 0; });
  for (const HandledLog* seen : {&log, &watched}) {
    std::map<std::string, int> next;
    for (const std::string& line : seen->Lines()) {
      const std::string subject = line.substr(0, line.find('@'));
      const int version = std::stoi(line.substr(line.find('@') + 1));
      // Repeats may come, but nothing before what comes before it.
      EXPECT_LE(version, next[subject] + 1) << line;
      next[subject] = std::max(next[subject], version);
    }
    for (const auto& [subject, version] : next) EXPECT_EQ(version, kVersions) << subject;
  }
  EXPECT_EQ(Redis({"XLEN", keys_.DeadLetters(0)}).integer(), 0);
  EXPECT_EQ(Redis({"XLEN", keys_.DeadLetters(1)}).integer(), 0);
}

}  // namespace
}  // namespace fuju::chassis
