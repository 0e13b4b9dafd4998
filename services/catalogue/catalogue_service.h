#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include <grpcpp/grpcpp.h>

#include "catalogue/decision/subsidy_decision.h"
#include "catalogue/metrics.h"
#include "catalogue/versions/catalogue_importer.h"
#include "catalogue/versions/catalogue_watcher.h"
#include "catalogue/versions/version_reader.h"
#include "catalogue/wiring.h"
#include "chassis/rpc/call.h"
#include "fuju/catalogue/v1/catalogue_service.grpc.pb.h"

namespace fuju::catalogue {

// The gRPC edge: checks the shape (the gate), maps in, calls, maps out. Thread-safe.
class CatalogueService final : public v1::CatalogueService::CallbackService {
 public:
  // What is passed outlives this.
  CatalogueService(chassis::CallGate* gate, const CatalogueStores* stores,
                   const CatalogueWatcher* watcher, const CatalogueImporter* importer,
                   CatalogueMetrics* metrics);

  // Of versions: versions/version_calls_service.cc.
  grpc::ServerUnaryReactor* ImportCatalogue(grpc::CallbackServerContext* context,
                                            const v1::ImportCatalogueRequest* request,
                                            v1::CatalogueVersion* response) override;
  grpc::ServerUnaryReactor* PublishCatalogue(grpc::CallbackServerContext* context,
                                             const v1::PublishCatalogueRequest* request,
                                             v1::CatalogueVersion* response) override;
  grpc::ServerUnaryReactor* DiscardCatalogue(grpc::CallbackServerContext* context,
                                             const v1::DiscardCatalogueRequest* request,
                                             v1::CatalogueVersion* response) override;
  grpc::ServerUnaryReactor* GetCatalogueVersion(grpc::CallbackServerContext* context,
                                                const v1::GetCatalogueVersionRequest* request,
                                                v1::CatalogueVersion* response) override;
  grpc::ServerUnaryReactor* ListCatalogueVersions(
      grpc::CallbackServerContext* context, const v1::ListCatalogueVersionsRequest* request,
      v1::ListCatalogueVersionsResponse* response) override;
  grpc::ServerUnaryReactor* ExportCatalogue(grpc::CallbackServerContext* context,
                                            const v1::ExportCatalogueRequest* request,
                                            v1::ExportCatalogueResponse* response) override;
  grpc::ServerUnaryReactor* DiffCatalogues(grpc::CallbackServerContext* context,
                                           const v1::DiffCataloguesRequest* request,
                                           v1::CatalogueDiff* response) override;

  grpc::ServerUnaryReactor* GetItem(grpc::CallbackServerContext* context,
                                    const v1::GetItemRequest* request, v1::Item* response) override;
  grpc::ServerUnaryReactor* ListItems(grpc::CallbackServerContext* context,
                                      const v1::ListItemsRequest* request,
                                      v1::ListItemsResponse* response) override;
  grpc::ServerUnaryReactor* QuoteSubsidy(grpc::CallbackServerContext* context,
                                         const v1::QuoteSubsidyRequest* request,
                                         v1::SubsidyDecision* response) override;
  grpc::ServerUnaryReactor* AllocateBudget(grpc::CallbackServerContext* context,
                                           const v1::AllocateBudgetRequest* request,
                                           v1::Budget* response) override;
  grpc::ServerUnaryReactor* GetBudget(grpc::CallbackServerContext* context,
                                      const v1::GetBudgetRequest* request,
                                      v1::Budget* response) override;
  grpc::ServerUnaryReactor* ListBudgets(grpc::CallbackServerContext* context,
                                        const v1::ListBudgetsRequest* request,
                                        v1::ListBudgetsResponse* response) override;
  grpc::ServerUnaryReactor* GetGrant(grpc::CallbackServerContext* context,
                                     const v1::GetGrantRequest* request,
                                     v1::Grant* response) override;

 private:
  template <typename Response>
  using Done = std::function<void(absl::StatusOr<Response>)>;

  // The catalogue that a request for items means.
  absl::StatusOr<std::shared_ptr<const Catalogue>> CatalogueFor(const std::string& area_code,
                                                                const std::string& date) const;
  absl::StatusOr<v1::Item> FindItem(const v1::GetItemRequest& request) const;
  absl::StatusOr<v1::ListItemsResponse> PageOfItems(const v1::ListItemsRequest& request) const;
  void Quote(const chassis::CallInfo& call, const v1::QuoteInput& input,
             Done<v1::SubsidyDecision> done) const;
  void Allocate(const chassis::CallInfo& call, const v1::AllocateBudgetRequest& request,
                Done<v1::Budget> done) const;
  void FindBudget(const std::string& id, absl::Time deadline, Done<v1::Budget> done) const;
  void ReadBudget(const std::string& id, absl::Time deadline, Done<v1::Budget> done) const;
  void PageOfBudgets(const chassis::CallInfo& call, const v1::ListBudgetsRequest& request,
                     Done<v1::ListBudgetsResponse> done) const;

  chassis::CallGate* const gate_;
  const CatalogueStores* const stores_;
  const CatalogueWatcher* const watcher_;
  const CatalogueImporter* const importer_;
  // The policy of a version that has none.
  const PreparedPolicy policy_;
  const VersionReader versions_;
  CatalogueMetrics* const metrics_;
};

}  // namespace fuju::catalogue
