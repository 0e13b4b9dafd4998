#include "chassis/rpc/server.h"

#include <algorithm>
#include <future>
#include <thread>

#include "absl/synchronization/notification.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.pb.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "grpc/reflection/v1/reflection.grpc.pb.h"
#include <grpcpp/generic/generic_stub.h>

#include "chassis/rpc/reflection_v1.h"
#include "chassis/rpc/status.h"
#include "chassis/values/refusal.h"
#include "running_server.h"

namespace fuju::chassis {
namespace {

using fuju::testing::v1::GetProbeRequest;
using fuju::testing::v1::Probe;
using grpc::health::v1::HealthCheckResponse;
using grpc::reflection::v1::ServerReflectionRequest;
using grpc::reflection::v1::ServerReflectionResponse;
using test_support::RunningServer;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;

constexpr char kProbeService[] = "fuju.testing.v1.ProbeService";

absl::StatusOr<HealthCheckResponse::ServingStatus> Health(const RunningServer& running,
                                                          const std::string& service) {
  const auto stub = grpc::health::v1::Health::NewStub(running.channel);
  grpc::ClientContext context;
  grpc::health::v1::HealthCheckRequest request;
  request.set_service(service);
  HealthCheckResponse response;
  const grpc::Status status = stub->Check(&context, request, &response);
  if (!status.ok()) return FromGrpcStatus(status);
  return response.status();
}

TEST(ServerTest, AnswersHealthForTheServerAndEachService) {
  RunningServer running;
  for (const std::string service : {"", kProbeService}) {
    EXPECT_EQ(*Health(running, service), HealthCheckResponse::SERVING) << service;
    running.server->SetServing(false);
    EXPECT_EQ(*Health(running, service), HealthCheckResponse::NOT_SERVING) << service;
    running.server->SetServing(true);
  }
  EXPECT_EQ(Health(running, "fuju.unknown").status().code(), absl::StatusCode::kNotFound);
}

TEST(ServerTest, StartsNotServing) {
  const auto registry = std::make_shared<prometheus::Registry>();
  CallGate gate(FormatRegistry(), registry, {});
  test_support::ProbeService service(&gate);
  auto server = Server::Start({.listen = "127.0.0.1:0"}, {&service});
  ASSERT_TRUE(server.ok()) << server.status();
  const auto channel = grpc::CreateChannel(absl::StrCat("127.0.0.1:", (*server)->port()),
                                           grpc::InsecureChannelCredentials());
  const auto stub = grpc::health::v1::Health::NewStub(channel);
  grpc::ClientContext context;
  HealthCheckResponse response;
  ASSERT_TRUE(stub->Check(&context, {}, &response).ok());
  EXPECT_EQ(response.status(), HealthCheckResponse::NOT_SERVING);
}

// Asks over the wire; `method` tells the version, whose messages have the same bytes.
ServerReflectionResponse Reflect(const RunningServer& running, const std::string& method,
                                 const ServerReflectionRequest& request) {
  grpc::GenericStub stub(running.channel);
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  auto stream = stub.PrepareCall(&context, method, &queue);
  void* tag = nullptr;
  bool ok = false;
  const auto wait = [&] { EXPECT_TRUE(queue.Next(&tag, &ok)); };
  stream->StartCall(nullptr);
  wait();
  const std::string bytes = request.SerializeAsString();
  grpc::Slice slice(bytes);
  stream->Write(grpc::ByteBuffer(&slice, 1), nullptr);
  wait();
  grpc::ByteBuffer answer;
  stream->Read(&answer, nullptr);
  wait();
  ServerReflectionResponse response;
  std::vector<grpc::Slice> slices;
  if (ok && answer.Dump(&slices).ok()) {
    std::string text;
    for (const auto& part : slices)
      text.append(reinterpret_cast<const char*>(part.begin()), part.size());
    EXPECT_TRUE(response.ParseFromString(text));
  }
  stream->WritesDone(nullptr);
  wait();
  grpc::Status status;
  stream->Finish(&status, nullptr);
  wait();
  EXPECT_TRUE(status.ok()) << method << ": " << status.error_message();
  return response;
}

class ReflectionTest : public ::testing::TestWithParam<std::string> {};

TEST_P(ReflectionTest, ListsServicesAndTheirFiles) {
  RunningServer running;
  const std::string method =
      "/grpc.reflection." + GetParam() + ".ServerReflection/ServerReflectionInfo";
  ServerReflectionRequest request;
  request.set_list_services("*");
  std::vector<std::string> names;
  const ServerReflectionResponse list = Reflect(running, method, request);
  for (const auto& service : list.list_services_response().service()) {
    names.push_back(service.name());
  }
  EXPECT_THAT(names, IsSupersetOf({std::string(kProbeService),
                                   std::string("grpc.reflection.v1.ServerReflection"),
                                   std::string("grpc.reflection.v1alpha.ServerReflection")}));

  request.set_file_containing_symbol(kProbeService);
  std::vector<std::string> files;
  const ServerReflectionResponse symbol = Reflect(running, method, request);
  for (const std::string& bytes : symbol.file_descriptor_response().file_descriptor_proto()) {
    google::protobuf::FileDescriptorProto file;
    ASSERT_TRUE(file.ParseFromString(bytes));
    files.push_back(file.name());
  }
  EXPECT_THAT(files, IsSupersetOf({std::string("fuju/testing/v1/probe_service.proto"),
                                   std::string("fuju/type/v1/constraints.proto")}));
}

INSTANTIATE_TEST_SUITE_P(Versions, ReflectionTest, ::testing::Values("v1", "v1alpha"),
                         [](const auto& tested) { return tested.param; });

TEST(ReflectionV1Test, AnswersEveryKindOfQuestion) {
  ReflectionV1 reflection;
  ServerReflectionRequest request;
  request.set_host("h");
  request.set_file_by_filename("fuju/type/v1/constraints.proto");
  EXPECT_GT(reflection.Answer(request).file_descriptor_response().file_descriptor_proto_size(), 1);
  EXPECT_EQ(reflection.Answer(request).valid_host(), "h");

  request.set_all_extension_numbers_of_type("google.protobuf.FieldOptions");
  EXPECT_THAT(reflection.Answer(request).all_extension_numbers_response().extension_number(),
              ::testing::Contains(50301));

  request.mutable_file_containing_extension()->set_containing_type("google.protobuf.FieldOptions");
  request.mutable_file_containing_extension()->set_extension_number(50301);
  EXPECT_GT(reflection.Answer(request).file_descriptor_response().file_descriptor_proto_size(), 0);

  for (const char* unknown : {"a", "fuju.none"}) {
    request.set_file_containing_symbol(unknown);
    EXPECT_EQ(reflection.Answer(request).error_response().error_code(),
              grpc::StatusCode::NOT_FOUND);
    request.set_file_by_filename(unknown);
    EXPECT_EQ(reflection.Answer(request).error_response().error_code(),
              grpc::StatusCode::NOT_FOUND);
    request.set_all_extension_numbers_of_type(unknown);
    EXPECT_EQ(reflection.Answer(request).error_response().error_code(),
              grpc::StatusCode::NOT_FOUND);
  }
  request.clear_message_request();
  EXPECT_EQ(reflection.Answer(request).error_response().error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST(ServerTest, RefusesAMessageThatIsTooLarge) {
  RunningServer running({}, {.max_request_bytes = 1000});
  grpc::ClientContext context;
  GetProbeRequest request;
  request.set_name(std::string(2000, 'a'));
  Probe probe;
  EXPECT_EQ(running.stub->GetProbe(&context, request, &probe).error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST(ServerTest, AMethodItDoesNotHaveIsUnimplemented) {
  RunningServer running;
  grpc::ClientContext context;
  Probe probe;
  EXPECT_EQ(running.stub->ListProbes(&context, {}, nullptr).error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
}

TEST(ServerTest, AMethodOfNobodyIsNamedInTheDetails) {
  RunningServer running;
  grpc::GenericStub stub(
      grpc::CreateChannel(running.address(), grpc::InsecureChannelCredentials()));
  for (const char* method :
       {"/fuju.testing.v1.ProbeService/NoSuchMethod", "/no.such.Service/Get"}) {
    grpc::ClientContext context;
    const grpc::Slice empty;
    const grpc::ByteBuffer request(&empty, 1);
    grpc::ByteBuffer response;
    absl::Notification ended;
    grpc::Status status;
    stub.UnaryCall(&context, method, {}, &request, &response, [&](grpc::Status end) {
      status = std::move(end);
      ended.Notify();
    });
    ended.WaitForNotification();
    EXPECT_EQ(status.error_code(), grpc::StatusCode::UNIMPLEMENTED);
    EXPECT_EQ(ReasonOf(FromGrpcStatus(status)), "NOT_IMPLEMENTED");
    EXPECT_EQ(MetadataOf(FromGrpcStatus(status), "method"), method);
  }
}

TEST(ServerTest, SaysSoWhenThePortIsTaken) {
  RunningServer running;
  test_support::ProbeService service(running.gate.get());
  const auto second = Server::Start({.listen = running.address()}, {&service});
  EXPECT_EQ(second.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(second.status().message()), HasSubstr(running.address()));
}

TEST(ServerTest, DrainLetsARunningCallFinish) {
  RunningServer running;
  absl::Notification arrived;
  std::function<void(absl::StatusOr<Probe>)> finish;
  running.service->on_get = [&](const auto&, const auto&, auto done) {
    finish = std::move(done);
    arrived.Notify();
  };
  GetProbeRequest request;
  request.set_name("probes/1");
  std::future<grpc::Status> call = std::async(std::launch::async, [&] {
    grpc::ClientContext context;
    Probe probe;
    return running.stub->GetProbe(&context, request, &probe);
  });
  arrived.WaitForNotification();
  std::thread drain([&] { running.server->Drain(absl::Minutes(1)); });
  // The server has stopped listening once a new connection finds nobody.
  const std::string address = running.address();
  while (grpc::CreateChannel(address, grpc::InsecureChannelCredentials())
             ->WaitForConnected(std::chrono::system_clock::now() + std::chrono::milliseconds(50))) {
  }
  finish(Probe());
  EXPECT_TRUE(call.get().ok());
  drain.join();
}

TEST(ServerTest, DrainCancelsWhatOutlastsItsGrace) {
  RunningServer running;
  absl::Notification opened;
  running.service->on_watch = [&](const auto&, const auto&, const auto& feed) {
    opened.Notify();
    return std::static_pointer_cast<void>(feed);
  };
  fuju::testing::v1::WatchProbeRequest request;
  request.set_name("probes/1");
  grpc::ClientContext context;
  const auto reader = running.stub->WatchProbe(&context, request);
  opened.WaitForNotification();
  running.server->Drain(absl::Milliseconds(10));
  fuju::testing::v1::WatchProbeResponse response;
  while (reader->Read(&response)) {
  }
  EXPECT_FALSE(reader->Finish().ok());
}

}  // namespace
}  // namespace fuju::chassis
