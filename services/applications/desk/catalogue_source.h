#pragma once

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "fuju/catalogue/v1/catalogue.pb.h"

namespace fuju::applications {

// What the desk asks the catalogue service. A port: RemoteCatalogue asks it by gRPC.
class CatalogueSource {
 public:
  // Who asks, in which trace, and until when the answer is of use.
  struct Asking {
    std::string actor;
    std::string traceparent;
    absl::Time deadline;
  };
  template <typename Answer>
  using Done = std::function<void(absl::StatusOr<Answer>)>;

  virtual ~CatalogueSource() = default;

  // By name. `done` is called once, on any thread: the answer, NOT_FOUND, or an error with a reason
  // of error_reason.proto, SOURCE_UNAVAILABLE if the service did not answer.
  virtual void GetGrant(const std::string& name, const Asking& asking,
                        Done<catalogue::v1::Grant> done) = 0;
  virtual void GetBudget(const std::string& name, const Asking& asking,
                         Done<catalogue::v1::Budget> done) = 0;
};

}  // namespace fuju::applications
