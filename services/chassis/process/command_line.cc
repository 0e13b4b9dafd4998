#include "chassis/process/command_line.h"

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/flags/commandlineflag.h"
#include "absl/flags/parse.h"
#include "absl/flags/reflection.h"
#include "absl/flags/usage.h"
#include "absl/flags/usage_config.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace fuju::chassis {
namespace {

// Flag files may name others, but not without end.
constexpr int kDeepestFlagFile = 8;

class Parser {
 public:
  explicit Parser(const std::function<void(std::string)>& complain) : complain_(complain) {}

  void Parse(const std::vector<std::string>& words, int depth) {
    for (size_t i = 0; i < words.size(); ++i) {
      absl::string_view word = words[i];
      if (!absl::ConsumePrefix(&word, "--") && !absl::ConsumePrefix(&word, "-")) {
        complain_(absl::StrCat("unexpected argument \"", words[i], "\"; flags start with --"));
        continue;
      }
      const size_t equals = word.find('=');
      const std::string name(word.substr(0, equals));
      absl::CommandLineFlag* flag = absl::FindCommandLineFlag(name);
      const bool is_switch = flag != nullptr && flag->IsOfType<bool>();
      if (equals != absl::string_view::npos) {
        Set(name, flag, std::string(word.substr(equals + 1)), depth);
      } else if (is_switch) {
        Set(name, flag, "true", depth);
      } else if (flag == nullptr && IsNegated(name)) {
        const std::string positive = name.substr(2);
        Set(positive, absl::FindCommandLineFlag(positive), "false", depth);
      } else if (flag == nullptr || i + 1 == words.size()) {
        complain_(flag == nullptr ? Unknown(name) : absl::StrCat("--", name, " needs a value"));
      } else {
        Set(name, flag, words[++i], depth);
      }
    }
  }

 private:
  static bool IsNegated(const std::string& name) {
    if (!absl::StartsWith(name, "no")) return false;
    const absl::CommandLineFlag* flag = absl::FindCommandLineFlag(name.substr(2));
    return flag != nullptr && flag->IsOfType<bool>();
  }

  static std::string Unknown(const std::string& name) {
    return absl::StrCat("unknown flag --", name, "; --help lists all");
  }

  void Set(const std::string& name, absl::CommandLineFlag* flag, const std::string& value,
           int depth) {
    if (flag == nullptr) {
      complain_(Unknown(name));
      return;
    }
    if (name == "flagfile") {
      ReadFile(value, depth + 1);
      return;
    }
    std::string error;
    if (!flag->ParseFrom(value, &error)) {
      complain_(absl::StrCat("--", name, "=", value, ": ", absl::StripAsciiWhitespace(error)));
    }
  }

  void ReadFile(const std::string& path, int depth) {
    std::ifstream file(path);
    if (!file || depth > kDeepestFlagFile) {
      complain_(absl::StrCat("--flagfile=", path,
                             file ? ": flag files name each other" : ": can not be read"));
      return;
    }
    std::vector<std::string> words;
    std::string line;
    while (std::getline(file, line)) {
      const absl::string_view text = absl::StripAsciiWhitespace(line);
      if (text.empty() || text[0] == '#') continue;
      words.emplace_back(text);
    }
    Parse(words, depth);
  }

  const std::function<void(std::string)>& complain_;
};

[[noreturn]] void Help(const std::string& program, char** argv, char* flag) {
  absl::SetProgramUsageMessage(absl::StrCat(program, ", a service of Fuju. Flags:"));
  absl::FlagsUsageConfig config;
  config.contains_help_flags = [](absl::string_view file) {
    return absl::StrContains(file, "services/");
  };
  absl::SetFlagsUsageConfig(std::move(config));
  char* words[] = {argv[0], flag, nullptr};
  absl::ParseCommandLine(2, words);
  std::exit(EXIT_SUCCESS);
}

}  // namespace

void ParseFlags(const std::string& program, int argc, char** argv,
                const std::function<void(std::string complaint)>& complain) {
  std::vector<std::string> words;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--help" || word == "--helpfull" || word == "--version") {
      Help(program, argv, argv[i]);
    }
    words.emplace_back(word);
  }
  Parser(complain).Parse(words, 0);
}

}  // namespace fuju::chassis
