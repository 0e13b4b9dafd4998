#pragma once

#include <memory>
#include <string>

#include "applications/desk/catalogue_source.h"
#include "fuju/catalogue/v1/catalogue_service.grpc.pb.h"

namespace fuju::applications {

// The catalogue service by gRPC. Connects when it is asked first, and again by itself; a question
// that it can not take now is answered at once. Thread-safe. Destroy it after the last answer, not
// on a thread of gRPC.
class RemoteCatalogue final : public CatalogueSource {
 public:
  // `address` as host:port; empty: there is none, and every answer is SOURCE_UNAVAILABLE.
  explicit RemoteCatalogue(const std::string& address);

  void GetGrant(const std::string& name, const Asking& asking,
                Done<catalogue::v1::Grant> done) override;
  void GetBudget(const std::string& name, const Asking& asking,
                 Done<catalogue::v1::Budget> done) override;

 private:
  // Null without an address.
  std::unique_ptr<catalogue::v1::CatalogueService::Stub> stub_;
};

}  // namespace fuju::applications
