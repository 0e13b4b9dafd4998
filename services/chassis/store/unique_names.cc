#include "chassis/store/unique_names.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "chassis/store/unique_name.lua.h"
#include "chassis/values/refusal.h"

namespace fuju::chassis {
namespace {

constexpr absl::Duration kTimeout = absl::Seconds(2);

const redis::Script& UniqueNameScript() {
  static const auto* const kScript = new redis::Script(kUniqueNameLua);
  return *kScript;
}

absl::Status Outcome(const std::string& name, const absl::StatusOr<redis::Reply>& reply) {
  if (!reply.ok()) return reply.status();
  if (reply->is_error()) {
    return Refusal(absl::StatusCode::kInternal, "INTERNAL", "内部错误，请联系运维人员",
                   absl::StrCat("unique name script: ", reply->text()));
  }
  const std::string& holder = reply->text();
  if (holder.empty()) return absl::OkStatus();
  return Refusal(absl::StatusCode::kAlreadyExists, "CLAIM_HELD",
                 absl::StrCat("“", name, "”已被 ", holder, " 占用"),
                 absl::StrCat("\"", name, "\" is held by ", holder))
      .With("claim", name)
      .With("holder", holder);
}

}  // namespace

UniqueNames::UniqueNames(redis::Client* client, Keys keys, absl::Duration tentative)
    : client_(client), keys_(std::move(keys)), tentative_(tentative) {}

void UniqueNames::Claim(std::string name, std::string holder,
                        std::function<void(absl::Status)> done) {
  Run("claim", std::move(name), std::move(holder), std::move(done));
}

void UniqueNames::Confirm(std::string name, std::string holder,
                          std::function<void(absl::Status)> done) {
  Run("confirm", std::move(name), std::move(holder), std::move(done));
}

void UniqueNames::Release(std::string name, std::string holder,
                          std::function<void(absl::Status)> done) {
  Run("release", std::move(name), std::move(holder), std::move(done));
}

void UniqueNames::Run(std::string_view step, std::string name, std::string holder,
                      std::function<void(absl::Status)> done) {
  std::string key = keys_.UniqueName(keys_.PartitionOf(name), name);
  client_->Eval(
      UniqueNameScript(), {std::move(key)},
      {std::string(step), std::move(holder), absl::StrCat(absl::ToInt64Milliseconds(tentative_))},
      kTimeout,
      [name = std::move(name), done = std::move(done)](absl::StatusOr<redis::Reply> reply) {
        done(Outcome(name, reply));
      });
}

}  // namespace fuju::chassis
