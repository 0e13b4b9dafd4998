#include "simulation/simulation.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"

namespace fuju::simulation {
namespace {

// What may pass between two steps: longer than a call waits for its turn, and far shorter than any
// claim or limit lasts.
constexpr absl::Duration kMoment = absl::Seconds(3);

}  // namespace

Simulation::Simulation(Commons* commons, Schedule* schedule, Plan plan,
                       std::vector<std::string>* history)
    : commons_(commons),
      schedule_(schedule),
      plan_(std::move(plan)),
      history_(history),
      redis_(&commons->scripts, &commons->clock),
      committed_(commons),
      invariants_(&redis_, &committed_),
      actors_(commons, schedule, &plan_, &committed_, &invariants_) {
  commons_->clock.Set(StartOfRun());
  processes_.resize(static_cast<size_t>(kServices * kInstances));
  started_.resize(processes_.size());
  losses_.resize(static_cast<size_t>(kServices));
  for (int i = 0; i < kServices * kInstances; ++i) Start(i);
  for (int service = 0; service < kServices; ++service) {
    const chassis::Keys keys = KeysOf(static_cast<Service>(service));
    for (int partition = 0; partition < kPartitions; ++partition) {
      leases_.push_back(&redis_.At(keys.Lease(partition)));
      timers_.push_back(&redis_.At(keys.Timers(partition)));
      processes_[static_cast<size_t>(service * kInstances + partition % kInstances)]->Acquire(
          partition);
    }
  }
}

Simulation::~Simulation() {
  // Calls end before what they were made of.
  processes_.clear();
}

template <typename... Parts>
void Simulation::Note(const Parts&... parts) {
  // The founding is the same in every run.
  if (history_ != nullptr && founded_) history_->push_back(absl::StrCat(steps_, " ", parts...));
}

void Simulation::Start(int process) {
  const auto service = static_cast<Service>(process / kInstances);
  const auto at = static_cast<size_t>(process);
  ++started_[at];
  processes_[at] = std::make_unique<SimulatedProcess>(
      commons_, &redis_, service,
      absl::StrCat(NameOf(service), process % kInstances == 0 ? "-a" : "-b"),
      static_cast<uint64_t>(process * 1000 + started_[at]), actors_.Directory());
}

SimulatedProcess& Simulation::Any(Service service) {
  const uint32_t instance = schedule_->Choose(kInstances);
  return *processes_[static_cast<size_t>(service) * kInstances + instance];
}

Manner Simulation::manner() const {
  if (steps_ < rough_until_) return Manner::kRough;
  return plan_.keeps_fates ? Manner::kFated : Manner::kGentle;
}

void Simulation::Run() {
  Found();
  rough_until_ = steps_ + plan_.rough_steps;
  faults_left_ = plan_.most_faults;
  founded_ = true;
  while (invariants_.broken().empty()) {
    if (++steps_ > plan_.most_steps) {
      return invariants_.Break("every case ends", "the run does not come to an end");
    }
    const bool gentle = manner() == Manner::kGentle;
    if (!gentle && faults_left_ > 0 && schedule_->Chance(plan_.fault_rate)) Disturb();
    CollectOptions(/*may_act=*/!gentle);
    if (!options_.empty()) {
      Do(options_[schedule_->Choose(static_cast<uint32_t>(options_.size()))]);
    } else if (!GoOn()) {
      if (manner() != Manner::kRough) return invariants_.CheckEnd();
      // Whatever is open waits for somebody who does nothing.
      rough_until_ = steps_;
    }
    actors_.Sweep();
  }
}

void Simulation::Found() {
  actors_.Found();
  for (;;) {
    CollectOptions(/*may_act=*/false);
    if (options_.empty()) return;
    ++steps_;
    Do(options_.front());
    actors_.Sweep();
  }
}

// In an order that lets the first option always bring things forward.
void Simulation::CollectOptions(bool may_act) {
  using What = Option::What;
  options_.clear();
  for (const auto& process : processes_) {
    if (process->client().CanAnswer()) options_.push_back({What::kAnswer, process.get()});
    if (process->client().CanCarryOut()) options_.push_back({What::kCarryOut, process.get()});
    if (process->client().CanRunTask()) options_.push_back({What::kTask, process.get()});
    for (const auto& [partition, held] : process->held()) {
      if (held->NextStep() == HeldPartition::Next::kNone) continue;
      options_.push_back({What::kPartition, process.get(), partition});
    }
  }
  for (size_t i = 0; i < leases_.size(); ++i) {
    if (!leases_[i]->exists()) options_.push_back({What::kAcquire, nullptr, static_cast<int>(i)});
  }
  for (size_t i = 0; i < actors_.open().size(); ++i) {
    if (actors_.open()[i]->unanswered()) {
      options_.push_back({What::kSend, nullptr, static_cast<int>(i)});
    }
  }
  if (may_act && !options_.empty()) options_.push_back({What::kAct});
}

void Simulation::Do(const Option& option) {
  using What = Option::What;
  switch (option.what) {
    case What::kAnswer:
      Note(option.process->instance(), " gets an answer");
      return option.process->client().Answer();
    case What::kCarryOut:
      Note("Redis carries out for ", option.process->instance(), ": ",
           option.process->client().Next());
      return option.process->client().CarryOut();
    case What::kTask:
      Note(option.process->instance(), " goes on after a pause");
      return option.process->client().RunTask();
    case What::kPartition: {
      const auto held = option.process->held().find(option.at);
      static constexpr const char* kSteps[] = {"waits on",        "begins",   "reads",
                                               "polls timers of", "has lost", "gives back"};
      static_assert(std::size(kSteps) == static_cast<size_t>(HeldPartition::Next::kRelease) + 1);
      Note(option.process->instance(), " ", kSteps[static_cast<int>(held->second->NextStep())],
           " partition ", option.at);
      held->second->Step(0);
      if (held->second->finished()) option.process->held().erase(held);
      return;
    }
    case What::kAcquire: {
      const auto service = static_cast<Service>(option.at / kPartitions);
      const int partition = option.at % kPartitions;
      SimulatedProcess& process = Any(service);
      // A loss that it has not noticed yet: it takes what it has again.
      process.held().erase(partition);
      process.Acquire(partition);
      return Note(process.instance(), " gets partition ", partition);
    }
    case What::kSend: {
      Rpc& rpc = *actors_.open()[static_cast<size_t>(option.at)];
      SimulatedProcess& process = Any(rpc.service());
      Note("to ", process.instance(), ": ", rpc.what());
      return rpc.Send(process);
    }
    case What::kAct:
      SomebodyActs();
      return;
  }
}

void Simulation::Disturb() {
  --faults_left_;
  const auto at = schedule_->Choose(static_cast<uint32_t>(processes_.size()));
  SimulatedProcess& process = *processes_[at];
  switch (schedule_->Choose(9)) {
    case 0:
      Note("the connection of ", process.instance(), " is cut");
      return process.client().Cut();
    case 1:
      if (!process.client().CanTimeOut()) return;
      Note(process.instance(), " waits no longer for ", process.client().Next());
      return process.client().TimeOut();
    case 2:
      if (MayLose(process.service())) Crash(static_cast<int>(at));
      return;
    case 3:
      if (!MayLose(process.service())) return;
      for (const auto& [partition, held] : process.held()) {
        Note(process.instance(), " loses partition ", partition, " and does not know it");
        redis_.Run({"DEL", KeysOf(process.service()).Lease(partition)});
      }
      return;
    case 4:
      for (const auto& [partition, held] : process.held()) {
        Note(process.instance(), " hands partition ", partition, " over");
        held->Drain();
      }
      return;
    case 5:
      if (!MayLose(process.service())) return;
      for (const auto& [partition, held] : process.held()) {
        const int lost = 1 + static_cast<int>(schedule_->Choose(6));
        Note(process.instance(), " does not get answer ", lost, " about partition ", partition);
        held->Step(lost);
      }
      return std::erase_if(process.held(),
                           [](const auto& held) { return held.second->finished(); }),
             void();
    case 6:
      // Somebody did not see an answer that came.
      if (Rpc* const rpc = actors_.AnyGranted(); rpc != nullptr) {
        SimulatedProcess& other = Any(rpc->service());
        Note("once more, to ", other.instance(), ": ", rpc->what());
        rpc->Send(other);
      }
      return;
    case 7:
      Note("a moment passes");
      return commons_->clock.Advance(kMoment);
    default:
      // Somebody is impatient: the same request once more, beside the first one.
      for (const auto& rpc : actors_.open()) {
        if (rpc->open() != 1) continue;
        SimulatedProcess& other = Any(rpc->service());
        Note("again, to ", other.instance(), ": ", rpc->what());
        return rpc->Send(other);
      }
  }
}

bool Simulation::MayLose(Service service) {
  constexpr int kMost = 2;
  return ++losses_[static_cast<size_t>(service)] <= kMost;
}

void Simulation::Crash(int process) {
  SimulatedProcess& dying = *processes_[static_cast<size_t>(process)];
  Note(dying.instance(), " dies and is started again");
  std::vector<std::string> leases;
  for (const auto& [partition, held] : dying.held()) {
    leases.push_back(KeysOf(dying.service()).Lease(partition));
  }
  processes_[static_cast<size_t>(process)].reset();
  actors_.Sweep();
  for (const std::string& lease : leases) redis_.Run({"DEL", lease});
  Start(process);
}

bool Simulation::GoOn() {
  // Now and then nobody does anything until the next limit has passed.
  const bool idle = manner() == Manner::kRough && schedule_->Chance(250);
  if (idle) return PassTime() || SomebodyActs();
  return SomebodyActs() || PassTime();
}

bool Simulation::SomebodyActs() {
  if (!actors_.CanAct(manner()) || !actors_.Act(manner())) return false;
  Note(actors_.last());
  return true;
}

bool Simulation::PassTime() {
  absl::Time next = actors_.NextMoment();
  for (const Slot* slot : timers_) {
    const auto* due = std::get_if<SortedSet>(&slot->value);
    if (due != nullptr) next = std::min(next, absl::FromUnixMillis(due->order.begin()->first));
  }
  if (next == absl::InfiniteFuture()) return false;
  losses_.assign(losses_.size(), 0);
  if (next > commons_->clock.Now()) commons_->clock.Set(next);
  Note("it is ", absl::FormatTime("%Y-%m-%d %H:%M", next, absl::UTCTimeZone()));
  return true;
}

}  // namespace fuju::simulation
