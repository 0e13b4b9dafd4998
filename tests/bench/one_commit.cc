#include "bench/one_commit.h"

#include <iterator>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "bench/pipeline.h"

namespace fuju::bench {

std::string EncodedCommit(chassis::Commit& commit, const chassis::Command& command,
                          const chassis::Keys& keys) {
  const std::string aggregate =
      keys.Aggregate(commit.partition, commit.location.kind, commit.location.id);
  chassis::CommitCall call =
      chassis::NewCommitCall(keys, commit.partition, /*request_retention=*/absl::Hours(168));
  chassis::BeginPartition(keys, commit.partition, call);
  std::vector<std::string> words = {"EVALSHA", chassis::CommitScript().sha1(), ""};
  const auto append = [](std::vector<std::string> more, std::vector<std::string>& to) {
    std::move(more.begin(), more.end(), std::back_inserter(to));
  };
  append(std::move(call.keys), words);
  append(chassis::CommitKeys(commit, aggregate, keys), words);
  words[2] = absl::StrCat(words.size() - 3);
  append(std::move(call.args), words);
  append(chassis::CommitArgs(commit, command, keys), words);
  return Encoded(words);
}

}  // namespace fuju::bench
