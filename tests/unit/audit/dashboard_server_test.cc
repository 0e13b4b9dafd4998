#include "audit/dashboard_server.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <nlohmann/json.hpp>

#include "audit/archive_log.h"
#include "audit/archive_readers.h"
#include "audit/code_names.h"
#include "edge_formats/vocabulary_formats.h"
#include "support/awaited.h"
#include "support/fake_clock.h"
#include "support/temporary_folder.h"
#include "unit/audit/samples.h"

namespace fuju::audit {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::json;

constexpr char kSecret[] = "not for the web";

void Write(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

// A dashboard over a small archive and a small page.
class DashboardServerTest : public ::testing::Test {
 protected:
  DashboardServerTest() : names_(*CodeNames::Load("deploy/data/gansu")) {
    const std::string path = folder_.File("archive.sqlite");
    log_ = *ArchiveLog::Open(path);
    AppendAll(*log_, {BudgetEvent("620102", 2026, 1, 9000, 9000),
                      ApplicationEvent(kCaseA, 1, 1000, applications::v1::APPLICATION_STATE_DRAFT),
                      GrantEvent(kCaseA, 1, 3000, catalogue::v1::GRANT_STATE_RESERVED, 1200),
                      GrantEvent(kCaseC, 1, 3000, catalogue::v1::GRANT_STATE_RESERVED, 55, "M02")});
    readers_ = *ArchiveReaders::Start({.path = path});
    answers_ = std::make_unique<AuditAnswers>(readers_.get());
    edge_formats::RegisterVocabularyFormats(formats_, names_.regions(), clock_);
    api_ =
        std::make_unique<DashboardApi>(answers_.get(), &formats_, names_.json(), absl::Seconds(30));

    std::filesystem::create_directories(folder_.File("web/assets"));
    std::filesystem::create_directories(folder_.File("web-private"));
    Write(folder_.File("web/index.html"), "<!doctype html>the page");
    Write(folder_.File("web/assets/index-1a2b.js"), "console.log(1)");
    Write(folder_.File("web/assets/index-1a2b.css"), "body{}");
    Write(folder_.File("secret.txt"), kSecret);
    Write(folder_.File("web-private/secret.txt"), kSecret);
    std::filesystem::create_symlink(folder_.File("secret.txt"), folder_.File("web/link.txt"));
    Start(folder_.File("web"));
  }

  void Start(const std::string& web_root) {
    auto server =
        DashboardServer::Start({.listen = "127.0.0.1:0", .web_root = web_root}, api_.get());
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    client_ = std::make_unique<httplib::Client>("127.0.0.1", server_->port());
  }

  httplib::Response Get(const std::string& path) {
    auto result = client_->Get(path);
    EXPECT_TRUE(result) << path << ": " << httplib::to_string(result.error());
    return result ? *result : httplib::Response();
  }

  // Status and JSON body.
  Json GetJson(const std::string& path, int status = 200) {
    const httplib::Response response = Get(path);
    EXPECT_EQ(response.status, status) << path << " " << response.body;
    EXPECT_EQ(response.get_header_value("Content-Type"), "application/json; charset=utf-8");
    EXPECT_EQ(response.get_header_value("Cache-Control"), "no-store");
    return Json::parse(response.body, nullptr, false);
  }

  // What the server answers to bytes that are no proper request.
  std::string Raw(const std::string& bytes) {
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(server_->port()));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    EXPECT_EQ(send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
    std::string answer;
    char buffer[4096];
    ssize_t length = 0;
    while ((length = recv(fd, buffer, sizeof(buffer), 0)) > 0) {
      answer.append(buffer, static_cast<size_t>(length));
    }
    close(fd);
    return answer;
  }

  const test_support::TemporaryFolder folder_;
  const CodeNames names_;
  test_support::FakeClock clock_;
  std::unique_ptr<ArchiveLog> log_;
  std::unique_ptr<ArchiveReaders> readers_;
  std::unique_ptr<AuditAnswers> answers_;
  chassis::FormatRegistry formats_;
  std::unique_ptr<DashboardApi> api_;
  std::unique_ptr<DashboardServer> server_;
  std::unique_ptr<httplib::Client> client_;
};

TEST_F(DashboardServerTest, AnswersTheOverviewWithZerosWrittenOut) {
  const Json json = GetJson("/api/overview");
  EXPECT_EQ(json["money"]["allocatedFen"], "9000");
  EXPECT_EQ(json["money"]["availableFen"], "7745");
  EXPECT_EQ(json["money"]["reservedFen"], "1255");
  EXPECT_EQ(json["money"]["paidFen"], "0");
  EXPECT_EQ(json["events"], "4");
  EXPECT_EQ(json["states"], Json::parse(R"([{"state": "DRAFT", "applications": "1"}])"));
  EXPECT_EQ(json["cycle"]["count"], "0");
}

TEST_F(DashboardServerTest, SaysWhatTheMessageSays) {
  test_support::Awaited<absl::StatusOr<v1::Overview>> answer;
  answers_->Overview({}, absl::InfiniteFuture(), answer.Callback());
  v1::Overview told;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(Get("/api/overview").body, &told).ok());
  EXPECT_EQ(told.SerializeAsString(), answer.Wait()->SerializeAsString());
}

TEST_F(DashboardServerTest, PagesSpending) {
  EXPECT_EQ(GetJson("/api/spending")["lines"].size(), 2u);
  const Json first = GetJson("/api/spending?page_size=1");
  EXPECT_EQ(first["lines"][0]["countyCode"], "620102");
  EXPECT_EQ(first["lines"][0]["itemCode"], "M01");
  EXPECT_EQ(first["lines"][0]["reservedFen"], "1200");
  EXPECT_EQ(first["lines"][0]["releasedFen"], "0");
  const std::string token = first["nextPageToken"];
  const Json second = GetJson("/api/spending?page_size=1&page_token=" + token);
  EXPECT_EQ(second["lines"][0]["countyCode"], "620523");
  EXPECT_EQ(second["nextPageToken"], "");
  EXPECT_EQ(GetJson("/api/spending?county_code=620523&item_code=M02")["lines"].size(), 1u);
  EXPECT_EQ(GetJson("/api/spending?county_code=620523&item_code=M01")["lines"].size(), 0u);
}

TEST_F(DashboardServerTest, TracesAnApplication) {
  const Json json = GetJson(absl::StrCat("/api/trace?application=", kCaseA));
  EXPECT_EQ(json["application"], kCaseA);
  ASSERT_EQ(json["events"].size(), 2u);
  EXPECT_EQ(json["events"][0]["textEn"], "A draft was made");
  EXPECT_EQ(json["events"][1]["type"], "fuju.catalogue.v1.SubsidyReserved");
}

TEST_F(DashboardServerTest, NamesCodesAndSaysThatFiguresAreExamples) {
  const Json json = GetJson("/api/names");
  EXPECT_EQ(json["counties"]["620102"], "兰州市城关区");
  EXPECT_EQ(json["counties"].size(), 88u);
  EXPECT_EQ(json["items"]["M01"]["zh"], "普通轮椅");
  EXPECT_EQ(json["items"]["M01"]["en"], "Standard manual wheelchair");
  EXPECT_EQ(json["items"].size(), 63u);
  EXPECT_THAT(json["sourceNotes"]["zh"].get<std::string>(), HasSubstr("示例"));
  EXPECT_THAT(json["sourceNotes"]["en"].get<std::string>(), HasSubstr("example"));
}

TEST_F(DashboardServerTest, RefusesBadInputAsGrpcDoes) {
  struct Row {
    std::string path;
    int status;
    std::string reason;
    std::vector<std::string> fields;
  };
  const std::vector<Row> rows = {
      {"/api/trace", 400, "FIELD_INVALID", {"application"}},
      {"/api/trace?application=", 400, "FIELD_INVALID", {"application"}},
      {"/api/trace?application=grants/1", 400, "FIELD_INVALID", {"application"}},
      {"/api/trace?application=applications/a/b", 400, "FIELD_INVALID", {"application"}},
      {"/api/trace?application=applications/" + std::string(100, 'x'),
       400,
       "FIELD_INVALID",
       {"application"}},
      {"/api/trace?application=applications/%00", 400, "FIELD_INVALID", {"application"}},
      {"/api/trace?application=applications/%FF%FE", 400, "FIELD_INVALID", {"application"}},
      {"/api/trace?application=applications/620102-none", 404, "RESOURCE_NOT_FOUND", {}},
      {"/api/spending?county_code=999999", 400, "FIELD_INVALID", {"county_code"}},
      {"/api/spending?county_code=%27%20OR%201=1--", 400, "FIELD_INVALID", {"county_code"}},
      {"/api/spending?item_code=m1&county_code=1",
       400,
       "FIELD_INVALID",
       {"county_code", "item_code"}},
      {"/api/spending?page_size=-1", 400, "FIELD_INVALID", {"page_size"}},
      {"/api/spending?page_size=1001", 400, "FIELD_INVALID", {"page_size"}},
      {"/api/spending?page_size=many&item_code=zz",
       400,
       "FIELD_INVALID",
       {"page_size", "item_code"}},
      {"/api/spending?page_size=99999999999", 400, "FIELD_INVALID", {"page_size"}},
      {"/api/spending?page_token=abc", 400, "PAGE_TOKEN_INVALID", {"page_token"}},
      {"/api/nothing", 404, "RESOURCE_NOT_FOUND", {}},
      {"/api/", 404, "RESOURCE_NOT_FOUND", {}},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.path);
    const Json json = GetJson(row.path, row.status);
    ASSERT_TRUE(json.is_object());
    EXPECT_EQ(json["code"], row.status == 404 ? "NOT_FOUND" : "INVALID_ARGUMENT");
    EXPECT_EQ(json["reason"], row.reason);
    EXPECT_THAT(json["message"].get<std::string>(), HasSubstr(" / "));
    std::vector<std::string> fields;
    for (const Json& field : json.value("fields", Json::array())) {
      fields.push_back(field["field"]);
    }
    EXPECT_THAT(fields, ::testing::UnorderedElementsAreArray(row.fields));
  }
}

