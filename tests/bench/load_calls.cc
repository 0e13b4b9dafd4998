// Loads on gRPC services: each prepares its requests, makes its calls, and prints what came of it.

#include <unistd.h>

#include <cstdio>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/strings/str_cat.h"
#include <grpcpp/impl/codegen/proto_utils.h>
#include <nlohmann/json.hpp>

#include "bench/call_load.h"
#include "bench/drafts.h"
#include "bench/measure.h"
#include "bench/roles.h"
#include "bench/stage.h"
#include "fuju/applications/v1/applications_service.pb.h"
#include "fuju/testing/v1/probe_service.pb.h"

ABSL_FLAG(std::string, target, "", "address of the service");
ABSL_FLAG(int32_t, server_pid, 0, "process whose processor time is told with the figures");
ABSL_FLAG(int32_t, redis_pid, 0, "the same of Redis");
ABSL_FLAG(int32_t, first, 0, "number of the first draft; no two loads of a Redis share one");
ABSL_FLAG(int32_t, count, 1000, "calls to measure");
ABSL_FLAG(int32_t, in_flight, 256, "calls at the same time");
ABSL_FLAG(double, per_second, 0,
          "calls started in a second, whatever becomes of them; 0: as many "
          "as --in_flight brings");
ABSL_FLAG(int32_t, patience_ms, 1000, "deadline of a call with --per_second");
ABSL_DECLARE_FLAG(std::string, data_dir);

namespace fuju::bench {
namespace {

namespace av1 = applications::v1;

constexpr char kActor[] = "mobile:bench";
constexpr char kService[] = "/fuju.applications.v1.ApplicationsService/";

// Unique in a Redis: numbers of drafts are.
std::string RequestId(const char* what, int number) {
  return absl::StrCat("bench-", what, "-", getpid(), "-", number);
}

template <typename Message>
Message Parsed(grpc::ByteBuffer& bytes) {
  Message message;
  if (!grpc::SerializationTraits<Message>::Deserialize(&bytes, &message).ok()) {
    Fail("an answer does not parse");
  }
  return message;
}

void RequireAllOk(const LoadResult& result, const char* what) {
  if (result.ok() == result.calls) return;
  std::string ends;
  for (const auto& [end, count] : result.ends) absl::StrAppend(&ends, " ", count, " ", end);
  Fail(absl::StrCat(what, " ended:", ends));
}

// The processor time of server, Redis and this client during a load.
class ProcessorTimes {
 public:
  void Tell(nlohmann::json& json, double calls) const {
    json["server_cpu_us"] =
        absl::ToDoubleMicroseconds(CpuTimeOf(absl::GetFlag(FLAGS_server_pid)) - server_) / calls;
    json["redis_cpu_us"] =
        absl::ToDoubleMicroseconds(CpuTimeOf(absl::GetFlag(FLAGS_redis_pid)) - redis_) / calls;
    json["client_cpu_us"] = absl::ToDoubleMicroseconds(CpuTimeOf(getpid()) - client_) / calls;
  }

 private:
  const absl::Duration server_ = CpuTimeOf(absl::GetFlag(FLAGS_server_pid));
  const absl::Duration redis_ = CpuTimeOf(absl::GetFlag(FLAGS_redis_pid));
  const absl::Duration client_ = CpuTimeOf(getpid());
};

LoadResult Measure(CallLoad& load, const std::vector<grpc::ByteBuffer>& requests) {
  const double per_second = absl::GetFlag(FLAGS_per_second);
  if (per_second > 0) {
    return load.RunOpen(requests, per_second, absl::Milliseconds(absl::GetFlag(FLAGS_patience_ms)));
  }
  return load.RunClosed(requests, absl::GetFlag(FLAGS_in_flight));
}

void Print(const LoadResult& result, const ProcessorTimes& times) {
  nlohmann::json json;
  json["qps"] = result.ok_per_second();
  json["seconds"] = result.seconds;
  json["p50_ms"] = Quantile(result.latencies_ms, 0.5);
  json["p99_ms"] = Quantile(result.latencies_ms, 0.99);
  json["ends"] = result.ends;
  times.Tell(json, static_cast<double>(result.calls));
  std::printf("%s\n", json.dump().c_str());
}

// Makes `count` drafts through the service; their names.
std::vector<std::string> MakeDrafts(int first, int count) {
  const DraftInventor inventor(absl::GetFlag(FLAGS_data_dir));
  std::vector<grpc::ByteBuffer> requests;
  for (int i = 0; i < count; ++i) {
    av1::CreateApplicationRequest create;
    *create.mutable_application() = inventor.Invent(first + i);
    create.set_request_id(RequestId("draft", first + i));
    requests.push_back(Serialized(create));
  }
  std::vector<std::string> names(requests.size());
  CallLoad load(absl::GetFlag(FLAGS_target), absl::StrCat(kService, "CreateApplication"), kActor);
  constexpr int kInFlight = 256;
  const LoadResult made =
      load.RunClosed(requests, kInFlight, [&names](size_t number, grpc::ByteBuffer& answer) {
        names[number] = Parsed<av1::Application>(answer).name();
      });
  RequireAllOk(made, "making drafts");
  return names;
}

}  // namespace

int LoadSubmits(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  const int first = absl::GetFlag(FLAGS_first);
  const std::vector<std::string> drafts = MakeDrafts(first, absl::GetFlag(FLAGS_count));
  std::vector<grpc::ByteBuffer> requests;
  for (size_t i = 0; i < drafts.size(); ++i) {
    av1::SubmitApplicationRequest submit;
    submit.set_name(drafts[i]);
    submit.set_request_id(RequestId("submit", first + static_cast<int>(i)));
    requests.push_back(Serialized(submit));
  }
  CallLoad load(absl::GetFlag(FLAGS_target), absl::StrCat(kService, "SubmitApplication"), kActor);
  const ProcessorTimes times;
  const LoadResult result = Measure(load, requests);
  if (absl::GetFlag(FLAGS_per_second) == 0) RequireAllOk(result, "submitting");
  Print(result, times);
  return 0;
}

int LoadEcho(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  testing::v1::GetProbeRequest get;
  get.set_name("probes/1");
  const std::vector<grpc::ByteBuffer> requests(absl::GetFlag(FLAGS_count), Serialized(get));
  CallLoad load(absl::GetFlag(FLAGS_target), "/fuju.testing.v1.ProbeService/GetProbe", kActor);
  const ProcessorTimes times;
  const LoadResult result = Measure(load, requests);
  RequireAllOk(result, "echoing");
  Print(result, times);
  return 0;
}

int LoadLists(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  const DraftInventor inventor(absl::GetFlag(FLAGS_data_dir));
  std::vector<grpc::ByteBuffer> requests;
  for (int i = 0; i < absl::GetFlag(FLAGS_count); ++i) {
    av1::ListApplicationsRequest list;
    list.set_county_code(inventor.counties()[i % inventor.counties().size()]);
    // Full for a thousand applications in 84 counties, too.
    list.set_page_size(10);
    requests.push_back(Serialized(list));
  }
  CallLoad load(absl::GetFlag(FLAGS_target), absl::StrCat(kService, "ListApplications"), kActor);
  const ProcessorTimes times;
  const LoadResult result = Measure(load, requests);
  RequireAllOk(result, "listing");
  Print(result, times);
  return 0;
}

}  // namespace fuju::bench
