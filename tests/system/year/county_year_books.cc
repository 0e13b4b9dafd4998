#include "county_year_books.h"

#include <algorithm>

namespace fuju::catalogue {

void YearBooks::Appropriate(int64_t amount_fen) {
  appropriated_ += amount_fen;
  available_ += amount_fen;
  Serve();
}

void YearBooks::Apply(int number, int64_t amount_fen) {
  if (amount_fen == 0) {
    cases_[number] = {0, State::kRefused};
    return;
  }
  cases_[number] = {amount_fen, State::kQueued};
  queue_.push_back(number);
  Serve();
}

void YearBooks::Reprice(int number, int64_t amount_fen) {
  Case& one = cases_.at(number);
  available_ += one.amount_fen - amount_fen;
  one.amount_fen = amount_fen;
  Serve();
}

void YearBooks::End(int number) {
  Case& one = cases_.at(number);
  if (one.state == State::kRefused) return;
  if (one.state == State::kQueued) {
    queue_.erase(std::find(queue_.begin(), queue_.end(), number));
  } else {
    available_ += one.amount_fen;
  }
  one.state = State::kReleased;
  Serve();
}

void YearBooks::Accept(int number) { cases_.at(number).state = State::kSettled; }

void YearBooks::Pay(int number) { cases_.at(number).state = State::kPaid; }

std::vector<int> YearBooks::In(State state) const {
  std::vector<int> numbers;
  for (const auto& [number, one] : cases_) {
    if (one.state == state) numbers.push_back(number);
  }
  return numbers;
}

int64_t YearBooks::Sum(State state) const {
  int64_t sum = 0;
  for (const auto& [number, one] : cases_) {
    if (one.state == state) sum += one.amount_fen;
  }
  return sum;
}

void YearBooks::Serve() {
  while (!queue_.empty()) {
    Case& first = cases_.at(queue_.front());
    if (first.amount_fen > available_) return;
    available_ -= first.amount_fen;
    first.state = State::kReserved;
    queue_.pop_front();
  }
}

}  // namespace fuju::catalogue
