// What is public of a county, and the way to object, over the wire.

#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "chassis/values/refusal.h"
#include "integration/applications/applications_instance.h"
#include "integration/applications/foreign_streams.h"
#include "support/bad_input.h"

namespace fuju::applications {
namespace {

using chassis::ReasonOf;
using PublicNoticesStub = v1::PublicNoticesService::Stub;

constexpr char kAreas[] = R"({"areas": [
    {"areaCode": "620000", "chain": "short", "version": 1},
    {"areaCode": "620102", "chain": "full", "version": 1, "objectionPhone": "0931-8888888"}]})";

class PublicNoticesTest : public ::testing::Test {
 protected:
  std::string InReview(int person) {
    const auto draft = instance_.Create(DraftOf(person));
    EXPECT_TRUE(draft.ok()) << draft.status();
    EXPECT_TRUE(instance_.Submit(draft->name()).ok());
    streams_.Reserve(draft->name());
    instance_.Await(draft->name(), v1::APPLICATION_STATE_UNDER_REVIEW);
    return draft->name();
  }
  std::string InNotice(int person) {
    const std::string name = InReview(person);
    for (const char* actor : {"town_officer:t1", "county_reviewer:r1", "assessor:a1",
                              "county_reviewer:r2", "county_approver:c1"}) {
      EXPECT_TRUE(instance_.Approve(name, actor).ok()) << actor;
    }
    return name;
  }
  static std::string NoticeOf(const std::string& application) {
    return absl::StrCat("publicNotices/", IdOf(application));
  }
  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (PublicNoticesStub::*method)(grpc::ClientContext*,
                                                                          const Request&,
                                                                          Response*),
                                const Request& request, const std::string& actor = "") {
    return test_support::Call(*notices_, method, request, actor, absl::Seconds(20));
  }
  absl::StatusOr<v1::PublicNotice> Object(const std::string& notice) {
    v1::ObjectToPublicNoticeRequest request;
    request.set_name(notice);
    request.set_reason("他有两辆轮椅");
    request.set_contact("13987654321");
    request.set_request_id(NewRequestId());
    return Call(&PublicNoticesStub::ObjectToPublicNotice, request, "citizen:neighbour");
  }
  absl::StatusOr<v1::ListPublicNoticesResponse> List(const std::string& token = "") {
    v1::ListPublicNoticesRequest request;
    request.set_county_code("620102");
    request.set_page_size(2);
    request.set_page_token(token);
    return Call(&PublicNoticesStub::ListPublicNotices, request);
  }

  test_support::RedisServer redis_;
  test_support::FakeClock clock_;
  ApplicationsInstance instance_{redis_, &clock_, {.areas = kAreas}};
  ForeignStreams streams_{&redis_};
  const std::unique_ptr<PublicNoticesStub> notices_ = instance_.PublicNoticesStub();
};

TEST_F(PublicNoticesTest, ListsWhatIsPublicMaskedAndPageByPage) {
  std::set<std::string> expected;
  for (int person = 0; person < 3; ++person) expected.insert(NoticeOf(InNotice(person)));
  InReview(3);
  std::set<std::string> listed;
  std::string token;
  do {
    const auto page = List(token);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const v1::PublicNotice& notice : page->public_notices()) {
      EXPECT_TRUE(listed.insert(notice.name()).second);
      EXPECT_EQ(notice.person_name(), "马*兰");
      EXPECT_EQ(notice.area_zh(), "兰州市城关区");
      EXPECT_EQ(notice.objection_phone(), "0931-8888888");
      EXPECT_FALSE(absl::StrContains(notice.DebugString(), "19800101"));
      EXPECT_FALSE(absl::StrContains(notice.DebugString(), "1381234"));
    }
    token = page->next_page_token();
  } while (!token.empty());
  EXPECT_EQ(listed, expected);
}

