#include "bench/redis_keys.h"

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "bench/stage.h"

namespace fuju::bench {

using chassis::redis::BlockingConnection;
using chassis::redis::Command;
using chassis::redis::Reply;

Reply Ask(BlockingConnection& redis, const Command& command) {
  const auto reply = redis.Call(command, absl::ZeroDuration());
  if (!reply.ok()) Fail(reply.status().ToString());
  if (reply->is_error()) Fail(absl::StrCat(command[0], ": ", reply->text()));
  return *reply;
}

std::vector<std::string> AllKeys(BlockingConnection& redis) {
  std::vector<std::string> keys;
  std::string cursor = "0";
  do {
    const Reply page = Ask(redis, {"SCAN", cursor, "COUNT", "1000"});
    cursor = page[0].text();
    for (const Reply& key : page[1].items()) keys.push_back(key.text());
  } while (cursor != "0");
  return keys;
}

}  // namespace fuju::bench
