#include "audit/event_words.h"

#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include "fuju/admin/v1/dead_letter_events.pb.h"
#include "fuju/applications/v1/application_events.pb.h"
#include "fuju/applications/v1/money_events.pb.h"
#include "fuju/applications/v1/need_events.pb.h"
#include "fuju/applications/v1/notice_events.pb.h"
#include "fuju/applications/v1/relation_events.pb.h"
#include "fuju/applications/v1/review_events.pb.h"
#include "fuju/applications/v1/transfer_events.pb.h"
#include "fuju/catalogue/v1/catalogue_events.pb.h"
#include "fuju/catalogue/v1/catalogue_version_events.pb.h"
#include "fuju/catalogue/v1/entitlement_events.pb.h"
#include "fuju/catalogue/v1/ledger_events.pb.h"
#include "fuju/dispatch/v1/dispatch_events.pb.h"
#include "fuju/fitting/v1/fitting_events.pb.h"

namespace fuju::audit {
namespace {

TEST(EventWordsTest, HasWordsForEveryFact) {
  for (const google::protobuf::FileDescriptor* file :
       {admin::v1::DeadLetterReplayed::descriptor()->file(),
        applications::v1::ApplicationCreated::descriptor()->file(),
        applications::v1::NeedRecorded::descriptor()->file(),
        applications::v1::ApplicationHeld::descriptor()->file(),
        applications::v1::ApplicationTransferred::descriptor()->file(),
        applications::v1::NoticePlanned::descriptor()->file(),
        applications::v1::OfficerRelationDeclared::descriptor()->file(),
        applications::v1::ApplicationQueued::descriptor()->file(),
        catalogue::v1::CataloguePublished::descriptor()->file(),
        catalogue::v1::CatalogueDrafted::descriptor()->file(),
        catalogue::v1::EntitlementHeld::descriptor()->file(),
        catalogue::v1::SubsidyQueued::descriptor()->file(),
        dispatch::v1::VendorRegistered::descriptor()->file(),
        fitting::v1::TechnicianRegistered::descriptor()->file()}) {
    ASSERT_GE(file->message_type_count(), 2);
    for (int i = 0; i < file->message_type_count(); ++i) {
      const std::string type = file->message_type(i)->full_name();
      EXPECT_TRUE(HasWords(type)) << type;
    }
  }
}

TEST(EventWordsTest, NamesATypeThatItDoesNotKnow) {
  EXPECT_FALSE(HasWords("fuju.demand.v1.NeedRegistered"));
  EXPECT_EQ(WordsOf("fuju.demand.v1.NeedRegistered").zh, "fuju.demand.v1.NeedRegistered");
}

}  // namespace
}  // namespace fuju::audit
