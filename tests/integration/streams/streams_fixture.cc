#include "integration/streams/streams_fixture.h"

#include <algorithm>
#include <atomic>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"

#include "chassis/streams/handed_entries.h"
#include "fuju/event/v1/event.pb.h"

namespace fuju::chassis {
namespace {

std::string UniqueName(const std::string& what) {
  static std::atomic<int> next{0};
  return absl::StrCat(what, next++);
}

}  // namespace

test_support::RedisServer* StreamsFixture::server_ = nullptr;

void StreamsFixture::SetUpTestSuite() { server_ = new test_support::RedisServer(); }

void StreamsFixture::TearDownTestSuite() {
  delete server_;
  server_ = nullptr;
}

StreamsFixture::StreamsFixture()
    : source_(UniqueName("source"), kPartitions),
      keys_(UniqueName("service"), kPartitions),
      client_(redis::PipelinedClient::Start({.endpoint = server_->endpoint()})) {}

std::string StreamsFixture::Publish(int partition, const std::string& subject, int64_t version) {
  fuju::event::v1::Event event;
  event.set_id(absl::StrCat(subject, "@", version));
  event.set_type(kType);
  event.set_source(source_.service());
  event.set_subject(subject);
  event.set_partition(partition);
  event.set_aggregate_version(version);
  return Redis({"XADD", source_.Events(partition), "*", "e", event.SerializeAsString()}).text();
}

ConsumerOptions StreamsFixture::QuickOptions(const std::string& instance) {
  ConsumerOptions options;
  options.instance = instance;
  options.lease_ttl = absl::Seconds(1);
  options.read_block = absl::Milliseconds(100);
  options.max_attempts = 3;
  options.retry_min = absl::Milliseconds(2);
  options.retry_max = absl::Milliseconds(20);
  options.timer_poll = absl::Milliseconds(10);
  options.trim_every = absl::Milliseconds(50);
  return options;
}

Reactions StreamsFixture::React(Reactions::Handler handler) const {
  Reactions reactions;
  reactions.Add(source_.service(), kType, std::move(handler));
  return reactions;
}

Reactions StreamsFixture::Log(HandledLog& log) const {
  return React([&log](const Delivery& delivery, const ReactionDone& done) {
    log.Add(NameOf(delivery));
    done(absl::OkStatus());
  });
}

std::unique_ptr<Consumer> StreamsFixture::Start(Reactions reactions, ConsumerOptions options,
                                                TimerHandlers timers, redis::Client* client) {
  return Consumer::Start(
      client == nullptr ? client_.get() : client, redis::Topology::Fixed(server_->endpoint()),
      keys_, &clock_, std::move(reactions), std::move(timers), std::move(options), registry_.get());
}

double StreamsFixture::Metric(const std::string& name,
                              const std::map<std::string, std::string>& labels) {
  for (const prometheus::MetricFamily& family : registry_->Collect()) {
    if (family.name != name) continue;
    for (const prometheus::ClientMetric& metric : family.metric) {
      std::map<std::string, std::string> found;
      for (const auto& label : metric.label) found[label.name] = label.value;
      if (found != labels) continue;
      switch (family.type) {
        case prometheus::MetricType::Counter:
          return metric.counter.value;
        case prometheus::MetricType::Gauge:
          return metric.gauge.value;
        default:
          return static_cast<double>(metric.histogram.sample_count);
      }
    }
  }
  return 0;
}

int64_t StreamsFixture::Pending(int partition) const {
  const std::string position = Position(partition);
  const std::optional<HandedEntries> told = HandedEntries::Parse(Handed(partition));
  const redis::Reply entries = Redis({"XRANGE", source_.Events(partition),
                                      absl::StrCat("(", position.empty() ? "0-0" : position), "+"});
  FormerHolding known(told, EntryId(), 0, /*innocent=*/true);
  return std::count_if(entries.items().begin(), entries.items().end(),
                       [&](const redis::Reply& entry) {
                         const auto id = EntryId::Parse(entry[0].text());
                         return known.Judge(*id) != FormerHolding::Standing::kDone;
                       });
}

std::string StreamsFixture::Handed(int partition) const {
  return Redis({"HGET", keys_.Handed(partition), source_.service()}).text();
}

std::string StreamsFixture::Position(int partition) const {
  return Redis({"HGET", source_.Positions(partition), keys_.service()}).text();
}

void StreamsFixture::Eventually(const std::string& what, const std::function<bool()>& holds) {
  const absl::Time deadline = absl::Now() + absl::Seconds(40);
  // Nobody notifies it: a pause between two looks.
  absl::Notification never;
  while (!holds()) {
    if (absl::Now() > deadline) {
      ADD_FAILURE() << "it did not come to this: " << what;
      return;
    }
    never.WaitForNotificationWithTimeout(absl::Milliseconds(5));
  }
}

std::string NameOf(const Delivery& delivery) {
  return absl::StrCat(delivery.event->subject(), "@", delivery.event->aggregate_version());
}

}  // namespace fuju::chassis
