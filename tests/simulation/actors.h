#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "simulation/committed.h"
#include "simulation/commons.h"
#include "simulation/invariants.h"
#include "simulation/rpc.h"
#include "simulation/schedule.h"

namespace fuju::simulation {

struct Deed;

// Everybody outside of the services: applicants, reviewers, vendors, the prefecture's desk,
// technicians and the finance office. They see what is committed and send the services' own
// commands. Not thread-safe.
class Actors {
 public:
  // What is passed outlives it.
  Actors(Commons* commons, Schedule* schedule, const Committed* committed, Invariants* invariants);

  // The vendors of a run, with which the dispatch services start.
  static dispatch::VendorDirectory Directory();

  // The commands that come before all: budgets, vendors, technicians.
  void Found();

  // False once nobody has anything to do as things stand. `gentle`: everybody does only what brings
  // a case to its end.
  bool CanAct(bool gentle) const;
  // Somebody sends a command. False if nobody did.
  bool Act(bool gentle);

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

 private:
  // What somebody on a case's way always does until the run turns gentle. Without it the rarer ends
  // would hardly be reached.
  enum class Fate { kNone, kNobodyAtHome, kNeverSupplemented, kDeclined, kRejected };

  // One application, from before it exists.
  struct Case {
    int number = 0;
    Fate fate = Fate::kNone;
    int person = 0;
    std::string county;
    std::string id;  // empty until it was made
    int under_way = 0;
    int booked = 0;
    int completed = 0;
    bool refused = false;  // another case of the person is open
    // Nobody does anything about it until then.
    absl::Time silent_until = absl::InfinitePast();
  };

  void Plan();
  static Deed Fated(const Case& of, Deed deed);
  bool IsSilent(const Case& of, bool gentle) const;
  void GentleDeeds(const Case& of, std::vector<Deed>& deeds) const;
  void RoughDeeds(const Case& of, std::vector<Deed>& deeds) const;
  void Do(Case& of, const Deed& deed, bool gentle);
  void DoForApplication(Case& of, const Deed& deed);
  void DoForVendor(Case& of, const Deed& deed, bool gentle);
  absl::Time VisitStart(int number) const;
  template <typename Request, typename Response, typename Method>
  void Send(Case* of, Service service, const std::string& what, const std::string& actor,
            Request request, Method method);

  Commons* const commons_;
  Schedule* const schedule_;
  const Committed* const committed_;
  Invariants* const invariants_;
  std::vector<Case> cases_;
  std::vector<std::unique_ptr<Rpc>> open_;
  std::vector<Case*> of_open_;  // beside open_
  // The newest last; kept for repeats.
  struct Granted {
    std::unique_ptr<Rpc> rpc;
    absl::Time at;
  };
  std::deque<Granted> granted_;
  int requests_ = 0;
  std::string last_;
};

}  // namespace fuju::simulation
