#include "chaos/witness.h"

#include <gtest/gtest.h>

#include "chaos/fault_plan.h"
#include "chassis/redis/blocking_connection.h"
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

Streams ReadAll(const chassis::redis::Endpoint& redis, const std::vector<std::string>& streams) {
  chassis::redis::BlockingConnection connection(redis);
  Streams all;
  for (const std::string& stream : streams) {
    const auto reply = connection.Call({"XRANGE", stream, "-", "+"}, absl::Seconds(10));
    EXPECT_TRUE(reply.ok() && reply->is_array()) << stream << ": " << reply.status();
    if (reply.ok() && reply->size() > 0) Append(*reply, all[stream]);
  }
  return all;
}

Witness::Witness(chassis::redis::Endpoint redis)
    : redis_(std::move(redis)), names_(EventStreams()), thread_([this] { Main(); }) {}

Witness::~Witness() {
  if (thread_.joinable()) Stop();
}

Streams Witness::Stop() {
  stopping_ = true;
  thread_.join();
  return std::move(seen_);
}

void Witness::Main() {
  constexpr absl::Duration kBlock = absl::Milliseconds(200);
  chassis::redis::BlockingConnection connection(redis_);
  while (!stopping_) {
    chassis::redis::Command read = {"XREAD", "COUNT", "1000", "BLOCK", "200", "STREAMS"};
    read.insert(read.end(), names_.begin(), names_.end());
    for (const std::string& name : names_) {
      const auto found = seen_.find(name);
      read.push_back(found == seen_.end() ? "0-0" : found->second.back().id);
    }
    const auto reply = connection.Call(read, kBlock);
    if (!reply.ok() || reply->is_error()) {
      LetPass(absl::Milliseconds(20));
      continue;
    }
    for (const chassis::redis::Reply& stream : reply->items()) {
      std::vector<Entry>& entries = seen_[stream[0].text()];
      const size_t known = entries.size();
      Append(stream[1], entries);
      Count(entries, known);
    }
  }
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
