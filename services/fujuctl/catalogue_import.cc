#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include <openssl/sha.h>

#include "chassis/process/files.h"
#include "chassis/rpc/status.h"
#include "fuju/catalogue/v1/catalogue_service.grpc.pb.h"
#include "fujuctl/commands.h"

namespace fuju::fujuctl {
namespace {

// The same file under the same label is the same request, so that a repeated command gets the first
// answer.
std::string RequestIdOf(const std::string& version, const std::string& csv) {
  const std::string text = absl::StrCat(version, "\n", csv);
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(digest), sizeof(digest)));
}

}  // namespace

absl::Status ImportCatalogue(const Connections& connections, const std::string& file,
                             const std::string& version, bool check_only, std::ostream& out) {
  auto csv = chassis::ReadTextFile(file);
  if (!csv.ok()) return csv.status();
  catalogue::v1::ImportCatalogueRequest request;
  request.set_version(version);
  request.set_request_id(RequestIdOf(version, *csv));
  request.set_csv(*std::move(csv));
  request.set_validate_only(check_only);
  const auto stub = catalogue::v1::CatalogueService::NewStub(ChannelTo(connections.catalogue));
  grpc::ClientContext context;
  Prepare(context, connections);
  catalogue::v1::CatalogueVersion published;
  const grpc::Status status = stub->ImportCatalogue(&context, request, &published);
  if (!status.ok()) return chassis::FromGrpcStatus(status);
  out << (check_only ? "valid: " : "published: ") << published.version() << ", "
      << published.item_count() << " items, sha256 " << published.sha256() << "\n";
  return absl::OkStatus();
}

}  // namespace fuju::fujuctl
