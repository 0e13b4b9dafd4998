#include <fstream>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "chassis/rpc/status.h"
#include "fuju/catalogue/v1/catalogue_service.grpc.pb.h"
#include "fujuctl/commands.h"

namespace fuju::fujuctl {
namespace {

using catalogue::v1::CatalogueService;
using catalogue::v1::CatalogueVersion;

std::string NameOf(const std::string& version) {
  return absl::StrCat("catalogueVersions/", absl::StripPrefix(version, "catalogueVersions/"));
}

template <typename Request, typename Answer>
absl::StatusOr<Answer> Ask(const Connections& connections, const Request& request,
                           grpc::Status (CatalogueService::Stub::*method)(grpc::ClientContext*,
                                                                          const Request&,
                                                                          Answer*)) {
  const auto stub = CatalogueService::NewStub(ChannelTo(connections.catalogue));
  grpc::ClientContext context;
  Prepare(context, connections);
  Answer answer;
  const grpc::Status status = ((*stub).*method)(&context, request, &answer);
  if (!status.ok()) return chassis::FromGrpcStatus(status);
  return answer;
}

std::string StateOf(const CatalogueVersion& version) {
  return std::string(
      absl::StripPrefix(catalogue::v1::CatalogueState_Name(version.state()), "CATALOGUE_STATE_"));
}

absl::Status WriteFile(const std::string& name, const std::string& text, std::ostream& out) {
  if (text.empty()) return absl::OkStatus();
  std::ofstream file(name, std::ios::binary);
  file << text;
  file.close();
  if (!file) return absl::FailedPreconditionError(absl::StrCat("cannot write ", name));
  out << name << "\n";
  return absl::OkStatus();
}

}  // namespace

absl::Status PublishCatalogue(const Connections& connections, const std::string& version,
                              const std::string& effective_date, std::ostream& out) {
  catalogue::v1::PublishCatalogueRequest request;
  request.set_name(NameOf(version));
  request.set_effective_date(effective_date);
  request.set_request_id(RequestIdOf(absl::StrCat("publish\n", version, "\n", effective_date)));
  const auto published = Ask(connections, request, &CatalogueService::Stub::PublishCatalogue);
  if (!published.ok()) return published.status();
  out << "published: " << published->version() << " of " << published->area_code()
      << ", in force from " << published->effective_date() << "; imported by "
      << published->drafted_by() << ", published by " << published->published_by() << "\n";
  return absl::OkStatus();
}

absl::Status DiscardCatalogue(const Connections& connections, const std::string& version,
                              std::ostream& out) {
  catalogue::v1::DiscardCatalogueRequest request;
  request.set_name(NameOf(version));
  request.set_request_id(RequestIdOf(absl::StrCat("discard\n", version)));
  const auto discarded = Ask(connections, request, &CatalogueService::Stub::DiscardCatalogue);
  if (!discarded.ok()) return discarded.status();
  out << "discarded: " << discarded->version() << "\n";
  return absl::OkStatus();
}

absl::Status ListCatalogues(const Connections& connections, const std::string& area_code,
                            std::ostream& out) {
  catalogue::v1::ListCatalogueVersionsRequest request;
  request.set_area_code(area_code);
  do {
    const auto page = Ask(connections, request, &CatalogueService::Stub::ListCatalogueVersions);
    if (!page.ok()) return page.status();
    for (const CatalogueVersion& version : page->catalogue_versions()) {
      out << version.version() << "\t" << version.area_code() << "\t" << StateOf(version) << "\t"
          << (version.effective_date().empty() ? "-" : version.effective_date()) << "\t"
          << version.item_count() << " items, " << version.top_up_count() << " top-ups\t"
          << version.title_zh() << "\n";
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return absl::OkStatus();
}

absl::Status DiffCatalogues(const Connections& connections, const std::string& before,
                            const std::string& after, std::ostream& out) {
  catalogue::v1::DiffCataloguesRequest request;
  request.set_before(NameOf(before));
  request.set_after(NameOf(after));
  const auto diff = Ask(connections, request, &CatalogueService::Stub::DiffCatalogues);
  if (!diff.ok()) return diff.status();
  for (const catalogue::v1::CatalogueChange& change : diff->changes()) {
    out << change.text_zh() << " / " << change.text_en() << "\n";
  }
  if (diff->changes().empty()) out << "没有差别 / no difference\n";
  return absl::OkStatus();
}

absl::Status ExportCatalogue(const Connections& connections, const std::string& version,
                             bool as_json, const std::string& prefix, std::ostream& out) {
  catalogue::v1::ExportCatalogueRequest request;
  request.set_name(NameOf(version));
  request.set_format(as_json ? catalogue::v1::CATALOGUE_FORMAT_JSON
                             : catalogue::v1::CATALOGUE_FORMAT_CSV);
  const auto files = Ask(connections, request, &CatalogueService::Stub::ExportCatalogue);
  if (!files.ok()) return files.status();
  absl::Status status = WriteFile(prefix + ".csv", files->csv(), out);
  status.Update(WriteFile(prefix + ".policy.json", files->policy_json(), out));
  status.Update(WriteFile(prefix + ".top_ups.csv", files->top_ups_csv(), out));
  status.Update(WriteFile(prefix + ".json", files->json(), out));
  return status;
}

}  // namespace fuju::fujuctl
