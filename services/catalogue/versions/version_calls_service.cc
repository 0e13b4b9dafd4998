// The calls of CatalogueService that are about versions.

#include <string>
#include <utility>

#include "catalogue/catalogue_service.h"
#include "vocabulary/civil_date.h"

namespace fuju::catalogue {
namespace {

ImportOrder OrderOf(const v1::ImportCatalogueRequest& request) {
  return {.label = request.version(),
          .area_code = request.area_code(),
          .title_zh = request.title_zh(),
          .files = {.csv = request.csv(),
                    .policy_json = request.policy_json(),
                    .top_ups_csv = request.top_ups_csv(),
                    .json = request.json()},
          .validate_only = request.validate_only()};
}

}  // namespace

grpc::ServerUnaryReactor* CatalogueService::ImportCatalogue(
    grpc::CallbackServerContext* context, const v1::ImportCatalogueRequest* request,
    v1::CatalogueVersion* response) {
  return gate_->Unary<v1::ImportCatalogueRequest, v1::CatalogueVersion>(
      context, request, response,
      [this](const chassis::CallInfo& call, const v1::ImportCatalogueRequest& asked, auto done) {
        importer_->Import(OrderOf(asked), call.ToCommand(asked), std::move(done));
      });
}

grpc::ServerUnaryReactor* CatalogueService::PublishCatalogue(
    grpc::CallbackServerContext* context, const v1::PublishCatalogueRequest* request,
    v1::CatalogueVersion* response) {
  return gate_->Unary<v1::PublishCatalogueRequest, v1::CatalogueVersion>(
      context, request, response,
      [this](const chassis::CallInfo& call, const v1::PublishCatalogueRequest& asked, auto done) {
        const absl::StatusOr<absl::CivilDay> effective =
            vocabulary::ParseCivilDate(asked.effective_date());
        if (!effective.ok()) return done(effective.status());
        importer_->Publish(CatalogueVersionLabel(asked.name()), *effective, call.ToCommand(asked),
                           std::move(done));
      });
}

grpc::ServerUnaryReactor* CatalogueService::DiscardCatalogue(
    grpc::CallbackServerContext* context, const v1::DiscardCatalogueRequest* request,
    v1::CatalogueVersion* response) {
  return gate_->Unary<v1::DiscardCatalogueRequest, v1::CatalogueVersion>(
      context, request, response,
      [this](const chassis::CallInfo& call, const v1::DiscardCatalogueRequest& asked, auto done) {
        importer_->Discard(CatalogueVersionLabel(asked.name()), call.ToCommand(asked),
                           std::move(done));
      });
}

grpc::ServerUnaryReactor* CatalogueService::GetCatalogueVersion(
    grpc::CallbackServerContext* context, const v1::GetCatalogueVersionRequest* request,
    v1::CatalogueVersion* response) {
  return gate_->Unary<v1::GetCatalogueVersionRequest, v1::CatalogueVersion>(
      context, request, response,
      [this](const chassis::CallInfo& call, const v1::GetCatalogueVersionRequest& asked,
             auto done) { versions_.Get(asked.name(), call.deadline, std::move(done)); });
}

grpc::ServerUnaryReactor* CatalogueService::ListCatalogueVersions(
    grpc::CallbackServerContext* context, const v1::ListCatalogueVersionsRequest* request,
    v1::ListCatalogueVersionsResponse* response) {
  return gate_->Unary<v1::ListCatalogueVersionsRequest, v1::ListCatalogueVersionsResponse>(
      context, request, response,
      [this](const chassis::CallInfo& call, const v1::ListCatalogueVersionsRequest& asked,
             auto done) { versions_.List(asked, call.deadline, std::move(done)); });
}

grpc::ServerUnaryReactor* CatalogueService::ExportCatalogue(
    grpc::CallbackServerContext* context, const v1::ExportCatalogueRequest* request,
    v1::ExportCatalogueResponse* response) {
  return gate_->Unary<v1::ExportCatalogueRequest, v1::ExportCatalogueResponse>(
      context, request, response,
      [this](const chassis::CallInfo& call, const v1::ExportCatalogueRequest& asked, auto done) {
        versions_.Export(asked, call.deadline, std::move(done));
      });
}

grpc::ServerUnaryReactor* CatalogueService::DiffCatalogues(grpc::CallbackServerContext* context,
                                                           const v1::DiffCataloguesRequest* request,
                                                           v1::CatalogueDiff* response) {
  return gate_->Unary<v1::DiffCataloguesRequest, v1::CatalogueDiff>(
      context, request, response,
      [this](const chassis::CallInfo& call, const v1::DiffCataloguesRequest& asked, auto done) {
        versions_.Diff(asked, call.deadline, std::move(done));
      });
}

}  // namespace fuju::catalogue
