#include <algorithm>
#include <array>
#include <fstream>
#include <thread>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include <openssl/evp.h>

#include "chassis/rpc/repeatable.h"
#include "chassis/rpc/status.h"
#include "chassis/values/refusal.h"
#include "fuju/applications/v1/needs_service.grpc.pb.h"
#include "fujuctl/commands.h"

namespace fuju::fujuctl {
namespace {

namespace v1 = applications::v1;
using Stub = v1::NeedsService::Stub;

constexpr size_t kChunkBytes = size_t{256} << 10;
constexpr absl::Duration kFirstPause = absl::Milliseconds(200);
constexpr absl::Duration kLongestPause = absl::Seconds(5);

// A file that is read in pieces: it may be larger than the memory.
class SurveyFile {
 public:
  static absl::StatusOr<SurveyFile> Open(const std::string& path) {
    SurveyFile file;
    file.stream_.open(path, std::ios::binary);
    if (!file.stream_) return absl::NotFoundError(absl::StrCat(path, " can not be read"));
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> hash(EVP_MD_CTX_new(),
                                                                       &EVP_MD_CTX_free);
    EVP_DigestInit_ex(hash.get(), EVP_sha256(), nullptr);
    while (true) {
      const std::string piece = file.Read();
      if (piece.empty()) break;
      EVP_DigestUpdate(hash.get(), piece.data(), piece.size());
      file.size_ += static_cast<int64_t>(piece.size());
    }
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
    unsigned int length = 0;
    EVP_DigestFinal_ex(hash.get(), digest.data(), &length);
    file.sha256_ = absl::BytesToHexString(
        absl::string_view(reinterpret_cast<const char*>(digest.data()), length));
    return file;
  }

  int64_t size() const { return size_; }
  const std::string& sha256() const { return sha256_; }

  void SeekTo(int64_t offset) {
    stream_.clear();
    stream_.seekg(offset);
  }
  // The next piece; empty at the end.
  std::string Read() {
    std::string piece(kChunkBytes, '\0');
    stream_.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    piece.resize(static_cast<size_t>(stream_.gcount()));
    return piece;
  }

 private:
  SurveyFile() = default;

  std::ifstream stream_;
  int64_t size_ = 0;
  std::string sha256_;
};

// The upload broke off, and can go on.
bool MayGoOn(const absl::Status& status) {
  return chassis::IsRepeatable(status.code()) ||
         status.code() == absl::StatusCode::kResourceExhausted;
}

class Uploader {
 public:
  Uploader(const Connections& connections, const NeedsImportOrder& order, SurveyFile file,
           std::ostream& out)
      : connections_(connections), order_(order), file_(std::move(file)), out_(out) {
    const auto service = connections.services.find("applications");
    channel_ = ChannelTo(service == connections.services.end() ? "" : service->second);
    stub_ = v1::NeedsService::NewStub(channel_);
  }

  // To the end of the import, over whatever breaks on the way.
  absl::Status Run() {
    absl::Status status = Patiently([this] { return Announce(); });
    if (!status.ok()) return status;
    if (import_.durable_offset() > 0 && Receiving() && !order_.resume) {
      return absl::FailedPreconditionError(
          absl::StrCat(import_.name(), " was begun before and is at byte ",
                       import_.durable_offset(), " of ", file_.size(), "; --resume goes on"));
    }
    status = Patiently([this] { return Receiving() ? Send() : absl::OkStatus(); });
    if (!status.ok()) return status;
    status = Patiently([this] { return ReadImport(); });
    if (!status.ok()) return status;
    return Report();
  }

 private:
  bool Receiving() const { return import_.state() == v1::NEEDS_IMPORT_STATE_RECEIVING; }

  // Again and again, as long as it comes further within the patience.
  absl::Status Patiently(const std::function<absl::Status()>& step) {
    absl::Duration pause = kFirstPause;
    absl::Time last_news = absl::Now();
    while (true) {
      const int64_t before = import_.durable_offset();
      const absl::Status status = step();
      if (status.ok() || !MayGoOn(status)) return status;
      if (import_.durable_offset() > before) {
        pause = kFirstPause;
        last_news = absl::Now();
      }
      if (absl::Now() - last_news > order_.patience) return status;
      out_ << "broke off (" << status.message() << "), goes on\n";
      // Nothing tells when the service is there again.
      const absl::Notification never;
      never.WaitForNotificationWithTimeout(pause);
      pause = std::min(2 * pause, kLongestPause);
    }
  }

  absl::Status Announce() {
    v1::CreateNeedsImportRequest request;
    request.set_survey_year(order_.survey_year);
    request.set_county_code(order_.county_code);
    request.set_run(order_.run);
    request.set_sha256(file_.sha256());
    request.set_size_bytes(file_.size());
    // The same file is the same request.
    request.set_request_id(absl::StrCat(file_.sha256().substr(0, 40), "-", order_.survey_year, "-",
                                        order_.run, "-", order_.county_code));
    return Ask(&Stub::CreateNeedsImport, request, import_);
  }

