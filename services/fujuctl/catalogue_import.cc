#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "chassis/process/files.h"
#include "chassis/rpc/status.h"
#include "fuju/catalogue/v1/catalogue_service.grpc.pb.h"
#include "fujuctl/commands.h"

namespace fuju::fujuctl {
namespace {

// An empty name is no file.
absl::Status ReadInto(const std::string& file, std::string* text) {
  if (file.empty()) return absl::OkStatus();
  auto read = chassis::ReadTextFile(file);
  if (!read.ok()) return read.status();
  *text = *std::move(read);
  return absl::OkStatus();
}

}  // namespace

absl::Status ImportCatalogue(const Connections& connections, const CatalogueImportOrder& order,
                             std::ostream& out) {
  catalogue::v1::ImportCatalogueRequest request;
  const bool is_json = absl::EndsWith(order.file, ".json");
  absl::Status read =
      ReadInto(order.file, is_json ? request.mutable_json() : request.mutable_csv());
  read.Update(ReadInto(order.policy_file, request.mutable_policy_json()));
  read.Update(ReadInto(order.top_ups_file, request.mutable_top_ups_csv()));
  if (!read.ok()) return read;
  request.set_version(order.version);
  request.set_area_code(order.area_code);
  request.set_title_zh(order.title_zh);
  request.set_request_id(RequestIdOf(
      absl::StrCat(order.version, "\n", order.area_code, "\n", order.title_zh, "\n", request.json(),
                   request.csv(), request.policy_json(), request.top_ups_csv())));
  request.set_validate_only(order.check_only);
  const auto stub = catalogue::v1::CatalogueService::NewStub(ChannelTo(connections.catalogue));
  grpc::ClientContext context;
  Prepare(context, connections);
  catalogue::v1::CatalogueVersion draft;
  const grpc::Status status = stub->ImportCatalogue(&context, request, &draft);
  if (!status.ok()) return chassis::FromGrpcStatus(status);
  out << (order.check_only ? "valid: " : "draft: ") << draft.version() << " of "
      << draft.area_code() << ", " << draft.item_count() << " items, " << draft.top_up_count()
      << " top-ups, sha256 " << draft.sha256() << "\n";
  if (!order.check_only) {
    out << "another person publishes it: fujuctl catalogue publish " << draft.version()
        << " --effective=YYYY-MM-DD --actor=ROLE:ID\n";
  }
  return absl::OkStatus();
}

}  // namespace fuju::fujuctl
