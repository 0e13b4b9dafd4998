// What an applicant hears of a case: by which channel, when, once.

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "applications/notices/webhook_signature.h"
#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"
#include "fuju/applications/v1/notices_service.grpc.pb.h"
#include "integration/applications/applications_instance.h"
#include "integration/applications/foreign_streams.h"
#include "support/bad_input.h"
#include "support/temporary_folder.h"
#include "support/webhook_receiver.h"

namespace fuju::applications {
namespace {

namespace fs = std::filesystem;

using test_support::Eventually;
using test_support::WebhookReceiver;

constexpr char kSecret[] = "a secret for tests only";

NoticeSettings SettingsFor(const WebhookReceiver& receiver) {
  NoticeSettings settings{*NoticeTextBook::Parse(test_support::GansuFile("notices.json")),
                          {},
                          2,
                          WebhookProvider::Options(),
                          ""};
  settings.webhook->url = *WebhookUrl::Parse(receiver.url());
  settings.webhook->secret = kSecret;
  settings.webhook->timeout = absl::Seconds(20);
  settings.policy.quiet_hours = *QuietHours::Parse("21:00-08:00");
  settings.policy.attempts = 3;
  settings.policy.first_pause = absl::Minutes(1);
  return settings;
}

class NoticesTest : public ::testing::Test {
 protected:
  using Stub = v1::NoticesService::Stub;