  absl::Status ReadImport() {
    v1::GetNeedsImportRequest request;
    request.set_name(import_.name());
    return Ask(&Stub::GetNeedsImport, request, import_);
  }

  // What is left of the file, over one stream.
  absl::Status Send() {
    if (absl::Status s = ReadImport(); !s.ok() || !Receiving()) return s;
    grpc::ClientContext context;
    context.AddMetadata("fuju-actor", connections_.actor);
    const auto stream = stub_->UploadNeedsSurvey(&context);
    std::thread writer(
        [this, &stream, offset = import_.durable_offset()] { Write(*stream, offset); });
    v1::UploadNeedsSurveyResponse response;
    while (stream->Read(&response)) {
      import_ = response.needs_import();
      TellProgress();
    }
    // A write that waits returns when the stream is over, which it is.
    writer.join();
    absl::Status status = chassis::FromGrpcStatus(stream->Finish());
    if (status.ok() && Receiving()) status = absl::UnavailableError("the service took no more");
    return status;
  }

  template <typename Stream>
  void Write(Stream& stream, int64_t offset) {
    file_.SeekTo(offset);
    v1::UploadNeedsSurveyRequest request;
    request.set_name(import_name());
    while (offset < file_.size()) {
      request.set_offset(offset);
      request.set_data(file_.Read());
      if (request.data().empty()) break;
      offset += static_cast<int64_t>(request.data().size());
      if (!stream.Write(request)) return;
    }
    stream.WritesDone();
  }
  // The same while answers come in.
  std::string import_name() const {
    return absl::StrCat("needsImports/", order_.survey_year, "-", file_.sha256().substr(0, 20), "-",
                        order_.run);
  }

  void TellProgress() {
    const int64_t percent = import_.durable_offset() * 100 / std::max<int64_t>(1, file_.size());
    if (percent == told_percent_) return;
    told_percent_ = percent;
    out_ << percent << "% " << Counts() << std::endl;
  }

  std::string Counts() const {
    const v1::NeedsImportCounts& counts = import_.counts();
    return absl::StrCat(counts.read(), " rows: ", counts.recorded(), " recorded, ",
                        counts.changed(), " changed, ", counts.unchanged(), " unchanged, ",
                        counts.bad(), " bad");
  }

  absl::Status Report() {
    out_ << import_.name() << " "
         << (import_.state() == v1::NEEDS_IMPORT_STATE_COMPLETED ? "completed" : "refused") << ", "
         << Counts() << "\n";
    v1::ListBadCellsRequest request;
    request.set_parent(import_.name());
    request.set_page_size(200);
    do {
      v1::ListBadCellsResponse page;
      absl::Status status = Patiently([&] { return Ask(&Stub::ListBadCells, request, page); });
      if (!status.ok()) return status;
      for (const v1::BadCell& cell : page.bad_cells()) {
        out_ << "  row " << cell.row();
        if (cell.column() > 0) out_ << ", column " << cell.column() << " (" << cell.header() << ")";
        if (!cell.value().empty()) out_ << " \"" << cell.value() << "\"";
        out_ << ": " << cell.text_zh() << " / " << cell.text_en() << "\n";
      }
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    if (import_.bad_cells_not_listed() > 0) {
      out_ << "  and " << import_.bad_cells_not_listed()
           << " more, which the report does not list because it is full\n";
    }
    if (import_.state() == v1::NEEDS_IMPORT_STATE_COMPLETED) return absl::OkStatus();
    return absl::InvalidArgumentError(absl::StrCat(import_.error_zh(), " / ", import_.error_en()));
  }

  template <typename Request, typename Response>
  absl::Status Ask(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                   const Request& request, Response& response) {
    grpc::ClientContext context;
    Prepare(context, connections_);
    Response answer;
    const grpc::Status status = ((*stub_).*method)(&context, request, &answer);
    if (!status.ok()) return chassis::FromGrpcStatus(status);
    response = std::move(answer);
    return absl::OkStatus();
  }

  const Connections& connections_;
  const NeedsImportOrder& order_;
  SurveyFile file_;
  std::ostream& out_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<Stub> stub_;
  // As the service told it last.
  v1::NeedsImport import_;
  int64_t told_percent_ = -1;
};

}  // namespace

absl::Status ImportNeeds(const Connections& connections, const NeedsImportOrder& order,
                         std::ostream& out) {
  absl::StatusOr<SurveyFile> file = SurveyFile::Open(order.file);
  if (!file.ok()) return file.status();
  if (file->size() == 0) return absl::InvalidArgumentError("the file is empty");
  return Uploader(connections, order, *std::move(file), out).Run();
}

}  // namespace fuju::fujuctl
