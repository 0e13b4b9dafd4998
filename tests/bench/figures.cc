#include "bench/figures.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include <nlohmann/json.hpp>

#include "bench/measure.h"

namespace fuju::bench {
namespace {

struct Goal {
  bool at_least;
  double value;
};

// What is asked of the figures; the others are told for themselves.
const std::map<std::string, Goal>& Goals() {
  static const auto* const kGoals = new std::map<std::string, Goal>{
      {"submit_vs_noop", {true, 0.65}},
      {"reaction_vs_raw", {true, 0.8}},
      {"saga_vs_bullmq", {true, 10}},
      {"saga_p50_vs_bullmq", {false, 0.33}},
      {"saga_p99_vs_bullmq", {false, 0.33}},
      {"always_vs_everysec", {true, 0.85}},
      {"first_event_ms", {false, 1}},
      {"redis_bytes_per_application", {false, 3000}},
      {"rss_mib", {false, 40}},
      {"start_ms", {false, 300}},
      {"flat_submit", {true, 0.9}},
      {"flat_list", {true, 0.9}},
      {"goodput_vs_peak", {true, 0.8}},
      {"import_rows_per_s", {true, 2000}},
      {"queue_page_p99_ms", {false, 5}},
      {"quotes_per_s", {true, 300000}},
  };
  return *kGoals;
}

std::string Short(double value) {
  return value >= 100 ? absl::StrFormat("%.0f", value) : absl::StrFormat("%.3g", value);
}

}  // namespace

void Figures::Add(const std::string& name, double sample) {
  if (samples_.count(name) == 0) order_.push_back(name);
  samples_[name].push_back(sample);
}

void Figures::AddRatio(const std::string& name, const std::string& over, const std::string& under) {
  const double divisor = Value(under);
  Add(name, divisor == 0 ? 0 : Value(over) / divisor);
}

void Figures::Note(std::string text) { notes_.push_back(std::move(text)); }

double Figures::Value(const std::string& name) const {
  const auto found = samples_.find(name);
  return found == samples_.end() ? 0 : Median(found->second);
}

std::string Figures::Table() const {
  std::string table =
      absl::StrFormat("%-32s %10s  %-21s %9s\n", "figure", "value", "range", "goal");
  for (const std::string& name : order_) {
    const std::vector<double>& samples = samples_.at(name);
    const double value = Median(samples);
    const auto [least, most] = std::minmax_element(samples.begin(), samples.end());
    const std::string range =
        samples.size() > 1 ? absl::StrCat(Short(*least), " .. ", Short(*most)) : "";
    absl::StrAppendFormat(&table, "%-32s %10s  %-21s", name, Short(value), range);
    if (const auto goal = Goals().find(name); goal != Goals().end()) {
      const bool met =
          goal->second.at_least ? value >= goal->second.value : value <= goal->second.value;
      absl::StrAppendFormat(
          &table, " %9s  %s",
          absl::StrCat(goal->second.at_least ? ">= " : "<= ", Short(goal->second.value)),
          met ? "met" : "not met");
    }
    absl::StrAppend(&table, "\n");
  }
  for (const std::string& note : notes_) absl::StrAppend(&table, "note: ", note, "\n");
  return table;
}

std::string Figures::Json() const {
  nlohmann::ordered_json json;
  for (const std::string& name : order_) json[name] = Value(name);
  json["notes"] = notes_;
  return json.dump();
}

}  // namespace fuju::bench
