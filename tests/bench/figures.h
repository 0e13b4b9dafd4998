#pragma once

#include <map>
#include <string>
#include <vector>

namespace fuju::bench {

// The figures of one run of the benchmark. Their names are a contract with those who compare runs.
// Not thread-safe.
class Figures {
 public:
  // One more sample; a figure's value is the median of its samples.
  void Add(const std::string& name, double sample);
  // The quotient of two figures' medians.
  void AddRatio(const std::string& name, const std::string& over, const std::string& under);
  // Something that was seen and should be told with the figures.
  void Note(std::string text);

  double Value(const std::string& name) const;

  // A table of figure, value, range, goal, met or not; then the notes.
  std::string Table() const;
  std::string Json() const;

 private:
  std::map<std::string, std::vector<double>> samples_;
  std::vector<std::string> order_;
  std::vector<std::string> notes_;
};

}  // namespace fuju::bench
