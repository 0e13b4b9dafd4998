#include "chaos/witness.h"

#include <gtest/gtest.h>

#include "chaos/fault_plan.h"
#include "chassis/store/keys.h"
#include "support/cluster.h"

namespace fuju::chaos {
namespace {

// Adds what an XREAD or XRANGE answered.
void Append(const chassis::redis::Reply& entries, std::vector<Entry>& to) {
  for (const chassis::redis::Reply& entry : entries.items()) {
    to.push_back({.id = entry[0].text(), .bytes = entry[1][1].text()});
  }
}

}  // namespace

std::vector<std::string> EventStreams() {
  std::vector<std::string> streams;
  for (const std::string& service : test_support::ServiceNames()) {
    const chassis::Keys keys(service, kPartitions);
    for (int i = 0; i < kPartitions; ++i) streams.push_back(keys.Events(i));
  }
  return streams;
}

Streams ReadAll(chassis::redis::Client& redis, const std::vector<std::string>& streams) {
  Streams all;
  for (const std::string& stream : streams) {
    const auto reply = redis.Call({"XRANGE", stream, "-", "+"}, absl::Seconds(10));
    EXPECT_TRUE(reply.ok() && reply->is_array()) << stream << ": " << reply.status();
    if (reply.ok() && reply->size() > 0) Append(*reply, all[stream]);
  }
  return all;
}

Witness::Witness(const chassis::redis::Deployment& redis)
    : redis_(chassis::redis::PipelinedClient::Start(
          {.topology = chassis::redis::Topology::Follow(redis)})),
      thread_([this] { Main(); }) {}

Witness::~Witness() {
  if (thread_.joinable()) Stop();
}

Streams Witness::Stop() {
  stopping_ = true;
  thread_.join();
  return std::move(seen_);
}

void Witness::Main() {
  while (!stopping_) {
    bool any = false;
    for (int i = 0; i < kPartitions; ++i) any |= ReadPartition(i);
    if (!any) LetPass(absl::Milliseconds(20));
  }
}

// The streams of a partition are on one node, whatever the deployment.
bool Witness::ReadPartition(int partition) {
  chassis::redis::Command read = {"XREAD", "COUNT", "1000", "STREAMS"};
  std::vector<std::string> names;
  for (const std::string& service : test_support::ServiceNames()) {
    names.push_back(chassis::Keys(service, kPartitions).Events(partition));
  }
  read.insert(read.end(), names.begin(), names.end());
  for (const std::string& name : names) {
    const auto found = seen_.find(name);
    read.push_back(found == seen_.end() ? "0-0" : found->second.back().id);
  }
  const auto reply = redis_->Call(std::move(read), absl::Seconds(1));
  if (!reply.ok() || !reply->is_array()) return false;
  for (const chassis::redis::Reply& stream : reply->items()) {
    std::vector<Entry>& entries = seen_[stream[0].text()];
    const size_t known = entries.size();
    Append(stream[1], entries);
    Count(entries, known);
  }
  return true;
}

void Witness::Count(const std::vector<Entry>& entries, size_t from) {
  const absl::MutexLock lock(&mutex_);
  for (size_t i = from; i < entries.size(); ++i) {
    event::v1::Event event;
    if (event.ParseFromString(entries[i].bytes) && !event.causation_id().empty()) {
      ++reactions_[event.source()];
    }
  }
}

int64_t Witness::reactions(const std::string& service) const {
  const absl::MutexLock lock(&mutex_);
  const auto found = reactions_.find(service);
  return found == reactions_.end() ? 0 : found->second;
}

}  // namespace fuju::chaos
