#include "integration/applications/needs/needs_instance.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "applications/needs/file_hash.h"
#include "edge_formats/vocabulary_formats.h"

namespace fuju::applications {
namespace {

constexpr char kOfficer[] = "county_reviewer:r1";

}  // namespace

std::string Told(const v1::NeedsImportCounts& counts) {
  return absl::StrCat("read ", counts.read(), ": ", counts.recorded(), " recorded, ",
                      counts.changed(), " changed, ", counts.unchanged(), " unchanged, ",
                      counts.bad(), " bad");
}

NeedsCalls::NeedsCalls(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  stub_ = v1::NeedsService::NewStub(
      grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments));
}

absl::StatusOr<v1::NeedsImport> NeedsCalls::Announce(const std::string& csv, int run,
                                                     const std::string& county) const {
  v1::CreateNeedsImportRequest request;
  request.set_survey_year(test_support::kSurveyYear);
  request.set_sha256(FileHashOf(csv));
  request.set_size_bytes(static_cast<int64_t>(csv.size()));
  request.set_run(run);
  request.set_county_code(county);
  request.set_request_id(test_support::NewRequestId());
  return test_support::Call(*stub_, &NeedsStub::CreateNeedsImport, request, kOfficer);
}

absl::StatusOr<v1::NeedsImport> NeedsCalls::Get(const std::string& name) const {
  v1::GetNeedsImportRequest request;
  request.set_name(name);
  return test_support::Call(*stub_, &NeedsStub::GetNeedsImport, request, "");
}

absl::Status NeedsCalls::Upload(
    const std::string& name, const std::string& csv, int64_t offset, size_t chunk,
    const std::function<void(const v1::NeedsImport&)>& on_answer) const {
  grpc::ClientContext context;
  context.AddMetadata("fuju-actor", kOfficer);
  context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(60)));
  const auto stream = stub_->UploadNeedsSurvey(&context);
  std::thread writer([&, at = static_cast<size_t>(offset)]() mutable {
    v1::UploadNeedsSurveyRequest request;
    request.set_name(name);
    do {
      request.set_offset(static_cast<int64_t>(at));
      request.set_data(at < csv.size() ? csv.substr(at, chunk) : "");
      if (!stream->Write(request)) return;
      request.clear_name();
      at += request.data().size();
    } while (at < csv.size());
    stream->WritesDone();
  });
  v1::UploadNeedsSurveyResponse response;
  while (stream->Read(&response)) {
    if (on_answer != nullptr) on_answer(response.needs_import());
  }
  writer.join();
  return chassis::FromGrpcStatus(stream->Finish());
}

absl::StatusOr<v1::NeedsImport> NeedsCalls::Import(const std::string& csv, int run,
                                                   size_t chunk) const {
  const absl::StatusOr<v1::NeedsImport> import = Announce(csv, run);
  if (!import.ok()) return import;
  absl::Status sent = Upload(import->name(), csv, import->durable_offset(), chunk);
  if (!sent.ok()) return sent;
  return Get(import->name());
}

std::vector<v1::BadCell> NeedsCalls::BadCells(const std::string& name, int page_size) const {
  std::vector<v1::BadCell> cells;
  v1::ListBadCellsRequest request;
  request.set_parent(name);
  request.set_page_size(page_size);
  do {
    const auto page = test_support::Call(*stub_, &NeedsStub::ListBadCells, request, "");
    EXPECT_TRUE(page.ok()) << page.status();
    if (!page.ok()) return cells;
    EXPECT_LE(page->bad_cells_size(), page_size);
    cells.insert(cells.end(), page->bad_cells().begin(), page->bad_cells().end());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return cells;
}

std::vector<v1::Need> NeedsCalls::Needs(const std::string& county) const {
  std::vector<v1::Need> needs;
  v1::ListNeedsRequest request;
  request.set_county_code(county);
  request.set_survey_year(test_support::kSurveyYear);
  request.set_page_size(200);
  do {
    const auto page = test_support::Call(*stub_, &NeedsStub::ListNeeds, request, "");
    EXPECT_TRUE(page.ok()) << page.status();
    if (!page.ok()) return needs;
    needs.insert(needs.end(), page->needs().begin(), page->needs().end());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return needs;
}

v1::DemandStatisticsResponse NeedsCalls::Demand(const std::string& region) const {
  v1::DemandStatisticsRequest request;
  request.set_survey_year(test_support::kSurveyYear);
  request.set_region_code(region);
  const auto answer = test_support::Call(*stub_, &NeedsStub::DemandStatistics, request, "");
  EXPECT_TRUE(answer.ok()) << answer.status();
  return answer.value_or(v1::DemandStatisticsResponse());
}

NeedsInstance::NeedsInstance(const test_support::RedisServer& redis, const chassis::Clock* clock,
                             int listed_bad_cells, int imports_at_once)
    : registry_(std::make_shared<prometheus::Registry>()),
      client_(chassis::redis::PipelinedClient::Start({.endpoint = redis.endpoint()})),
      store_(chassis::MakeRedisStore(client_.get(), chassis::Keys("applications", 16), clock, {})),
      regions_(*vocabulary::RegionTable::Parse(test_support::GansuFile("divisions.csv"),
                                               test_support::GansuFile("organisations_extra.csv"))),
      keyer_(*vocabulary::PersonKeyer::Create("a pepper for tests")) {
  settings_.items = *ParseSurveyItems(test_support::GansuFile("catalogue.csv"));
  settings_.listed_bad_cells = listed_bad_cells;
  settings_.imports_at_once = imports_at_once;
  needs_ = std::make_unique<Needs>(store_.get(), &regions_, &keyer_, &settings_, *registry_);
  chassis::FormatRegistry formats;
  edge_formats::RegisterVocabularyFormats(formats, regions_, *clock);
  gate_ = std::make_unique<chassis::CallGate>(std::move(formats), registry_,
                                              chassis::CallLimits{.longest = absl::Seconds(30)});
  service_ = std::make_unique<NeedsService>(gate_.get(), needs_.get());
  server_ = *chassis::Server::Start({.listen = "127.0.0.1:0"}, {service_.get()});
  server_->SetServing(true);
  calls_ = std::make_unique<NeedsCalls>(absl::StrCat("127.0.0.1:", server_->port()));
}

NeedsInstance::~NeedsInstance() {
  gate_->Drain();
  server_->Drain(absl::Seconds(5));
  needs_->Stop();
}

}  // namespace fuju::applications
