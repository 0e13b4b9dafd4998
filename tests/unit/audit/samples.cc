#include "unit/audit/samples.h"

#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include <gtest/gtest.h>
#include <soci/soci.h>

#include "chassis/values/timestamps.h"
#include "fuju/applications/v1/application_events.pb.h"
#include "fuju/catalogue/v1/catalogue_events.pb.h"

namespace fuju::audit {
namespace {

namespace applications_v1 = applications::v1;
namespace catalogue_v1 = catalogue::v1;

template <typename Fact>
std::shared_ptr<event::v1::Event> OfApplication(const applications_v1::Application& application,
                                                int64_t version, int64_t time_ms) {
  Fact fact;
  *fact.mutable_application() = application;
  return MakeEvent("applications", application.name(), version, time_ms, application.name(), fact);
}

template <typename Fact>
std::shared_ptr<event::v1::Event> OfGrant(const catalogue_v1::Grant& grant, int64_t version,
                                          int64_t time_ms) {
  Fact fact;
  *fact.mutable_grant() = grant;
  return MakeEvent("catalogue", grant.name(), version, time_ms, grant.application(), fact);
}

std::string IdOf(const std::string& application) {
  return std::string(absl::StripPrefix(application, "applications/"));
}

}  // namespace

std::shared_ptr<event::v1::Event> MakeEvent(const std::string& source, const std::string& subject,
                                            int64_t version, int64_t time_ms,
                                            const std::string& correlation_id,
                                            const google::protobuf::Message& fact) {
  auto event = std::make_shared<event::v1::Event>();
  event->set_id(absl::StrCat(subject, "@", version));
  event->set_type(std::string(fact.GetDescriptor()->full_name()));
  event->set_source(source);
  event->set_subject(subject);
  *event->mutable_time() = chassis::ToTimestamp(absl::FromUnixMillis(time_ms));
  event->set_partition(3);
  event->set_aggregate_version(version);
  event->set_actor("system:test");
  event->set_correlation_id(correlation_id);
  event->mutable_data()->PackFrom(fact);
  return event;
}

std::shared_ptr<event::v1::Event> ApplicationEvent(const std::string& application, int64_t version,
                                                   int64_t time_ms,
                                                   applications_v1::ApplicationState state,
                                                   const std::string& item_code) {
  applications_v1::Application after;
  after.set_name(application);
  after.set_state(state);
  after.set_county_code(IdOf(application).substr(0, 6));
  after.mutable_request()->set_item_code(item_code);
  *after.mutable_create_time() = chassis::ToTimestamp(absl::FromUnixMillis(1000));
  if (state != applications_v1::APPLICATION_STATE_DRAFT) {
    *after.mutable_submit_time() = chassis::ToTimestamp(absl::FromUnixMillis(2000));
  }
  switch (state) {
    case applications_v1::APPLICATION_STATE_DRAFT:
      return OfApplication<applications_v1::ApplicationCreated>(after, version, time_ms);
    case applications_v1::APPLICATION_STATE_SUBMITTED:
      return OfApplication<applications_v1::ApplicationSubmitted>(after, version, time_ms);
    case applications_v1::APPLICATION_STATE_ACCEPTED:
      return OfApplication<applications_v1::ApplicationAccepted>(after, version, time_ms);
    case applications_v1::APPLICATION_STATE_WITHDRAWN:
      return OfApplication<applications_v1::ApplicationEnded>(after, version, time_ms);
    default:
      return OfApplication<applications_v1::ApplicationProgressed>(after, version, time_ms);
  }
}

std::shared_ptr<event::v1::Event> GrantEvent(const std::string& application, int64_t version,
                                             int64_t time_ms, catalogue_v1::GrantState state,
                                             int64_t amount_fen, const std::string& item_code) {
  catalogue_v1::Grant grant;
  grant.set_name(absl::StrCat("grants/", IdOf(application)));
  grant.set_application(application);
  grant.set_state(state);
  grant.set_county_code(IdOf(application).substr(0, 6));
  grant.set_fiscal_year(2026);
  grant.set_amount_fen(amount_fen);
  grant.mutable_decision()->set_item_code(item_code);
  switch (state) {
    case catalogue_v1::GRANT_STATE_RESERVED:
      return OfGrant<catalogue_v1::SubsidyReserved>(grant, version, time_ms);
    case catalogue_v1::GRANT_STATE_SETTLED:
      return OfGrant<catalogue_v1::SubsidySettled>(grant, version, time_ms);
    case catalogue_v1::GRANT_STATE_RELEASED:
      return OfGrant<catalogue_v1::SubsidyReleased>(grant, version, time_ms);
    default:
      return OfGrant<catalogue_v1::SubsidyRefused>(grant, version, time_ms);
  }
}

std::shared_ptr<event::v1::Event> BudgetEvent(const std::string& county_code, int year,
                                              int64_t version, int64_t amount_fen,
                                              int64_t allocated_fen) {
  catalogue_v1::BudgetAllocated fact;
  fact.set_county_code(county_code);
  fact.set_fiscal_year(year);
  fact.set_amount_fen(amount_fen);
  fact.set_allocated_fen(allocated_fen);
  const std::string budget = absl::StrCat("budgets/", county_code, "-", year);
  return MakeEvent("catalogue", budget, version, 500, budget, fact);
}

std::vector<Arrival> ArrivalsOf(const Events& events) {
  std::vector<Arrival> arrivals;
  for (const auto& event : events) {
    arrivals.push_back({event, absl::StrCat(arrivals.size() + 1, "-0")});
  }
  return arrivals;
}

std::vector<Archived> AppendAll(ArchiveLog& log, const Events& events) {
  const auto archived = log.Append(ArrivalsOf(events), absl::FromUnixMillis(9'000'000));
  EXPECT_TRUE(archived.ok()) << archived.status();
  return archived.value_or(std::vector<Archived>());
}

int64_t Count(soci::session& session, const std::string& from) {
  long long count = 0;
  session << "SELECT COUNT(*) FROM " << from, soci::into(count);
  return count;
}

}  // namespace fuju::audit