TEST_F(DashboardServerTest, OnlyReads) {
  const auto posted = client_->Post("/api/overview", "{}", "application/json");
  ASSERT_TRUE(posted);
  EXPECT_EQ(posted->status, 405);
  EXPECT_EQ(posted->get_header_value("Allow"), "GET, HEAD");
  EXPECT_EQ(Json::parse(posted->body)["code"], "UNIMPLEMENTED");
  const auto deleted = client_->Delete("/index.html");
  ASSERT_TRUE(deleted);
  EXPECT_EQ(deleted->status, 405);
  const auto large = client_->Post("/api/overview", std::string(1 << 20, 'x'), "text/plain");
  // The server may have closed before all of it was sent.
  if (large) {
    EXPECT_EQ(large->status, 413);
  }
  const auto head = client_->Head("/api/overview");
  ASSERT_TRUE(head);
  EXPECT_EQ(head->status, 200);
}

TEST_F(DashboardServerTest, RefusesWhatIsNoHttp) {
  EXPECT_THAT(Raw("nonsense\r\n\r\n"), HasSubstr(" 400 "));
  EXPECT_THAT(Raw("GET /" + std::string(9000, 'a') + " HTTP/1.1\r\n\r\n"), HasSubstr(" 414 "));
  EXPECT_EQ(Get("/api/overview").status, 200);
}

