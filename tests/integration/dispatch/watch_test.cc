// A vendor's stream of offers: cut wherever, resumed without a gap.

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include "chassis/rpc/status.h"
#include "chassis/values/refusal.h"
#include "fuju/dispatch/v1/dispatch_events.pb.h"
#include "integration/dispatch/dispatch_instance.h"
#include "integration/dispatch/other_services.h"
#include "support/fact_log.h"

namespace fuju::dispatch {
namespace {

using testing::ApplicationId;
using testing::kPartitions;
using testing::kVendorA;
using testing::kVendorB;

// One connection of a vendor's client.
class WatchCall {
 public:
  WatchCall(v1::DispatchService::Stub& stub, const std::string& uscc, const std::string& token) {
    v1::WatchOffersRequest request;
    request.set_parent(absl::StrCat("vendors/", uscc));
    request.set_resume_token(token);
    context_.AddMetadata("fuju-actor", absl::StrCat("vendor:", uscc));
    context_.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(40)));
    reader_ = stub.WatchOffers(&context_, request);
  }
  ~WatchCall() { Cut(); }

  // The next message, heartbeats included; nullopt at the end.
  std::optional<v1::WatchOffersResponse> Next() {
    v1::WatchOffersResponse message;
    if (!reader_->Read(&message)) return std::nullopt;
    return message;
  }
  // How the server ended it.
  absl::Status End() {
    while (Next().has_value()) {
    }
    ended_ = true;
    return chassis::FromGrpcStatus(reader_->Finish());
  }
  void Cut() {
    if (std::exchange(ended_, true)) return;
    context_.TryCancel();
    while (Next().has_value()) {
    }
    reader_->Finish();
  }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<v1::WatchOffersResponse>> reader_;
  bool ended_ = false;
};

// An offer in one of its states.
std::string Change(const v1::Offer& offer) { return absl::StrCat(offer.name(), " ", offer.etag()); }

class WatchTest : public ::testing::Test {
 protected:
  void SetUp() override {
    dispatch_.Register(kVendorA, 1000);
    dispatch_.AwaitDirectory(1);
  }
  void OpenOffers(int first, int last) {
    for (int i = first; i <= last; ++i) others_.Approve(ApplicationId(i));
    log_.Await<v1::OfferOpened>(static_cast<size_t>(last));
  }
  // Every change of an offer that was published, as Change would write it.
  std::set<std::string> Published() {
    std::set<std::string> changes;
    for (const event::v1::Event& event : log_.All()) {
      if (event.subject().find("/offers/") == std::string::npos) continue;
      changes.insert(
          absl::StrCat(event.subject(), " ", chassis::EtagOf(event.aggregate_version())));
    }
    return changes;
  }

  test_support::RedisServer redis_;
  test_support::FakeClock clock_;
  testing::DispatchInstance dispatch_{redis_, &clock_};
  test_support::FactLog log_{dispatch_.fanout(), kPartitions};
  testing::OtherServices others_{&redis_, kPartitions};
};

TEST_F(WatchTest, StartsWithTheOpenOffersThenTellsEveryChange) {
  OpenOffers(1, 3);
  const std::string declined = log_.Await<v1::OfferOpened>(3).at(0).offer().name();
  ASSERT_TRUE(dispatch_.Decline(declined).ok());
  WatchCall watch(dispatch_.stub(), kVendorA, "");
  std::set<std::string> open;
  for (int i = 0; i < 2; ++i) {
    const auto message = watch.Next();
    ASSERT_TRUE(message.has_value() && message->has_offer());
    EXPECT_EQ(message->offer().state(), v1::OFFER_STATE_OPEN);
    EXPECT_EQ(message->offer().etag(), dispatch_.OfferNamed(message->offer().name()).etag());
    open.insert(message->offer().name());
  }
  EXPECT_EQ(open.size(), 2u);
  EXPECT_EQ(open.count(declined), 0u);
  const auto end_of_open = watch.Next();
  ASSERT_TRUE(end_of_open.has_value());
  EXPECT_FALSE(end_of_open->has_offer());
  EXPECT_NE(end_of_open->resume_token(), "");

  const auto accepted = dispatch_.Accept(*open.begin());
  ASSERT_TRUE(accepted.ok());
  std::optional<v1::WatchOffersResponse> change;
  do {
    change = watch.Next();
  } while (change.has_value() && !change->has_offer());
  ASSERT_TRUE(change.has_value());
  EXPECT_EQ(change->offer().SerializeAsString(), accepted->SerializeAsString());
}

