#include "integration/dispatch/dispatch_instance.h"

#include <fstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include <gtest/gtest.h>

#include "dispatch/vendor.h"
#include "edge_formats/vocabulary_formats.h"
#include "support/awaited.h"

namespace fuju::dispatch::testing {
DispatchInstance::DispatchInstance(const test_support::RedisServer& redis,
                                   const chassis::Clock* clock,
                                   DispatchReactions::DirectorySource directory)
    : registry_(std::make_shared<prometheus::Registry>()),
      client_(chassis::redis::PipelinedClient::Start({.endpoint = redis.endpoint()})),
      keys_("dispatch", kPartitions),
      store_(chassis::MakeRedisStore(client_.get(), keys_, clock, {})),
      fanout_(chassis::Fanout::Start(client_.get(),
                                     chassis::redis::Topology::Fixed(redis.endpoint()), keys_)),
      regions_(*vocabulary::RegionTable::Parse(test_support::GansuFile("divisions.csv"),
                                               test_support::GansuFile("organisations_extra.csv"))),
      metrics_(*registry_),
      stores_(store_.get(), &metrics_),
      vendors_(&stores_, fanout_.get(), &metrics_),
      reactions_(
          &stores_,
          directory != nullptr ? std::move(directory) : [this] { return vendors_.Vendors(); },
          {.offer_limit = kOfferLimit, .manual_limit = kManualLimit, .max_candidates = 5}) {
  chassis::FormatRegistry formats;
  edge_formats::RegisterVocabularyFormats(formats, regions_, *clock);
  gate_ = std::make_unique<chassis::CallGate>(std::move(formats), registry_,
                                              chassis::CallLimits{.longest = absl::Seconds(30)});
  service_ = std::make_unique<DispatchService>(gate_.get(), &stores_, fanout_.get(),
                                               absl::Milliseconds(200));
  server_ = *chassis::Server::Start({.listen = "127.0.0.1:0"}, {service_.get()});
  const absl::Status loaded = vendors_.Load(absl::Now() + absl::Seconds(20));
  EXPECT_TRUE(loaded.ok()) << loaded;
  chassis::ConsumerOptions options;
  options.instance = "a";
  options.read_block = absl::Milliseconds(50);
  options.retry_max = absl::Milliseconds(200);
  options.timer_poll = absl::Milliseconds(20);
  options.max_attempts = 3;
  consumer_ = chassis::Consumer::Start(
      client_.get(), chassis::redis::Topology::Fixed(redis.endpoint()), keys_, clock,
      reactions_.Facts(), reactions_.Timers(), options, registry_.get());
  server_->SetServing(true);
  address_ = absl::StrCat("127.0.0.1:", server_->port());
  stub_ = v1::DispatchService::NewStub(
      grpc::CreateChannel(address_, grpc::InsecureChannelCredentials()));
}

DispatchInstance::~DispatchInstance() {
  consumer_->Stop(absl::Seconds(5));
  gate_->Drain();
  server_->Drain(absl::Seconds(5));
  vendors_.Stop();
  fanout_->Stop();
}

v1::Vendor DispatchInstance::Register(const std::string& uscc, int capacity,
                                      const std::string& seat) {
  v1::RegisterVendorRequest request;
  request.set_request_id(NewRequestId());
  v1::Vendor& vendor = *request.mutable_vendor();
  vendor.set_uscc(uscc);
  vendor.set_name_zh("演示服务商");
  vendor.set_county_code(seat);
  vendor.add_service_counties("620102");
  vendor.add_service_counties("620103");
  vendor.add_device_classes("12");
  vendor.set_capacity(capacity);
  const auto registered = Call(&Stub::RegisterVendor, request);
  EXPECT_TRUE(registered.ok()) << registered.status();
  return registered.value_or(v1::Vendor());
}

absl::StatusOr<v1::Offer> DispatchInstance::Accept(const std::string& offer) {
  v1::AcceptOfferRequest request;
  request.set_name(offer);
  request.set_request_id(NewRequestId());
  return Call(&Stub::AcceptOffer, request);
}

absl::StatusOr<v1::Offer> DispatchInstance::Decline(const std::string& offer) {
  v1::DeclineOfferRequest request;
  request.set_name(offer);
  request.set_reason("人手不足");
  request.set_request_id(NewRequestId());
  return Call(&Stub::DeclineOffer, request);
}

v1::Round DispatchInstance::RoundOf(const std::string& application_id) const {
  v1::GetRoundRequest request;
  request.set_name(absl::StrCat("rounds/", application_id));
  const auto round = Call(&Stub::GetRound, request);
  EXPECT_TRUE(round.ok()) << round.status();
  return round.value_or(v1::Round());
}

v1::Offer DispatchInstance::OfferNamed(const std::string& name) const {
  v1::GetOfferRequest request;
  request.set_name(name);
  const auto offer = Call(&Stub::GetOffer, request);
  EXPECT_TRUE(offer.ok()) << offer.status();
  return offer.value_or(v1::Offer());
}

int64_t DispatchInstance::FreeCapacity(const std::string& uscc) const {
  test_support::Awaited<absl::StatusOr<std::vector<int64_t>>> counters;
  store_->GetCounters(uscc, {CapacityCounter(uscc)}, absl::Now() + absl::Seconds(10),
                      counters.Callback());
  const auto answer = counters.Wait();
  EXPECT_TRUE(answer.ok()) << answer.status();
  return answer.ok() ? answer->front() : -1;
}

void DispatchInstance::AwaitDirectory(size_t vendors) {
  Eventually("the directory has the vendors", [this, vendors] {
    const auto directory = vendors_.Vendors();
    return directory.ok() && (*directory)->size() == vendors;
  });
}

std::string ApplicationId(int number, const std::string& county) {
  return absl::StrFormat("%s-01HZX3M9Q2V7N8K4T6R5W%05d", county, number);
}

}  // namespace fuju::dispatch::testing
