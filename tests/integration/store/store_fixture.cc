#include "integration/store/store_fixture.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace fuju::chassis {

test_support::RedisServer* StoreFixture::server_ = nullptr;

void StoreFixture::SetUpTestSuite() { server_ = new test_support::RedisServer; }

void StoreFixture::TearDownTestSuite() {
  delete server_;
  server_ = nullptr;
}

StoreFixture::StoreFixture()
    : keys_(::testing::UnitTest::GetInstance()->current_test_info()->name(), 16),
      client_(redis::PipelinedClient::Start([] {
        redis::PipelinedClientOptions options;
        options.endpoint = server_->endpoint();
        return options;
      }())),
      store_(NewStore({})),
      samples_(store_.get(), SampleKind()) {}

Command StoreFixture::Request(std::string request_id, std::string fingerprint) {
  Command command = Plain();
  command.request_scope = "Samples/Change";
  command.request_id = std::move(request_id);
  command.fingerprint = std::move(fingerprint);
  return command;
}

Command StoreFixture::Plain() {
  Command command;
  command.actor = "operator:test";
  return command;
}

std::unique_ptr<RawStore> StoreFixture::NewStore(RedisStoreOptions options) {
  // Slow disks must not fail a test.
  if (options.command_timeout == RedisStoreOptions().command_timeout) {
    options.command_timeout = absl::Seconds(30);
  }
  return MakeRedisStore(client_.get(), keys_, &clock_, options);
}

StoreFixture::Result StoreFixture::Update(const std::string& id, Command command,
                                          SampleStore::Decide decide) {
  Answer answer;
  samples_.Update(id, std::move(command), std::move(decide), answer.Callback());
  return answer.Wait();
}

absl::StatusOr<Versioned<SampleState>> StoreFixture::Get(const std::string& id) {
  test_support::Awaited<absl::StatusOr<Versioned<SampleState>>> answer;
  samples_.Get(id, absl::InfiniteFuture(), answer.Callback());
  return answer.Wait();
}

int64_t StoreFixture::Counter(const std::string& route, const std::string& name) {
  test_support::Awaited<absl::StatusOr<std::vector<int64_t>>> answer;
  store_->GetCounters(route, {name}, absl::InfiniteFuture(), answer.Callback());
  return answer.Wait().value().front();
}

absl::StatusOr<Page<SampleState>> StoreFixture::List(const std::vector<std::string>& indexes,
                                                     const std::string& route,
                                                     const std::string& cursor, int limit) {
  test_support::Awaited<absl::StatusOr<Page<SampleState>>> answer;
  samples_.List(indexes, route, cursor, limit, absl::InfiniteFuture(), answer.Callback());
  return answer.Wait();
}

int StoreFixture::PartitionOf(const std::string& id) const {
  return keys_.PartitionOf(SampleKind().route(id));
}

std::vector<fuju::event::v1::Event> StoreFixture::Events(const std::string& id) {
  std::vector<fuju::event::v1::Event> events;
  for (const redis::Reply& entry :
       Redis({"XRANGE", keys_.Events(PartitionOf(id)), "-", "+"}).items()) {
    EXPECT_EQ(entry[1][0].text(), "e");
    EXPECT_TRUE(events.emplace_back().ParseFromString(entry[1][1].text()));
  }
  return events;
}

std::string StoreFixture::Dump() {
  std::vector<std::string> lines;
  const redis::Reply found = Redis({"KEYS", absl::StrCat("fuju:", keys_.service(), ":{p*}:*")});
  for (const redis::Reply& key : found.items()) {
    lines.push_back(absl::StrCat(key.text(), "=", Redis({"DUMP", key.text()}).text()));
  }
  std::sort(lines.begin(), lines.end());
  return absl::StrJoin(lines, "\n");
}

}  // namespace fuju::chassis
