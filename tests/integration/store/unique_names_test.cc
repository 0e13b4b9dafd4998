#include "chassis/store/unique_names.h"

#include <memory>

#include "gtest/gtest.h"

#include "chassis/redis/pipelined_client.h"
#include "chassis/values/refusal.h"
#include "support/awaited.h"
#include "support/redis_server.h"

namespace fuju::chassis {
namespace {

class UniqueNamesTest : public ::testing::Test {
 protected:
  using Standing = UniqueNames::Standing;
  using Done = std::function<void(absl::Status)>;

  // `patience` of the names, and what is answered about every holder.
  UniqueNames Names(absl::Duration patience, absl::StatusOr<Standing> standing) {
    return UniqueNames(client_.get(), keys_, patience,
                       [this, standing](const std::string& name, const std::string& holder,
                                        std::function<void(absl::StatusOr<Standing>)> answer) {
                         asked_.push_back(name + " of " + holder);
                         answer(standing);
                       });
  }
  absl::Status Claim(UniqueNames names, const std::string& holder) {
    test_support::Awaited<absl::Status> answer;
    names.Claim("n", holder, answer.Callback());
    return answer.Wait();
  }
  absl::Status Release(UniqueNames names, const std::string& holder) {
    test_support::Awaited<absl::Status> answer;
    names.Release("n", holder, answer.Callback());
    return answer.Wait();
  }
  std::string Holder() {
    const std::string value = server_.Call({"HGET", record_.key, record_.field}).text();
    return value.substr(0, value.find('|'));
  }

  test_support::RedisServer server_;
  const Keys keys_{"names", 16};
  const Keys::NameRecord record_ = keys_.RecordOfName(keys_.PartitionOf("n"), "n");
  std::vector<std::string> asked_;
  std::unique_ptr<redis::PipelinedClient> client_ =
      redis::PipelinedClient::Start({.endpoint = server_.endpoint()});
};

TEST_F(UniqueNamesTest, OneHolderAtATime) {
  const UniqueNames names = Names(absl::ZeroDuration(), Standing::kHolds);
  EXPECT_TRUE(Claim(names, "orders/a|1").ok());
  EXPECT_TRUE(Claim(names, "orders/a|1").ok());
  EXPECT_TRUE(asked_.empty());
  const absl::Status held = Claim(names, "orders/b");
  EXPECT_EQ(held.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(ReasonOf(held), "CLAIM_HELD");
  EXPECT_EQ(MetadataOf(held, "claim"), "n");
  EXPECT_EQ(MetadataOf(held, "holder"), "orders/a|1");
  EXPECT_EQ(asked_, std::vector<std::string>{"n of orders/a|1"});
}

TEST_F(UniqueNamesTest, AHolderThatIsGoneLosesTheName) {
  const UniqueNames names = Names(absl::Hours(1), Standing::kGone);
  ASSERT_TRUE(Claim(names, "a").ok());
  EXPECT_TRUE(Claim(names, "b").ok());
  EXPECT_EQ(Holder(), "b");
}

TEST_F(UniqueNamesTest, APendingHolderHasItsTime) {
  ASSERT_TRUE(Claim(Names(absl::Hours(1), Standing::kPending), "a").ok());
  EXPECT_EQ(ReasonOf(Claim(Names(absl::Hours(1), Standing::kPending), "b")), "CLAIM_HELD");
  EXPECT_EQ(Holder(), "a");
  EXPECT_TRUE(Claim(Names(absl::ZeroDuration(), Standing::kPending), "b").ok());
  EXPECT_EQ(Holder(), "b");
}

// The holder that was asked about is not the one that the name would be taken from.
TEST_F(UniqueNamesTest, ANameThatWasTakenMeanwhileIsAskedForAgain) {
  ASSERT_TRUE(Claim(Names(absl::Hours(1), Standing::kHolds), "a").ok());
  int times = 0;
  UniqueNames names(
      client_.get(), keys_, absl::Hours(1),
      [&](const std::string&, const std::string& holder,
          std::function<void(absl::StatusOr<Standing>)> answer) {
        ++times;
        if (holder == "c") return answer(Standing::kHolds);
        client_->Send({"HSET", record_.key, record_.field, "c|1"}, absl::Seconds(5),
                      [answer](const absl::StatusOr<redis::Reply>&) { answer(Standing::kGone); });
      });
  EXPECT_EQ(MetadataOf(Claim(names, "b"), "holder"), "c");
  EXPECT_EQ(times, 2);
  EXPECT_EQ(Holder(), "c");
}

TEST_F(UniqueNamesTest, AStandingThatCanNotBeReadIsTheAnswer) {
  ASSERT_TRUE(Claim(Names(absl::Hours(1), Standing::kHolds), "a").ok());
  EXPECT_EQ(Claim(Names(absl::Hours(1), absl::UnavailableError("away")), "b"),
            absl::UnavailableError("away"));
}

TEST_F(UniqueNamesTest, OnlyTheHolderReleases) {
  const UniqueNames names = Names(absl::Hours(1), Standing::kHolds);
  ASSERT_TRUE(Claim(names, "a").ok());
  EXPECT_TRUE(Release(names, "b").ok());
  EXPECT_EQ(Claim(names, "b").code(), absl::StatusCode::kAlreadyExists);
  EXPECT_TRUE(Release(names, "a").ok());
  EXPECT_TRUE(Release(names, "a").ok());
  EXPECT_TRUE(Claim(names, "b").ok());
}

TEST_F(UniqueNamesTest, WhileRedisIsAwayTheAnswerIsUnavailable) {
  const UniqueNames names = Names(absl::Hours(1), Standing::kHolds);
  server_.Kill();
  EXPECT_EQ(Claim(names, "a").code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace fuju::chassis