TEST_F(WatchTest, CutAgainAndAgainWhileOffersKeepComing) {
  OpenOffers(1, 5);
  std::set<std::string> seen;
  std::string token;
  bool start_is_over = false;
  int repeats = 0;
  int cuts = 0;
  const auto connect_once = [&] {
    WatchCall watch(dispatch_.stub(), kVendorA, token);
    for (int i = 0; i < 1 + cuts % 4; ++i) {
      const auto message = watch.Next();
      ASSERT_TRUE(message.has_value());
      token = message->resume_token();
      if (!message->has_offer()) {
        start_is_over = true;
        continue;
      }
      const bool is_new = seen.insert(Change(message->offer())).second;
      if (start_is_over && !is_new) ++repeats;
    }
    ++cuts;
  };
  // What was opened and answered before the first look is not in it.
  connect_once();
  constexpr int kOffers = 60;
  std::thread world([this] {
    for (int i = 6; i <= kOffers; ++i) {
      others_.Approve(ApplicationId(i));
      const v1::Offer offer = log_.Await<v1::OfferOpened>(static_cast<size_t>(i))
                                  .at(static_cast<size_t>(i) - 1)
                                  .offer();
      const bool answered = i % 3 == 0   ? dispatch_.Accept(offer.name()).ok()
                            : i % 3 == 1 ? dispatch_.Decline(offer.name()).ok()
                                         : true;
      EXPECT_TRUE(answered);
    }
  });
  while (log_.Count<v1::OfferOpened>() < kOffers) connect_once();
  world.join();
  std::set<std::string> missing = Published();
  const absl::Time deadline = absl::Now() + absl::Seconds(30);
  while (!missing.empty() && absl::Now() < deadline) {
    connect_once();
    for (const std::string& change : seen) missing.erase(change);
  }
  EXPECT_TRUE(missing.empty()) << missing.size() << " changes are missing";
  EXPECT_GT(cuts, 10);
  // Only what was opened while the first part was being sent may come twice.
  EXPECT_LE(repeats, 1);
}

TEST_F(WatchTest, CutInTheFirstPartGoesOnInIt) {
  constexpr int kOffers = 30;
  OpenOffers(1, kOffers);
  std::set<std::string> seen;
  std::string token;
  bool over = false;
  for (int cut = 0; !over && cut < kOffers; ++cut) {
    // What is answered while the client is away is no longer open, but it is a change.
    if (cut == 3) {
      const auto opened = log_.Await<v1::OfferOpened>(kOffers);
      ASSERT_TRUE(dispatch_.Decline(opened.back().offer().name()).ok());
      ASSERT_TRUE(dispatch_.Accept(opened.front().offer().name()).ok());
    }
    WatchCall watch(dispatch_.stub(), kVendorA, token);
    for (int i = 0; i < 4 && !over; ++i) {
      const auto message = watch.Next();
      ASSERT_TRUE(message.has_value());
      token = message->resume_token();
      over = !message->has_offer();
      if (!over) seen.insert(message->offer().name());
    }
  }
  EXPECT_TRUE(over);
  WatchCall watch(dispatch_.stub(), kVendorA, token);
  int answered = 0;
  while (answered < 2) {
    const auto message = watch.Next();
    ASSERT_TRUE(message.has_value());
    if (!message->has_offer()) continue;
    answered += message->offer().state() != v1::OFFER_STATE_OPEN ? 1 : 0;
    seen.insert(message->offer().name());
  }
  EXPECT_EQ(seen.size(), static_cast<size_t>(kOffers));
}

TEST_F(WatchTest, HeartbeatsCarryATokenAlsoWhenTheVendorHasNothing) {
  WatchCall watch(dispatch_.stub(), kVendorA, "");
  std::string token;
  for (int i = 0; i < 3; ++i) {
    const auto heartbeat = watch.Next();
    ASSERT_TRUE(heartbeat.has_value());
    EXPECT_FALSE(heartbeat->has_offer());
    EXPECT_NE(heartbeat->resume_token(), "");
    token = heartbeat->resume_token();
  }
  watch.Cut();
  OpenOffers(1, 1);
  WatchCall resumed(dispatch_.stub(), kVendorA, token);
  auto message = resumed.Next();
  while (message.has_value() && !message->has_offer()) message = resumed.Next();
  ASSERT_TRUE(message.has_value());
  EXPECT_EQ(message->offer().state(), v1::OFFER_STATE_OPEN);
}

TEST_F(WatchTest, EndsForAnUnknownVendorAndForTokensOfOthers) {
  const absl::Status unknown = WatchCall(dispatch_.stub(), kVendorB, "").End();
  EXPECT_EQ(unknown.code(), absl::StatusCode::kNotFound) << unknown;
  dispatch_.Register(kVendorB);
  WatchCall watch(dispatch_.stub(), kVendorB, "");
  const std::string token = watch.Next()->resume_token();
  for (const std::string& bad : {token, std::string("no token")}) {
    const absl::Status status = WatchCall(dispatch_.stub(), kVendorA, bad).End();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(chassis::ReasonOf(status), "RESUME_TOKEN_INVALID");
  }
}

TEST_F(WatchTest, TokenOlderThanTheStreamIsOutOfRange) {
  WatchCall watch(dispatch_.stub(), kVendorA, "");
  const std::string token = watch.Next()->resume_token();
  watch.Cut();
  OpenOffers(1, 3);
  const chassis::Keys keys("dispatch", kPartitions);
  redis_.Call({"XTRIM", keys.Events(keys.PartitionOf(kVendorA)), "MAXLEN", "1"});
  const absl::Status status = WatchCall(dispatch_.stub(), kVendorA, token).End();
  EXPECT_EQ(status.code(), absl::StatusCode::kOutOfRange) << status;
  EXPECT_EQ(chassis::ReasonOf(status), "RESUME_TOKEN_EXPIRED");
}

}  // namespace
}  // namespace fuju::dispatch
