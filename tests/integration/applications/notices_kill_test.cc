// The program killed between an attempt and its record: the gateway sees the same key again.

#include <signal.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "fuju/applications/v1/notices_service.grpc.pb.h"
#include "integration/applications/applications_instance.h"
#include "support/child_process.h"
#include "support/temporary_folder.h"
#include "support/webhook_receiver.h"

namespace fuju::applications {
namespace {

namespace fs = std::filesystem;

using test_support::ChildProcess;
using test_support::Eventually;

class NoticesKillTest : public ::testing::Test {
 protected:
  NoticesKillTest() {
    std::ofstream(folder_ / "pepper") << "a pepper for tests\n";
    std::ofstream(folder_ / "secret") << "a secret for tests only\n";
  }

  // The program, serving.
  ChildProcess Run() {
    const fs::path port_file = folder_ / "port";
    fs::remove(port_file);
    auto process = ChildProcess::Start(
        {test_support::Program("fuju-applications"),
         absl::StrCat("--redis=127.0.0.1:", redis_.port()),
         absl::StrCat("--port_file=", port_file.string()), "--data_dir=deploy/data/gansu",
         "--instance=a", "--lease_ttl_ms=500",
         absl::StrCat("--person_key_pepper_file=", (folder_ / "pepper").string()),
         absl::StrCat("--notice_webhook_url=", receiver_.url()),
         absl::StrCat("--notice_webhook_secret_file=", (folder_ / "secret").string()),
         "--notice_quiet_hours="},
        (folder_ / "log").string());
    EXPECT_TRUE(process.ok()) << process.status();
    Eventually("the program serves", [&] { return fs::exists(port_file) || !process->running(); });
    std::ifstream file(port_file);
    const auto ports = nlohmann::json::parse(file, nullptr, false);
    EXPECT_TRUE(ports.is_object()) << std::ifstream(folder_ / "log").rdbuf();
    channel_ = grpc::CreateChannel(absl::StrCat("127.0.0.1:", ports.value("grpc", 0)),
                                   grpc::InsecureChannelCredentials());
    return *std::move(process);
  }
  std::string Submitted() {
    const auto stub = v1::ApplicationsService::NewStub(channel_);
    using Stub = v1::ApplicationsService::Stub;
    v1::CreateApplicationRequest create;
    *create.mutable_application() = DraftOf(1);
    create.set_request_id(NewRequestId());
    const auto draft = test_support::Call(*stub, &Stub::CreateApplication, create, "mobile:m1");
    EXPECT_TRUE(draft.ok()) << draft.status();
    v1::SubmitApplicationRequest submit;
    submit.set_name(draft->name());
    submit.set_request_id(NewRequestId());
    const auto submitted = test_support::Call(*stub, &Stub::SubmitApplication, submit, "mobile:m1");
    EXPECT_TRUE(submitted.ok()) << submitted.status();
    return draft->name();
  }
  v1::Notice Only(const std::string& application) {
    const auto stub = v1::NoticesService::NewStub(channel_);
    v1::ListNoticesRequest request;
    request.set_parent(application);
    const auto page =
        test_support::Call(*stub, &v1::NoticesService::Stub::ListNotices, request, "");
    EXPECT_TRUE(page.ok()) << page.status();
    return page.ok() && page->notices_size() == 1 ? page->notices(0) : v1::Notice();
  }

  test_support::TemporaryFolder folder_;
  test_support::RedisServer redis_;
  test_support::WebhookReceiver receiver_;
  std::shared_ptr<grpc::Channel> channel_;
};

TEST_F(NoticesKillTest, TheSameKeyComesAgainAndTheNoticeIsSentOnce) {
  receiver_.Script({{.held = true}});
  ChildProcess process = Run();
  const std::string name = Submitted();
  receiver_.Await(1);
  // The gateway has it; nobody has written that down.
  process.Signal(SIGKILL);
  ASSERT_TRUE(process.Wait(absl::Seconds(30)).ok());
  receiver_.Release();
  process = Run();
  EXPECT_EQ(Only(name).resends(), 0);
  const auto requests = receiver_.Await(2);
  Eventually("the notice is sent", [&] { return Only(name).state() == v1::NOTICE_STATE_SENT; });
  std::set<std::string> keys;
  for (const auto& request : receiver_.Requests()) keys.insert(request.idempotency_key);
  EXPECT_EQ(receiver_.Requests().size(), 2u);
  EXPECT_EQ(keys, std::set<std::string>{absl::StrCat(Only(name).name(), "#0")});
  EXPECT_EQ(Only(name).failed_attempts(), 0);
  process.Signal(SIGTERM);
  EXPECT_EQ(process.Wait(absl::Seconds(30)).value_or(-1), 0);
}

// A stop waits for the attempt that runs and writes down what became of it.
TEST_F(NoticesKillTest, AStopLeavesNoAttemptUnrecorded) {
  receiver_.Script({{.held = true}});
  ChildProcess process = Run();
  const std::string name = Submitted();
  receiver_.Await(1);
  process.Signal(SIGTERM);
  receiver_.Release();
  EXPECT_EQ(process.Wait(absl::Seconds(30)).value_or(-1), 0);
  process = Run();
  EXPECT_EQ(Only(name).state(), v1::NOTICE_STATE_SENT);
  EXPECT_EQ(receiver_.Requests().size(), 1u);
}

}  // namespace
}  // namespace fuju::applications
