#include "chassis/store/aggregate_store.h"

#include "absl/strings/str_cat.h"

#include "chassis/values/refusal.h"

namespace fuju::chassis {

std::string EtagOf(int64_t version) { return absl::StrCat("v", version); }

namespace internal {

absl::Status Unreadable(const std::string& name, int64_t version) {
  return Refusal(absl::StatusCode::kDataLoss, "INTERNAL", "存储的数据无法读取，请联系运维人员",
                 absl::StrCat("the stored state of \"", name, "\" at version ", version,
                              " can not be parsed"))
      .With("resource", name);
}

}  // namespace internal
}  // namespace fuju::chassis