TEST_F(DashboardServerTest, ServesThePage) {
  struct Row {
    std::string path;
    std::string type;
    std::string kept;
  };
  for (const Row& row : std::vector<Row>{
           {"/", "text/html; charset=utf-8", "no-cache"},
           {"/index.html", "text/html; charset=utf-8", "no-cache"},
           {"/assets/index-1a2b.js", "text/javascript; charset=utf-8",
            "public, max-age=31536000, immutable"},
           {"/assets/index-1a2b.css", "text/css; charset=utf-8",
            "public, max-age=31536000, immutable"},
       }) {
    SCOPED_TRACE(row.path);
    const httplib::Response response = Get(row.path);
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.get_header_value("Content-Type"), row.type);
    EXPECT_EQ(response.get_header_value("Cache-Control"), row.kept);
    EXPECT_EQ(response.get_header_value("X-Content-Type-Options"), "nosniff");
    EXPECT_THAT(response.get_header_value("Content-Security-Policy"),
                HasSubstr("default-src 'self'"));
  }
  EXPECT_EQ(Get("/").body, "<!doctype html>the page");
}

TEST_F(DashboardServerTest, ServesNothingOutsideThePage) {
  for (const char* path : {"/../secret.txt", "/..%2fsecret.txt", "/%2e%2e/secret.txt",
                           "/assets/../../secret.txt", "/../web-private/secret.txt", "/link.txt",
                           "//etc/passwd", "/assets", "/missing.js", "/index.html%00.js"}) {
    SCOPED_TRACE(path);
    const std::string answer =
        Raw(absl::StrCat("GET ", path, " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
    EXPECT_THAT(answer, HasSubstr(" 404 "));
    EXPECT_THAT(answer, HasSubstr("nosniff"));
    EXPECT_THAT(answer, Not(HasSubstr(kSecret)));
    EXPECT_THAT(answer, Not(HasSubstr("root:")));
  }
}

TEST_F(DashboardServerTest, SaysHowToBuildAMissingPage) {
  Start(folder_.File("not-there"));
  const httplib::Response response = Get("/");
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(response.body, HasSubstr("scripts/setup --web"));
  EXPECT_EQ(GetJson("/api/overview")["events"], "4");
}

TEST_F(DashboardServerTest, AnswersUnavailableWhenTheArchiveDoes) {
  readers_->Stop();
  const Json json = GetJson("/api/overview", 503);
  EXPECT_EQ(json["code"], "UNAVAILABLE");
  EXPECT_EQ(json["reason"], "STORE_UNAVAILABLE");
}

TEST_F(DashboardServerTest, RefusesABadOrTakenAddress) {
  for (const char* address : {"", "localhost", ":1", "127.0.0.1:", "127.0.0.1:70000"}) {
    EXPECT_EQ(
        DashboardServer::Start({.listen = address, .web_root = "x"}, api_.get()).status().code(),
        absl::StatusCode::kInvalidArgument)
        << address;
  }
  const std::string taken = absl::StrCat("127.0.0.1:", server_->port());
  EXPECT_EQ(DashboardServer::Start({.listen = taken, .web_root = "x"}, api_.get()).status().code(),
            absl::StatusCode::kUnavailable);
}

TEST_F(DashboardServerTest, StopsAtOnce) {
  server_->Stop();
  server_->Stop();
  EXPECT_FALSE(httplib::Client("127.0.0.1", server_->port()).Get("/"));
}

}  // namespace
}  // namespace fuju::audit
