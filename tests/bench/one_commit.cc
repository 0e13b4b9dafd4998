#include "bench/one_commit.h"

#include <iterator>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "bench/pipeline.h"

namespace fuju::bench {

std::string EncodedCommit(chassis::Commit& commit, const chassis::Command& command,
                          const chassis::Keys& keys) {
  const auto append = [](std::vector<std::string> more, std::vector<std::string>& words) {
    std::move(more.begin(), more.end(), std::back_inserter(words));
  };
  const std::string aggregate =
      keys.Aggregate(commit.partition, commit.location.kind, commit.location.id);
  std::vector<std::string> key_words = chassis::CommonCommitKeys(keys, commit.partition);
  append(chassis::CommitKeys(commit, aggregate, keys), key_words);
  std::vector<std::string> words = {"EVALSHA", chassis::CommitScript().sha1(),
                                    absl::StrCat(key_words.size())};
  append(std::move(key_words), words);
  append(chassis::CommonCommitArgs(absl::Hours(168)), words);
  append(chassis::CommitArgs(commit, command, keys), words);
  return Encoded(words);
}

}  // namespace fuju::bench
