#pragma once

#include <cstdint>
#include <string>

#include <soci/session.h>
#include <soci/statement.h>

#include "fuju/applications/v1/application.pb.h"
#include "fuju/catalogue/v1/catalogue.pb.h"
#include "fuju/catalogue/v1/catalogue_events.pb.h"
#include "fuju/event/v1/event.pb.h"

namespace fuju::audit {

// Keeps the tables applications, stage_times, grants and budgets equal to what the archived events
// say, inside the transaction that archives them. Each row follows the newest version of its
// aggregate: an older one that comes late changes nothing. Functions throw soci::soci_error. Not
// thread-safe.
class Projections {
 public:
  // `session` is a writer's connection and outlives this.
  explicit Projections(soci::session& session);
  Projections(const Projections&) = delete;
  Projections& operator=(const Projections&) = delete;

  // Applies an event that was just archived under `sequence`. Types without a projection, and types
  // that this program does not know, change nothing.
  void Apply(const event::v1::Event& event, int64_t sequence);

 private:
  void ApplyApplication(const applications::v1::Application& application,
                        const event::v1::Event& event);
  void ApplyGrant(const catalogue::v1::Grant& grant);
  void ApplyBudget(const catalogue::v1::BudgetAllocated& fact);

  // What the statements below are bound to.
  long long sequence_ = 0;
  long long version_ = 0;
  long long time_ms_ = 0;
  std::string subject_;
  std::string application_;
  std::string state_;
  std::string county_code_;
  std::string item_code_;
  long long create_ms_ = 0;
  soci::indicator create_known_ = soci::i_null;
  long long submit_ms_ = 0;
  soci::indicator submit_known_ = soci::i_null;
  long long acceptance_ms_ = 0;
  soci::indicator acceptance_known_ = soci::i_null;
  long long fiscal_year_ = 0;
  long long amount_fen_ = 0;
  long long old_version_ = 0;
  std::string old_state_;

  soci::statement find_application_;
  soci::statement put_application_;
  soci::statement leave_stage_;
  soci::statement enter_stage_;
  soci::statement put_grant_;
  soci::statement put_budget_;
};

// "CLOSED": the state's name without its prefix.
std::string StateName(applications::v1::ApplicationState state);
std::string StateName(catalogue::v1::GrantState state);

}  // namespace fuju::audit
