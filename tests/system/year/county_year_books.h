#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

namespace fuju::catalogue {

// What a county's year must come to, kept by the simplest means: a case has an amount and a state,
// and money is handed out by the date of the application. Knows nothing of funds, transfers,
// batches or the service's code.
class YearBooks {
 public:
  enum class State { kQueued, kReserved, kRefused, kReleased, kSettled, kPaid };

  // Money comes in; who waits is served.
  void Appropriate(int64_t amount_fen);
  // A person applies: `amount_fen` is what the fund owes; 0: not eligible. Numbers rise.
  void Apply(int number, int64_t amount_fen);
  // The price was fixed and the fund owes less.
  void Reprice(int number, int64_t amount_fen);
  // The case ends without a device.
  void End(int number);
  // The device is accepted.
  void Accept(int number);
  // The treasury paid it.
  void Pay(int number);

  State state(int number) const { return cases_.at(number).state; }
  int64_t amount(int number) const { return cases_.at(number).amount_fen; }
  const std::deque<int>& queue() const { return queue_; }
  // Cases in a state, by rising number.
  std::vector<int> In(State state) const;
  // What all cases in a state come to.
  int64_t Sum(State state) const;
  int64_t appropriated() const { return appropriated_; }
  int64_t available() const { return available_; }

 private:
  struct Case {
    int64_t amount_fen = 0;
    State state = State::kRefused;
  };

  // Nobody overtakes one who waits.
  void Serve();

  std::map<int, Case> cases_;
  std::deque<int> queue_;
  int64_t appropriated_ = 0;
  int64_t available_ = 0;
};

}  // namespace fuju::catalogue
