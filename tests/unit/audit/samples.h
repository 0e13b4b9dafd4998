#pragma once

#include <memory>
#include <string>
#include <vector>

#include <google/protobuf/message.h>
#include <soci/session.h>

#include "audit/archive_log.h"
#include "fuju/applications/v1/application.pb.h"
#include "fuju/audit/v1/audit_service.pb.h"
#include "fuju/catalogue/v1/catalogue.pb.h"
#include "fuju/event/v1/event.pb.h"

namespace fuju::audit {

// Ids of the examples.
inline constexpr char kCaseA[] = "applications/620102-01JD0000000000000000000001";
inline constexpr char kCaseB[] = "applications/620102-01JD0000000000000000000002";
inline constexpr char kCaseC[] = "applications/620523-01JD0000000000000000000003";

// An event as a service would publish it, `time_ms` after 1970.
std::shared_ptr<event::v1::Event> MakeEvent(const std::string& source, const std::string& subject,
                                            int64_t version, int64_t time_ms,
                                            const std::string& correlation_id,
                                            const google::protobuf::Message& fact);

// A fact about an application; the type follows from the state.
std::shared_ptr<event::v1::Event> ApplicationEvent(const std::string& application, int64_t version,
                                                   int64_t time_ms,
                                                   applications::v1::ApplicationState state,
                                                   const std::string& item_code = "M01");
// A fact about the grant of an application; the type follows from the state.
std::shared_ptr<event::v1::Event> GrantEvent(const std::string& application, int64_t version,
                                             int64_t time_ms, catalogue::v1::GrantState state,
                                             int64_t amount_fen,
                                             const std::string& item_code = "M01");
std::shared_ptr<event::v1::Event> BudgetEvent(const std::string& county_code, int year,
                                              int64_t version, int64_t amount_fen,
                                              int64_t allocated_fen);

using Events = std::vector<std::shared_ptr<event::v1::Event>>;

// Arrivals with made-up entry ids.
std::vector<Arrival> ArrivalsOf(const Events& events);

// Archives events in one transaction and fails the test if one is not taken.
std::vector<Archived> AppendAll(ArchiveLog& log, const Events& events);

// A count by SQL.
int64_t Count(soci::session& session, const std::string& from);

}  // namespace fuju::audit
