#pragma once

#include <string>
#include <vector>

#include "bench/figures.h"
#include "bench/stage.h"

namespace fuju::bench {

// Figures of a part of the benchmark that several files measure (--only=<part>). A file registers
// its own before main runs, so the files of a part share no list.
//
//   const RegisteredFigures kQueue("applications", "queue", MeasureQueue);
class RegisteredFigures {
 public:
  using Measure = void (*)(Stage& stage, Figures& figures);
  struct Group {
    std::string part;
    std::string name;
    Measure measure;
  };

  RegisteredFigures(std::string part, std::string group, Measure measure);

  // All groups that were registered, by name.
  static std::vector<Group> All();
};

}  // namespace fuju::bench