  void Start() {
    instance_ = std::make_unique<ApplicationsInstance>(redis_, &clock_,
                                                       InstanceOptions{.notices = &settings_});
    stub_ = v1::NoticesService::NewStub(
        grpc::CreateChannel(instance_->address(), grpc::InsecureChannelCredentials()));
  }
  v1::Application DraftBy(v1::ContactChannel channel) {
    v1::Application draft = DraftOf(1);
    draft.mutable_applicant()->mutable_contact()->set_channel(channel);
    return draft;
  }
  std::string Submitted(const v1::Application& draft) {
    const auto made = instance_->Create(draft);
    EXPECT_TRUE(made.ok()) << made.status();
    EXPECT_TRUE(instance_->Submit(made->name()).ok());
    return made->name();
  }
  // Newest first.
  std::vector<v1::Notice> List(const std::string& application, int page_size = 0) {
    std::vector<v1::Notice> notices;
    v1::ListNoticesRequest request;
    request.set_parent(application);
    request.set_page_size(page_size);
    do {
      const auto page = test_support::Call(*stub_, &Stub::ListNotices, request, "");
      EXPECT_TRUE(page.ok()) << page.status();
      if (!page.ok()) break;
      notices.insert(notices.end(), page->notices().begin(), page->notices().end());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return notices;
  }
  std::vector<v1::Notice> Failed() {
    v1::ListFailedNoticesRequest request;
    request.set_county_code("620102");
    const auto page = test_support::Call(*stub_, &Stub::ListFailedNotices, request, "");
    EXPECT_TRUE(page.ok()) << page.status();
    return {page->notices().begin(), page->notices().end()};
  }
  absl::StatusOr<v1::Notice> Resend(const std::string& name) {
    v1::ResendNoticeRequest request;
    request.set_name(name);
    request.set_request_id(NewRequestId());
    return test_support::Call(*stub_, &Stub::ResendNotice, request, "operator:o1");
  }
  // The only notice of the application, once it is in this state after so many failed attempts.
  v1::Notice AwaitOnly(const std::string& application, v1::NoticeState state, int failed = 0) {
    v1::Notice notice;
    Eventually(absl::StrCat("the notice is ", NoticeStateName(state)), [&] {
      const std::vector<v1::Notice> notices = List(application);
      if (notices.size() != 1) return false;
      notice = notices[0];
      return notice.state() == state && notice.failed_attempts() == failed;
    });
    return notice;
  }
  int PartitionOf(const std::string& name) const {
    return instance_->keys().PartitionOf(RouteOf(IdOf(name)));
  }

  test_support::RedisServer redis_;
  test_support::FakeClock clock_;
  WebhookReceiver receiver_;
  NoticeSettings settings_ = SettingsFor(receiver_);
  std::unique_ptr<ApplicationsInstance> instance_;
  std::unique_ptr<Stub> stub_;
  ForeignStreams streams_{&redis_};
};

TEST_F(NoticesTest, EachStepIsToldOnceInOrderAndSigned) {
  Start();
  const std::string name = Submitted(DraftBy(v1::CONTACT_CHANNEL_SMS));
  receiver_.Await(1);
  streams_.Reserve(name);
  receiver_.Await(2);
  ASSERT_TRUE(instance_->Return(name).ok());
  const auto requests = receiver_.Await(3);
  std::vector<std::string> kinds;
  for (const WebhookReceiver::Request& request : requests) {
    const auto body = nlohmann::json::parse(request.body);
    kinds.push_back(body["kind"]);
    EXPECT_EQ(body["channel"], "SMS");
    EXPECT_EQ(body["phone"], "13812345678");
    EXPECT_EQ(body["language"], "zh");
    EXPECT_EQ(body["county_code"], "620102");
    EXPECT_EQ(request.idempotency_key, absl::StrCat(std::string(body["notice"]), "#0"));
    EXPECT_EQ(request.signature, WebhookSignature(kSecret, clock_.Now(), request.body));
    EXPECT_TRUE(absl::StartsWith(std::string(body["text"]), "【兰州市城关区残疾人联合会】"));
    EXPECT_FALSE(absl::StrContains(request.body, "马小兰"));
  }
  EXPECT_EQ(kinds, (std::vector<std::string>{"SUBMITTED", "REVIEW_STARTED", "RETURNED"}));
  EXPECT_TRUE(
      absl::StrContains(std::string(nlohmann::json::parse(requests[2].body)["text"]), "缺少材料"));

  Eventually("all are sent", [&] {
    for (const v1::Notice& notice : List(name)) {
      if (notice.state() != v1::NOTICE_STATE_SENT) return false;
    }
    return true;
  });
  const std::vector<v1::Notice> notices = List(name, 1);
  ASSERT_EQ(notices.size(), 3u);
  EXPECT_EQ(notices[0].kind(), v1::NOTICE_KIND_RETURNED);
  EXPECT_EQ(notices[0].text_zh(), "短信已在2026年1月5日09:00发出：请补正材料");
  const v1::Application application = *instance_->Get(name);
  EXPECT_EQ(application.timeline(notices[0].timeline_sequence() - 1).state(),
            v1::APPLICATION_STATE_SUPPLEMENT);
  EXPECT_EQ(receiver_.Requests().size(), 3u);
}

TEST_F(NoticesTest, NoEventOfANoticeNamesThePersonOrThePhone) {
  Start();
  const std::string name = Submitted(DraftBy(v1::CONTACT_CHANNEL_SMS));
  AwaitOnly(name, v1::NOTICE_STATE_SENT);
  const auto events =
      redis_.Call({"XRANGE", instance_->keys().Events(PartitionOf(name)), "-", "+"});
  ASSERT_EQ(events.size(), 4u);  // created, submitted, planned, sent
  for (const auto& entry : events.items()) {
    const std::string& event = entry[1][1].text();
    for (const char* secret : {"马小兰", "62010219800101", "13812345678", "白银路"}) {
      EXPECT_FALSE(absl::StrContains(event, secret)) << secret;
    }
  }
}

TEST_F(NoticesTest, ARepeatedFactMakesNoSecondNotice) {
  Start();
  const std::string name = Submitted(DraftBy(v1::CONTACT_CHANNEL_SMS));
  AwaitOnly(name, v1::NOTICE_STATE_SENT);
  const std::string stream = instance_->keys().Events(PartitionOf(name));
  const auto events = redis_.Call({"XRANGE", stream, "-", "+"});
  // The submission once more, and a later step behind it.
  const auto& entry = events[1][1];
  redis_.Call({"XADD", stream, "*", entry[0].text(), entry[1].text()});
  streams_.Reserve(name);
  receiver_.Await(2);
  Eventually("both are sent", [&] { return List(name).size() == 2; });
  EXPECT_EQ(receiver_.Requests().size(), 2u);
}

TEST_F(NoticesTest, WhatFailsForNowIsTriedAgainUnderTheSameKey) {
  Start();
  receiver_.Script({{.status = 503}, {.status = 429, .retry_after = "600"}, {.status = 200}});
  const std::string name = Submitted(DraftBy(v1::CONTACT_CHANNEL_VOICE_CALL));
  const v1::Notice first = AwaitOnly(name, v1::NOTICE_STATE_PENDING, 1);
  EXPECT_EQ(first.reason(), "HTTP_503");
  EXPECT_EQ(chassis::ToTime(first.due_time()), clock_.Now() + absl::Minutes(1));
  clock_.Advance(absl::Minutes(1));
  const v1::Notice second = AwaitOnly(name, v1::NOTICE_STATE_PENDING, 2);
  EXPECT_EQ(second.reason(), "HTTP_429");
  // As the receiver asked, though the pause would be four minutes.
  EXPECT_EQ(chassis::ToTime(second.due_time()), clock_.Now() + absl::Minutes(10));
  clock_.Advance(absl::Minutes(10));
  AwaitOnly(name, v1::NOTICE_STATE_SENT, 2);
  const auto requests = receiver_.Requests();
  ASSERT_EQ(requests.size(), 3u);
  EXPECT_EQ(requests[0].idempotency_key, requests[1].idempotency_key);
  EXPECT_EQ(requests[0].idempotency_key, requests[2].idempotency_key);
  EXPECT_EQ(requests[0].body, requests[2].body);
}

TEST_F(NoticesTest, AReceiverThatDoesNotAnswerIsTriedAgain) {
  settings_.webhook->timeout = absl::Milliseconds(200);
  Start();
  receiver_.Script({{.held = true}});
  const std::string name = Submitted(DraftBy(v1::CONTACT_CHANNEL_SMS));
  EXPECT_EQ(AwaitOnly(name, v1::NOTICE_STATE_PENDING, 1).reason(), "TIMEOUT");
  receiver_.Release();
  clock_.Advance(absl::Minutes(1));
  AwaitOnly(name, v1::NOTICE_STATE_SENT, 1);
  const auto requests = receiver_.Requests();
  ASSERT_EQ(requests.size(), 2u);
  EXPECT_EQ(requests[0].idempotency_key, requests[1].idempotency_key);
}

// One slow receiver holds up neither the service nor, with a second sender, other notices.
TEST_F(NoticesTest, ASlowReceiverBlocksNothingElse) {
  Start();
  receiver_.Script({{.held = true}});
  const std::string slow = Submitted(DraftBy(v1::CONTACT_CHANNEL_SMS));
  receiver_.Await(1);
  v1::Application other = DraftOf(2);
  const std::string quick = Submitted(other);
  AwaitOnly(quick, v1::NOTICE_STATE_SENT);
  EXPECT_EQ(List(slow)[0].state(), v1::NOTICE_STATE_PENDING);
  receiver_.Release();
  AwaitOnly(slow, v1::NOTICE_STATE_SENT);
  // Its timer was due all the time, and the other sender free: it was in hand.
  EXPECT_EQ(receiver_.Requests().size(), 2u);
}

TEST_F(NoticesTest, ARefusalIsFinalAndAnOperatorMaySendItAgain) {
  Start();
  receiver_.Script({{.status = 404}});
  const std::string name = Submitted(DraftBy(v1::CONTACT_CHANNEL_SMS));
  const v1::Notice failed = AwaitOnly(name, v1::NOTICE_STATE_FAILED, 1);
  EXPECT_EQ(failed.reason(), "HTTP_404");
  ASSERT_EQ(Failed().size(), 1u);
  EXPECT_EQ(Failed()[0].name(), failed.name());

  const auto again = Resend(failed.name());
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->state(), v1::NOTICE_STATE_PENDING);
  AwaitOnly(name, v1::NOTICE_STATE_SENT);
  EXPECT_TRUE(Failed().empty());
  const auto requests = receiver_.Requests();
  ASSERT_EQ(requests.size(), 2u);
  // The receiver may have kept its refusal under the first one.
  EXPECT_NE(requests[0].idempotency_key, requests[1].idempotency_key);
  EXPECT_EQ(chassis::ReasonOf(Resend(failed.name()).status()), "STATE_FORBIDS");
  EXPECT_EQ(Resend(name + "/notices/77").status().code(), absl::StatusCode::kNotFound);
}

TEST_F(NoticesTest, IsGivenUpAfterTheConfiguredAttempts) {
  Start();
  receiver_.Script({{.status = 500}, {.status = 500}, {.status = 500}});
  const std::string name = Submitted(DraftBy(v1::CONTACT_CHANNEL_SMS));
  for (int i = 1; i < settings_.policy.attempts; ++i) {
    AwaitOnly(name, v1::NOTICE_STATE_PENDING, i);
    clock_.Advance(absl::Minutes(10));
  }
  EXPECT_EQ(AwaitOnly(name, v1::NOTICE_STATE_FAILED, 3).reason(), "HTTP_500");
  EXPECT_EQ(receiver_.Requests().size(), 3u);
}

TEST_F(NoticesTest, NoPhoneRingsAtNightAndTheMorningTellsOnlyWhatStillHolds) {
  Start();
  const std::string name = Submitted(DraftBy(v1::CONTACT_CHANNEL_SMS));
  streams_.Reserve(name);
  instance_->Await(name, v1::APPLICATION_STATE_UNDER_REVIEW);
  ASSERT_TRUE(instance_->Approve(name).ok());
  receiver_.Await(3);
  clock_.Advance(absl::Hours(13));  // 22:00
  streams_.Schedule(name, 1);
  instance_->Await(name, v1::APPLICATION_STATE_SCHEDULED);
  streams_.Schedule(name, 1);
  Eventually("both visits are noted", [&] { return List(name).size() == 5; });
  for (int i = 0; i < 2; ++i) {
    const v1::Notice notice = List(name)[static_cast<size_t>(i)];
    EXPECT_EQ(notice.state(), v1::NOTICE_STATE_PENDING);
    EXPECT_TRUE(absl::StrContains(notice.text_zh(), "2026年1月6日08:00")) << notice.text_zh();
  }
  EXPECT_EQ(receiver_.Requests().size(), 3u);
  clock_.Advance(absl::Hours(10));  // 08:00
  Eventually("the morning comes", [&] {
    const std::vector<v1::Notice> notices = List(name);
    return notices[0].state() == v1::NOTICE_STATE_SENT &&
           notices[1].state() == v1::NOTICE_STATE_SUPPRESSED;
  });
  EXPECT_EQ(List(name)[0].kind(), v1::NOTICE_KIND_VISIT_MOVED);
  EXPECT_EQ(List(name)[1].reason(), "OVERTAKEN");
  EXPECT_EQ(receiver_.Requests().size(), 4u);
}

// The service was away when it was due, and comes back at night.
TEST_F(NoticesTest, WhatIsLateWaitsForTheMorning) {
  Start();
  receiver_.Script({{.status = 503}});
  const std::string name = Submitted(DraftBy(v1::CONTACT_CHANNEL_SMS));
  AwaitOnly(name, v1::NOTICE_STATE_PENDING, 1);
  instance_.reset();
  clock_.Advance(absl::Hours(13));  // 22:00
  Start();
  Eventually("it is put off", [&] { return List(name)[0].reason() == "QUIET_HOURS"; });
  EXPECT_EQ(receiver_.Requests().size(), 1u);
  clock_.Advance(absl::Hours(10));
  AwaitOnly(name, v1::NOTICE_STATE_SENT, 1);
}

// The stream has a week of facts; nobody wants to hear on one morning what happened in it.
TEST_F(NoticesTest, TurningNoticesOnTellsNoOldNews) {
  instance_ = std::make_unique<ApplicationsInstance>(redis_, &clock_);
  const std::string name = Submitted(DraftBy(v1::CONTACT_CHANNEL_SMS));
  instance_.reset();
  clock_.Advance(absl::Hours(96));
  Start();
  EXPECT_EQ(AwaitOnly(name, v1::NOTICE_STATE_SUPPRESSED).reason(), "TOO_OLD");
  streams_.Reserve(name);
  receiver_.Await(1);
  EXPECT_EQ(List(name)[0].kind(), v1::NOTICE_KIND_REVIEW_STARTED);
  EXPECT_EQ(receiver_.Requests().size(), 1u);
}

TEST_F(NoticesTest, WhoHasNoPhoneGetsALetterAtAnyHour) {
  const test_support::TemporaryFolder folder;
  settings_.letter_dir = folder.path();
  Start();
  clock_.Advance(absl::Hours(13));
  v1::Application draft = DraftOf(1);
  draft.mutable_applicant()->clear_phone();
  draft.mutable_applicant()->mutable_contact()->set_large_print(true);
  const std::string name = Submitted(draft);
  const v1::Notice notice = AwaitOnly(name, v1::NOTICE_STATE_SENT);
  EXPECT_EQ(notice.channel(), v1::CONTACT_CHANNEL_LETTER);
  const fs::path letter =
      folder / "620102" /
      absl::StrCat(IdOf(name), ".", notice.name().substr(notice.name().rfind('/') + 1),
                   ".large.txt");
  ASSERT_TRUE(fs::exists(letter)) << letter;
  std::ifstream file(letter);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  EXPECT_TRUE(absl::StrContains(text, "马小兰，您好：")) << text;
  EXPECT_TRUE(receiver_.Requests().empty());
}

TEST_F(NoticesTest, WhoWantsToHearNothingHearsNothing) {
  Start();
  const std::string name = Submitted(DraftBy(v1::CONTACT_CHANNEL_NONE));
  EXPECT_EQ(AwaitOnly(name, v1::NOTICE_STATE_SUPPRESSED).reason(), "NOT_WANTED");
  EXPECT_TRUE(receiver_.Requests().empty());
}

TEST_F(NoticesTest, BadInputIsNamed) {
  Start();
  const auto list = std::make_shared<v1::ListNoticesRequest>();
  list->set_parent("applications/620102-01JH8R5V7E0000000000000001");
  const auto failed = std::make_shared<v1::ListFailedNoticesRequest>();
  failed->set_county_code("620102");
  const auto resend = std::make_shared<v1::ResendNoticeRequest>();
  resend->set_name("applications/620102-01JH8R5V7E0000000000000001/notices/2");
  resend->set_request_id("good");
  const test_support::BadInput input(
      v1::ListNoticesRequest::descriptor()->file()->FindServiceByName("NoticesService"),
      instance_->address(), {list, failed, resend});
  EXPECT_GT(input.ExpectEachBadValueIsNamed(), 15);
  input.ExpectEveryBadFieldIsNamed();
  input.ExpectEveryMissingFieldIsNamed();
  input.ExpectNamesOfAnotherFormAreRefused();
  EXPECT_EQ(input.ExpectMutationsNeedAnActor(), 1);
}

}  // namespace
}  // namespace fuju::applications
