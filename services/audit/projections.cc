#include "audit/projections.h"

#include <memory>

#include <soci/soci.h>

#include "audit/facts.h"
#include "chassis/values/timestamps.h"
#include "fuju/applications/v1/application_events.pb.h"

namespace fuju::audit {
namespace {

using soci::into;
using soci::use;

constexpr size_t kApplicationPrefix = sizeof("APPLICATION_STATE_") - 1;
constexpr size_t kGrantPrefix = sizeof("GRANT_STATE_") - 1;

// Runs a query for at most one row, and to its end: an open one would hold on to its snapshot.
bool FetchOne(soci::statement& statement) {
  if (!statement.execute(true)) return false;
  while (statement.fetch()) {
  }
  return true;
}

}  // namespace

std::string StateName(applications::v1::ApplicationState state) {
  const std::string& name = applications::v1::ApplicationState_Name(state);
  return name.empty() ? "UNKNOWN" : name.substr(kApplicationPrefix);
}

std::string StateName(catalogue::v1::GrantState state) {
  const std::string& name = catalogue::v1::GrantState_Name(state);
  return name.empty() ? "UNKNOWN" : name.substr(kGrantPrefix);
}

Projections::Projections(soci::session& session)
    : find_application_((session.prepare << "SELECT version, state FROM applications"
                                            " WHERE application = :application",
                         into(old_version_), into(old_state_), use(application_))),
      // The moments of submission and acceptance are kept once they are known.
      put_application_((
          session.prepare
              << "INSERT INTO applications (application, version, sequence, state, county_code,"
                 " item_code, create_ms, submit_ms, acceptance_ms, update_ms) VALUES (:application,"
                 " :version, :sequence, :state, :county, :item, :created, :submitted, :accepted,"
                 " :updated) ON CONFLICT (application) DO UPDATE SET version = excluded.version,"
                 " sequence = excluded.sequence, state = excluded.state,"
                 " county_code = excluded.county_code, item_code = excluded.item_code,"
                 " create_ms = COALESCE(excluded.create_ms, create_ms),"
                 " submit_ms = COALESCE(excluded.submit_ms, submit_ms),"
                 " acceptance_ms = COALESCE(acceptance_ms, excluded.acceptance_ms),"
                 " update_ms = excluded.update_ms",
          use(application_), use(version_), use(sequence_), use(state_), use(county_code_),
          use(item_code_), use(create_ms_, create_known_), use(submit_ms_, submit_known_),
          use(acceptance_ms_, acceptance_known_), use(time_ms_))),
      // The clocks of two instances may differ by a little: no stage takes less than no time.
      leave_stage_((session.prepare << "UPDATE stage_times SET left_ms = MAX(entered_ms, :time)"
                                       " WHERE application = :application AND left_ms IS NULL",
                    use(time_ms_), use(application_))),
      enter_stage_((session.prepare << "INSERT INTO stage_times (application, entered_version,"
                                       " stage, entered_ms) VALUES (:application, :version, :stage,"
                                       " :time)",
                    use(application_), use(version_), use(state_), use(time_ms_))),
      put_grant_(
          (session.prepare
               << "INSERT INTO grants (grant_name, version, sequence, application, county_code,"
                  " item_code, fiscal_year, state, amount_fen, update_ms) VALUES (:name, :version,"
                  " :sequence, :application, :county, :item, :year, :state, :amount, :time)"
                  " ON CONFLICT (grant_name) DO UPDATE SET version = excluded.version,"
                  " sequence = excluded.sequence, application = excluded.application,"
                  " county_code = excluded.county_code, item_code = excluded.item_code,"
                  " fiscal_year = excluded.fiscal_year, state = excluded.state,"
                  " amount_fen = excluded.amount_fen, update_ms = excluded.update_ms"
                  " WHERE excluded.version > version",
           use(subject_), use(version_), use(sequence_), use(application_), use(county_code_),
           use(item_code_), use(fiscal_year_), use(state_), use(amount_fen_), use(time_ms_))),
      put_budget_(
          (session.prepare
               << "INSERT INTO budgets (budget, version, sequence, county_code, fiscal_year,"
                  " allocated_fen, update_ms) VALUES (:budget, :version, :sequence, :county, :year,"
                  " :amount, :time) ON CONFLICT (budget) DO UPDATE SET version = excluded.version,"
                  " sequence = excluded.sequence, county_code = excluded.county_code,"
                  " fiscal_year = excluded.fiscal_year, allocated_fen = excluded.allocated_fen,"
                  " update_ms = excluded.update_ms WHERE excluded.version > version",
           use(subject_), use(version_), use(sequence_), use(county_code_), use(fiscal_year_),
           use(amount_fen_), use(time_ms_))) {}

void Projections::Apply(const event::v1::Event& event, int64_t sequence) {
  const std::unique_ptr<google::protobuf::Message> fact = UnpackFact(event);
  if (fact == nullptr) return;
  sequence_ = sequence;
  version_ = event.aggregate_version();
  time_ms_ = chassis::ToMillis(event.time());
  subject_ = event.subject();
  // By the field and not by the type: a new fact of the same aggregate counts without a change
  // here.
  if (event.source() == "applications") {
    const auto* application = FieldOf<applications::v1::Application>(*fact, "application");
    if (application != nullptr) ApplyApplication(*application, event);
  } else if (event.source() == "catalogue") {
    if (const auto* grant = FieldOf<catalogue::v1::Grant>(*fact, "grant")) ApplyGrant(*grant);
    if (const auto* budget = dynamic_cast<const catalogue::v1::BudgetAllocated*>(fact.get())) {
      ApplyBudget(*budget);
    }
  }
}

void Projections::ApplyApplication(const applications::v1::Application& application,
                                   const event::v1::Event& event) {
  application_ = event.subject();
  const bool known = FetchOne(find_application_);
  if (known && old_version_ >= version_) return;

  state_ = StateName(application.state());
  county_code_ = application.county_code();
  item_code_ = application.request().item_code();
  create_known_ = application.has_create_time() ? soci::i_ok : soci::i_null;
  create_ms_ = chassis::ToMillis(application.create_time());
  submit_known_ = application.has_submit_time() ? soci::i_ok : soci::i_null;
  submit_ms_ = chassis::ToMillis(application.submit_time());
  const bool accepted =
      event.type() == applications::v1::ApplicationAccepted::descriptor()->full_name();
  acceptance_known_ = accepted ? soci::i_ok : soci::i_null;
  acceptance_ms_ = time_ms_;
  put_application_.execute(true);

  if (known && old_state_ == state_) return;
  if (known) leave_stage_.execute(true);
  enter_stage_.execute(true);
}

void Projections::ApplyGrant(const catalogue::v1::Grant& grant) {
  application_ = grant.application();
  state_ = StateName(grant.state());
  county_code_ = grant.county_code();
  item_code_ = grant.decision().item_code();
  fiscal_year_ = grant.fiscal_year();
  amount_fen_ = grant.amount_fen();
  put_grant_.execute(true);
}

void Projections::ApplyBudget(const catalogue::v1::BudgetAllocated& fact) {
  county_code_ = fact.county_code();
  fiscal_year_ = fact.fiscal_year();
  amount_fen_ = fact.allocated_fen();
  put_budget_.execute(true);
}

}  // namespace fuju::audit
