#include "chassis/store/unique_names.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "chassis/store/unique_name.lua.h"
#include "chassis/values/refusal.h"

namespace fuju::chassis {
namespace {

constexpr absl::Duration kTimeout = absl::Seconds(2);
// Holders that are asked in one claim: more than one only if others take the name at that moment.
constexpr int kMostHolders = 3;

const redis::Script& UniqueNameScript() {
  static const auto* const kScript = new redis::Script(kUniqueNameLua);
  return *kScript;
}

absl::Status CheckReply(const absl::StatusOr<redis::Reply>& reply) {
  if (!reply.ok()) return reply.status();
  if (reply->is_array()) return absl::OkStatus();
  return Refusal(absl::StatusCode::kInternal, "INTERNAL", "内部错误，请联系运维人员",
                 absl::StrCat("unique name script: ", reply->text()));
}

absl::Status Held(const std::string& name, const std::string& holder) {
  return Refusal(absl::StatusCode::kAlreadyExists, "CLAIM_HELD",
                 absl::StrCat("“", name, "”已被 ", holder, " 占用"),
                 absl::StrCat("\"", name, "\" is held by ", holder))
      .With("claim", name)
      .With("holder", holder);
}

}  // namespace

struct UniqueNames::Context {
  redis::Client* client;
  Keys keys;
  absl::Duration patience;
  Ask ask;

  void Run(std::string_view step, const std::string& name, const std::string& holder,
           const std::string& from, redis::Client::Callback answered) const {
    Keys::NameRecord record = keys.RecordOfName(keys.PartitionOf(name), name);
    client->Eval(UniqueNameScript(), {std::move(record.key)},
                 {std::string(step), std::move(record.field), holder, from}, kTimeout,
                 std::move(answered));
  }
};

struct UniqueNames::Attempt {
  std::shared_ptr<const Context> context;
  std::string name;
  std::string holder;
  std::function<void(absl::Status)> done;
  // What the name may be taken from.
  std::string from;
  int asked = 0;
};

UniqueNames::UniqueNames(redis::Client* client, Keys keys, absl::Duration patience, Ask ask)
    : context_(std::make_shared<const Context>(
          Context{client, std::move(keys), patience, std::move(ask)})) {}

void UniqueNames::Claim(std::string name, std::string holder,
                        std::function<void(absl::Status)> done) const {
  Try(std::make_shared<Attempt>(Attempt{.context = context_,
                                        .name = std::move(name),
                                        .holder = std::move(holder),
                                        .done = std::move(done),
                                        .from = ""}));
}

void UniqueNames::Try(std::shared_ptr<Attempt> attempt) {
  const Context& context = *attempt->context;
  context.Run("claim", attempt->name, attempt->holder, attempt->from,
              [attempt](absl::StatusOr<redis::Reply> reply) {
                const absl::Status status = CheckReply(reply);
                if (!status.ok() || reply->size() == 0) return attempt->done(status);
                const std::string other = (*reply)[0].text();
                const bool recent =
                    absl::Milliseconds((*reply)[1].integer()) < attempt->context->patience;
                attempt->from = (*reply)[2].text();
                if (++attempt->asked > kMostHolders) {
                  return attempt->done(Held(attempt->name, other));
                }
                attempt->context->ask(
                    attempt->name, other, [attempt, other, recent](absl::StatusOr<Standing> is) {
                      if (!is.ok()) return attempt->done(is.status());
                      if (*is == Standing::kHolds || (*is == Standing::kPending && recent)) {
                        return attempt->done(Held(attempt->name, other));
                      }
                      Try(attempt);
                    });
              });
}

void UniqueNames::Release(std::string name, std::string holder,
                          std::function<void(absl::Status)> done) const {
  context_->Run(
      "release", name, holder, "",
      [done = std::move(done)](absl::StatusOr<redis::Reply> reply) { done(CheckReply(reply)); });
}

}  // namespace fuju::chassis