TEST_F(PublicNoticesTest, AnObjectionHoldsTheCaseUntilAnOfficerHasClearedItUp) {
  const std::string name = InNotice(1);
  const auto objected = Object(NoticeOf(name));
  ASSERT_TRUE(objected.ok()) << objected.status();
  EXPECT_EQ(objected->person_name(), "马*兰");
  const v1::Application held = *instance_.Get(name);
  EXPECT_EQ(held.state(), v1::APPLICATION_STATE_ON_HOLD);
  EXPECT_FALSE(absl::StrContains(held.SerializeAsString(), "他有两辆轮椅"));
  EXPECT_EQ(List()->public_notices_size(), 0);
  // Another neighbour.
  EXPECT_TRUE(Object(NoticeOf(name)).ok());

  v1::ListObjectionsRequest list;
  list.set_name(NoticeOf(name));
  for (const char* actor : {"", "citizen:neighbour", "town_officer:t1"}) {
    EXPECT_EQ(Call(&PublicNoticesStub::ListObjections, list, actor).status().code(),
              absl::StatusCode::kPermissionDenied)
        << actor;
  }
  const auto objections = Call(&PublicNoticesStub::ListObjections, list, "county_reviewer:r9");
  ASSERT_TRUE(objections.ok()) << objections.status();
  ASSERT_EQ(objections->objections_size(), 2);
  EXPECT_EQ(objections->objections(0).reason(), "他有两辆轮椅");
  EXPECT_EQ(objections->objections(0).contact(), "13987654321");

  ASSERT_TRUE(instance_.Resume(name, "county_reviewer:r9").ok());
  EXPECT_EQ(List()->public_notices_size(), 1);
  clock_.Advance(absl::Hours(14 * 24));
  instance_.Await(name, v1::APPLICATION_STATE_APPROVED);
  EXPECT_EQ(Object(NoticeOf(name)).status().code(), absl::StatusCode::kNotFound);
}

// Who asks for notices learns nothing of cases that have none.
TEST_F(PublicNoticesTest, WhatIsNotPublicIsNotFound) {
  const std::string reviewed = InReview(1);
  ASSERT_TRUE(instance_.Hold(reviewed, "town_officer:t1").ok());
  const std::string draft = instance_.Create(DraftOf(2))->name();
  for (const std::string& name :
       {NoticeOf(reviewed), NoticeOf(draft), std::string("publicNotices/620102-0"),
        std::string("publicNotices/x")}) {
    const absl::Status status = Object(name).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kNotFound) << name << " " << status;
    EXPECT_EQ(ReasonOf(status), "RESOURCE_NOT_FOUND");
    v1::ListObjectionsRequest list;
    list.set_name(name);
    EXPECT_EQ(Call(&PublicNoticesStub::ListObjections, list, "county_reviewer:r1").status().code(),
              absl::StatusCode::kNotFound);
  }
}

TEST_F(PublicNoticesTest, BadInputIsNamed) {
  const auto list = std::make_shared<v1::ListPublicNoticesRequest>();
  list->set_county_code("620102");
  const auto object = std::make_shared<v1::ObjectToPublicNoticeRequest>();
  object->set_name("publicNotices/620102-01JH8R5V7E0000000000000001");
  object->set_reason("x");
  object->set_request_id("good");
  const auto objections = std::make_shared<v1::ListObjectionsRequest>();
  objections->set_name(object->name());
  const test_support::BadInput input(
      v1::PublicNotice::descriptor()->file()->pool()->FindServiceByName(
          "fuju.applications.v1.PublicNoticesService"),
      instance_.address(), {list, object, objections});
  EXPECT_GT(input.ExpectEachBadValueIsNamed(), 20);
  input.ExpectEveryBadFieldIsNamed();
  input.ExpectEveryMissingFieldIsNamed();
  input.ExpectNamesOfAnotherFormAreRefused();
  EXPECT_EQ(input.ExpectMutationsNeedAnActor(), 1);
}

}  // namespace
}  // namespace fuju::applications
