#include "bench/call_load.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include "bench/measure.h"

namespace fuju::bench {
namespace {

// As several backends of apps would hold: with one, the server reads on one thread at a time.
constexpr int kChannels = 4;

std::string NameOf(const grpc::Status& status) {
  static const std::map<grpc::StatusCode, std::string> kNames = {
      {grpc::StatusCode::OK, "OK"},
      {grpc::StatusCode::RESOURCE_EXHAUSTED, "RESOURCE_EXHAUSTED"},
      {grpc::StatusCode::DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED"},
      {grpc::StatusCode::UNAVAILABLE, "UNAVAILABLE"},
      {grpc::StatusCode::ABORTED, "ABORTED"},
      {grpc::StatusCode::ALREADY_EXISTS, "ALREADY_EXISTS"},
      {grpc::StatusCode::INVALID_ARGUMENT, "INVALID_ARGUMENT"}};
  const auto known = kNames.find(status.error_code());
  std::string name =
      known != kNames.end() ? known->second : absl::StrCat("code ", status.error_code());
  if (absl::StrContains(status.error_details(), "google.rpc.RetryInfo")) name += ", RetryInfo";
  return name;
}

}  // namespace

int64_t LoadResult::ok() const {
  const auto found = ends.find("OK");
  return found == ends.end() ? 0 : found->second;
}

grpc::ByteBuffer Serialized(const google::protobuf::Message& message) {
  grpc::Slice slice(message.SerializeAsString());
  return grpc::ByteBuffer(&slice, 1);
}

struct CallLoad::Call {
  size_t number = 0;
  int64_t started_ns = 0;
  grpc::ClientContext context;
  std::unique_ptr<grpc::GenericClientAsyncResponseReader> reader;
  grpc::ByteBuffer answer;
  grpc::Status status;
};

CallLoad::CallLoad(const std::string& address, std::string method, std::string actor)
    : method_(std::move(method)), actor_(std::move(actor)) {
  for (int i = 0; i < kChannels; ++i) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
    const auto channel =
        grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
    channel->WaitForConnected(absl::ToChronoTime(absl::Now() + absl::Seconds(10)));
    stubs_.push_back(std::make_unique<grpc::GenericStub>(channel));
  }
}

void CallLoad::Start(const grpc::ByteBuffer& request, size_t number, absl::Duration patience) {
  // Owned by the queue from here on; End deletes it.
  auto* call = new Call;
  call->number = number;
  call->context.set_deadline(absl::ToChronoTime(absl::Now() + patience));
  call->context.AddMetadata("fuju-actor", actor_);
  call->started_ns = SteadyNs();
  call->reader =
      stubs_[number % stubs_.size()]->PrepareUnaryCall(&call->context, method_, request, &queue_);
  call->reader->StartCall();
  call->reader->Finish(&call->answer, &call->status, call);
}

void CallLoad::End(Call* call, LoadResult& result, const OnAnswer& on_answer) {
  const std::unique_ptr<Call> owned(call);
  ++result.calls;
  ++result.ends[NameOf(call->status)];
  if (!call->status.ok()) return;
  result.latencies_ms.push_back(static_cast<double>(SteadyNs() - call->started_ns) / 1e6);
  if (on_answer) on_answer(call->number, call->answer);
}

LoadResult CallLoad::RunClosed(const std::vector<grpc::ByteBuffer>& requests, int in_flight,
                               const OnAnswer& on_answer) {
  constexpr absl::Duration kPatience = absl::Seconds(10);
  LoadResult result;
  result.latencies_ms.reserve(requests.size());
  const int64_t started = SteadyNs();
  size_t next = 0;
  while (next < requests.size() && next < static_cast<size_t>(in_flight)) {
    Start(requests[next], next, kPatience);
    ++next;
  }
  void* tag = nullptr;
  bool ok = false;
  while (result.calls < static_cast<int64_t>(requests.size()) && queue_.Next(&tag, &ok)) {
    End(static_cast<Call*>(tag), result, on_answer);
    if (next == requests.size()) continue;
    Start(requests[next], next, kPatience);
    ++next;
  }
  result.seconds = static_cast<double>(SteadyNs() - started) / 1e9;
  return result;
}

LoadResult CallLoad::RunOpen(const std::vector<grpc::ByteBuffer>& requests, double per_second,
                             absl::Duration patience) {
  LoadResult result;
  result.latencies_ms.reserve(requests.size());
  const int64_t started = SteadyNs();
  const double ns_each = 1e9 / per_second;
  size_t next = 0;
  int64_t in_time = 0;
  void* tag = nullptr;
  bool ok = false;
  while (result.calls < static_cast<int64_t>(requests.size())) {
    const int64_t due = started + static_cast<int64_t>(static_cast<double>(next) * ns_each);
    const int64_t now = SteadyNs();
    if (next < requests.size() && now >= due) {
      Start(requests[next], next, patience);
      if (++next == requests.size()) {
        result.seconds = static_cast<double>(SteadyNs() - started) / 1e9;
        in_time = result.ok();
      }
    }
    // Behind its times it takes what has ended, too: else it would look as if nothing did.
    absl::Duration wait = absl::Seconds(60);
    if (next < requests.size()) wait = absl::Nanoseconds(std::max<int64_t>(due - now, 0));
    if (queue_.AsyncNext(&tag, &ok, absl::ToChronoTime(absl::Now() + wait)) ==
        grpc::CompletionQueue::GOT_EVENT) {
      End(static_cast<Call*>(tag), result, nullptr);
    }
  }
  result.ends["OK, after the last start"] = result.ok() - in_time;
  result.ends["OK"] = in_time;
  return result;
}

}  // namespace fuju::bench
