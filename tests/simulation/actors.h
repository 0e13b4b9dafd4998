#pragma once

#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "simulation/committed.h"
#include "simulation/commons.h"
#include "simulation/deed.h"
#include "simulation/invariants.h"
#include "simulation/plan.h"
#include "simulation/rpc.h"
#include "simulation/schedule.h"

namespace fuju::simulation {

// How everybody acts: as comes to mind; as the fates of the cases want it, taking their time; or
// only what brings a case to its end.
enum class Manner { kRough, kFated, kGentle };

// Everybody outside of the services: applicants, reviewers, vendors, the prefecture's desk,
// technicians and the finance office. They see what is committed and send the services' own
// commands. Not thread-safe.
class Actors {
 public:
  // What is passed outlives it.
  Actors(Commons* commons, Schedule* schedule, const Plan* plan, const Committed* committed,
         Invariants* invariants);

  // The vendors of the run, with which the dispatch services start.
  dispatch::VendorDirectory Directory() const;

  // The commands that come before all: budgets, vendors, technicians.
  void Found();

  // False once nobody has anything to do as things stand.
  bool CanAct(Manner manner);
  // Somebody sends a command. False if nobody did.
  bool Act(Manner manner);

  // Commands under way, the oldest first; an ended one leaves with Sweep.
  const std::vector<std::unique_ptr<Rpc>>& open() const { return open_; }
  // One of the commands that were granted lately; null if there is none.
  Rpc* AnyGranted();
  // Takes note of the answers.
  void Sweep();

  // The next moment at which somebody could do something that waits for the time, such as a visit;
  // InfiniteFuture if there is none.
  absl::Time NextMoment() const;

  const std::string& last() const { return last_; }
  // Of a case of the plan; null if it was not made.
  const applications::storage::v1::ApplicationRecord* ApplicationOf(size_t planned) const {
    return RecordOf(cases_[planned]);
  }

 private:
  using Record = applications::storage::v1::ApplicationRecord;

  // One application, from before it exists.
  struct Case {
    int number = 0;
    const Plan::Case* plan = nullptr;
    std::string id;  // empty until it was made
    // The turn of its fate that is next, and how often its deed was done.
    size_t turn = 0;
    int done = 0;
    int under_way = 0;
    int booked = 0;
    int completed = 0;
    bool refused = false;  // another case of the person is open
    bool over = false;     // its fate has nothing more for it
    // Nobody does anything about it until then.
    absl::Time silent_until = absl::InfinitePast();
  };
  // What an open command is about, and the turn of the fate that it is; of no turn: kNoTurn.
  static constexpr size_t kNoTurn = static_cast<size_t>(-1);
  struct Purpose {
    Case* of;
    size_t turn;
  };

  const Record* RecordOf(const Case& of) const;
  const applications::Stage* StageOf(const Record& record) const;
  bool IsSilent(const Case& of, Manner manner) const;
  // Null behind the last turn.
  const Turn* TurnOf(Case& of);
  bool IsThere(const Turn& turn, const Record* record) const;
  bool IsOver(const Turn& turn, const Record& record) const;
  // What somebody could do now.
  void GentleDeeds(const Case& of, int most, std::vector<Deed>& deeds) const;
  void FatedDeeds(Case& of, Manner manner, std::vector<Deed>& deeds);
  void RoughDeeds(const Case& of, std::vector<Deed>& deeds) const;
  void RoughOfficerDeeds(const Case& of, const Record& record, std::vector<Deed>& deeds) const;
  void RoughVendorDeeds(const Case& of, std::vector<Deed>& deeds) const;

  void Do(Case& of, const Deed& deed, Manner manner);
  // One of these does it; false if it is none of its deeds.
  bool DoForApplicant(Case& of, const Deed& deed);
  bool DoForOffice(Case& of, const Deed& deed);
  void DoForVendor(Case& of, const Deed& deed, Manner manner);
  absl::Time VisitStart(int number) const;
  std::string OfficerOf(const Record& record) const;

  template <typename Request, typename Response, typename Method>
  void Send(Case* of, Service service, const std::string& what, const std::string& actor,
            Request request, Method method) {
    request.set_request_id(absl::StrCat("request-", ++requests_));
    open_.push_back(std::make_unique<RpcOf<Request, Response>>(what, service, actor,
                                                               std::move(request), method));
    purposes_.push_back({of, kNoTurn});
    if (of != nullptr) ++of->under_way;
    last_ = absl::StrCat(actor, ": ", what);
  }
  // A command on an application.
  template <typename Request, typename Method>
  bool SendFor(Case& of, const Deed& deed, const char* what, const std::string& actor,
               Request request, Method method) {
    request.set_name(deed.name);
    Send<Request, applications::v1::Application>(&of, Service::kApplications,
                                                 absl::StrCat(what, " ", deed.name), actor,
                                                 std::move(request), method);
    return true;
  }
  void TakeAnswer(const Rpc& rpc, const Purpose& purpose);
  void LearnNames();

  Commons* const commons_;
  Schedule* const schedule_;
  const Plan* const plan_;
  const Committed* const committed_;
  Invariants* const invariants_;
  std::vector<Case> cases_;
  std::vector<std::unique_ptr<Rpc>> open_;
  std::vector<Purpose> purposes_;  // beside open_
  // The newest last; kept for repeats.
  struct Granted {
    std::unique_ptr<Rpc> rpc;
    absl::Time at;
  };
  std::deque<Granted> granted_;
  size_t known_ = 0;  // applications whose case is known
  int requests_ = 0;
  std::string last_;
};

}  // namespace fuju::simulation
