#include "chassis/streams/dead_letters.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "chassis/streams/entry_id.h"

namespace fuju::chassis {
namespace {

constexpr absl::Duration kTimeout = absl::Seconds(5);
constexpr int kPage = 200;

}  // namespace

DeadLetter ParseDeadLetter(int partition, const redis::Reply& entry) {
  DeadLetter letter;
  letter.partition = partition;
  letter.entry_id = entry[0].text();
  const redis::Reply& fields = entry[1];
  for (size_t i = 0; i + 1 < fields.size(); i += 2) {
    const std::string_view name = fields[i].text();
    const redis::Reply& value = fields[i + 1];
    if (name == "source") letter.source = value.text();
    if (name == "entry") letter.source_entry_id = value.text();
    if (name == "subject") letter.subject = value.text();
    if (name == "type") letter.type = value.text();
    if (name == "version") letter.version = value.integer();
    if (name == "attempts") letter.attempts = static_cast<int>(value.integer());
    if (name == "reason") letter.reason = value.text();
    if (name == "error") letter.error = value.text();
    if (name == "first") letter.first_failure = absl::FromUnixMillis(value.integer());
    if (name == "last") letter.last_failure = absl::FromUnixMillis(value.integer());
    if (name == "replays") letter.replays = static_cast<int>(value.integer());
    if (name == "e") letter.event = value.text();
  }
  return letter;
}

absl::Status ForEachDeadLetter(redis::Client& client, const std::string& stream, int partition,
                               const std::string& after,
                               const std::function<bool(const DeadLetter&)>& visit) {
  std::string start = absl::StrCat("(", after);
  while (true) {
    const absl::StatusOr<redis::Reply> page =
        client.Call({"XRANGE", stream, start, "+", "COUNT", absl::StrCat(kPage)}, kTimeout);
    if (!page.ok()) return page.status();
    if (page->is_error()) {
      return absl::InternalError(absl::StrCat("listing dead letters: ", page->text()));
    }
    for (const redis::Reply& entry : page->items()) {
      if (entry.size() < 2) continue;
      start = absl::StrCat("(", entry[0].text());
      if (!visit(ParseDeadLetter(partition, entry))) return absl::OkStatus();
    }
    if (page->size() < kPage) return absl::OkStatus();
  }
}

absl::StatusOr<std::vector<DeadLetter>> ListDeadLetters(redis::Client& client, const Keys& keys,
                                                        int limit) {
  std::vector<DeadLetter> letters;
  for (int partition = 0; partition < keys.partitions(); ++partition) {
    int left = limit;
    const absl::Status status = ForEachDeadLetter(client, keys.DeadLetters(partition), partition,
                                                  "0-0", [&](const DeadLetter& letter) {
                                                    if (left-- <= 0) return false;
                                                    letters.push_back(letter);
                                                    return true;
                                                  });
    if (!status.ok()) return status;
  }
  std::stable_sort(letters.begin(), letters.end(), [](const DeadLetter& a, const DeadLetter& b) {
    return EntryId::Parse(a.entry_id) < EntryId::Parse(b.entry_id);
  });
  if (letters.size() > static_cast<size_t>(std::max(limit, 0))) letters.resize(std::max(limit, 0));
  return letters;
}

}  // namespace fuju::chassis
