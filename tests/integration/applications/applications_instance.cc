#include "integration/applications/applications_instance.h"

#include <filesystem>
#include <fstream>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include <gtest/gtest.h>

#include "applications/reactions.h"
#include "applications/settings.h"
#include "edge_formats/vocabulary_formats.h"
#include "support/complete_applicant.h"
#include "vocabulary/civil_date.h"
#include "vocabulary/csv.h"

namespace fuju::applications {
namespace {

// GB 11643: a man born on 1980-01-01 in Chengguan.
std::string ResidentIdOf(int person) {
  const std::string body = absl::StrFormat("62010219800101%03d", person);
  constexpr int kWeights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (size_t i = 0; i < body.size(); ++i) sum += (body[i] - '0') * kWeights[i];
  return absl::StrCat(body, std::string(1, "10X98765432"[sum % 11]));
}

std::set<std::string> ItemCodes() {
  const auto table = vocabulary::CsvTable::Parse(test_support::GansuFile("catalogue.csv"));
  EXPECT_TRUE(table.ok()) << table.status();
  std::set<std::string> codes;
  for (const vocabulary::CsvRow& row : table->rows()) codes.emplace(*row.Field("item_code"));
  return codes;
}

ChainBook ShippedChains(const std::string& areas, const vocabulary::RegionTable& regions,
                        const Limits& limits) {
  std::vector<ChainFile> files;
  for (const auto& entry : std::filesystem::directory_iterator("deploy/data/gansu/chains")) {
    const std::string name = entry.path().filename().string();
    const bool replaced = name == "areas.json" && !areas.empty();
    files.push_back({name, replaced ? areas : test_support::GansuFile("chains/" + name)});
  }
  return *ChainBook::Parse(files, regions, limits);
}

template <typename Request>
Request For(const std::string& name) {
  Request request;
  request.set_name(name);
  request.set_request_id(NewRequestId());
  return request;
}

}  // namespace

v1::Application DraftOf(int person, const std::string& county) {
  v1::Application draft;
  draft.set_county_code(county);
  v1::Applicant* applicant = draft.mutable_applicant();
  applicant->set_name("马小兰");
  applicant->set_resident_id(ResidentIdOf(person));
  applicant->set_certificate_number(absl::StrCat(ResidentIdOf(person), "42"));
  applicant->set_phone("13812345678");
  applicant->set_address("甘肃省兰州市城关区白银路街道八号院三单元");
  applicant->set_economic_status(type::v1::ECONOMIC_STATUS_DB);
  test_support::CompleteApplicant(*applicant);
  v1::DeviceRequest* request = draft.mutable_request();
  request->set_item_code("M01");
  request->set_device_division("122203");
  request->set_quote_fen(98000);
  request->set_purpose("日常出行");
  return draft;
}

v1::QuestionnaireAnswers SeeingAnswers() {
  v1::QuestionnaireAnswers answers;
  answers.set_questionnaire("questionnaires/seeing");
  answers.set_version(1);
  const auto choose = [&answers](const char* question, std::initializer_list<const char*> options) {
    v1::Answer* answer = answers.add_answers();
    answer->set_question_id(question);
    for (const char* option : options) answer->add_option_ids(option);
  };
  v1::Answer* age = answers.add_answers();
  age->set_question_id("age");
  age->set_number(46);
  choose("grade", {"grade_1"});
  choose("hearing", {"yes"});
  choose("goals", {"phone", "walking"});
  choose("braille", {"no"});
  choose("eye_lost", {"no"});
  return answers;
}

QuestionnaireSet ShippedQuestionnaires(Versions versions) {
  const absl::StatusOr<QuestionnaireSet> shipped = ReadQuestionnaires("deploy/data/gansu");
  EXPECT_TRUE(shipped.ok()) << shipped.status();
  if (versions == Versions::kFirst) return *shipped;
  std::vector<QuestionnaireFile> files;
  for (const char* name : {"daily_living", "hearing", "limbs", "seeing"}) {
    const std::string json =
        test_support::GansuFile(absl::StrCat("questionnaires/", name, ".json"));
    if (versions == Versions::kBoth) files.push_back({absl::StrCat(name, ".json"), json});
    files.push_back({absl::StrCat(name, "_2.json"),
                     absl::StrReplaceAll(json, {{"\"version\": 1", "\"version\": 2"}})});
  }
  const absl::StatusOr<QuestionnaireSet> set = QuestionnaireSet::Load(files, ItemCodes());
  EXPECT_TRUE(set.ok()) << set.status();
  return *set;
}

ApplicationsInstance::ApplicationsInstance(const test_support::RedisServer& redis,
                                           const chassis::Clock* clock, InstanceOptions options)
    : registry_(std::make_shared<prometheus::Registry>()),
      client_(chassis::redis::PipelinedClient::Start({.endpoint = redis.endpoint()})),
      keys_(kService, 16),
      store_(chassis::MakeRedisStore(client_.get(), keys_, clock, {})),
      fanout_(chassis::Fanout::Start(client_.get(),
                                     chassis::redis::Topology::Fixed(redis.endpoint()), keys_)),
      regions_(*vocabulary::RegionTable::Parse(test_support::GansuFile("divisions.csv"),
                                               test_support::GansuFile("organisations_extra.csv"))),
      calendar_(*vocabulary::WorkingDayCalendar::Parse(
          test_support::GansuFile("workdays_2025_2026.csv"))),
      questionnaires_(options.questionnaires.has_value() ? *std::move(options.questionnaires)
                                                         : ShippedQuestionnaires()),
      keyer_(*vocabulary::PersonKeyer::Create("a pepper for tests")),
      chains_(ShippedChains(options.areas, regions_, limits_)),
      intake_(*ReadIntake("deploy/data/gansu")),
      metrics_(*registry_, vocabulary::EndOfDay(calendar_.last_day())),
      wiring_(std::make_unique<Wiring>(store_.get(), clock, &metrics_)) {
  const Rules rules{limits_, calendar_, chains_, intake_};
  chassis::FormatRegistry formats;
  edge_formats::RegisterVocabularyFormats(formats, regions_, *clock);
  gate_ = std::make_unique<chassis::CallGate>(std::move(formats), registry_,
                                              chassis::CallLimits{.longest = absl::Seconds(30)});
  service_ = std::make_unique<ApplicationsService>(ApplicationsService::Parts{
      .gate = gate_.get(),
      .wiring = wiring_.get(),
      .fanout = fanout_.get(),
      .keyer = &keyer_,
      .ids = &ids_,
      .rules = rules,
      .questionnaires = &questionnaires_,
      .watch_heartbeat = absl::Seconds(1),
  });
  intake_service_ = std::make_unique<IntakeService>(IntakeService::Parts{
      .gate = gate_.get(),
      .wiring = wiring_.get(),
      .applications = service_.get(),
      .find_surveyed = [surveyed = options.surveyed](const std::string&, absl::Time,
                                                     auto done) { done(surveyed); },
      .keyer = &keyer_,
      .rules = rules,
  });
  public_notices_ =
      std::make_unique<PublicNoticesService>(gate_.get(), wiring_.get(), &regions_, rules);
  desk_ = std::make_unique<ReviewDeskService>(ReviewDeskService::Parts{
      .gate = gate_.get(),
      .wiring = wiring_.get(),
      .rules = rules,
      .claims = {},
      .catalogue = options.catalogue != nullptr ? options.catalogue : &no_catalogue_,
      .catalogue_timeout = absl::Seconds(1),
  });
  chassis::Reactions reactions = MakeReactions(wiring_.get(), rules);
  chassis::TimerHandlers timers = MakeTimerHandlers(wiring_.get(), rules);
  relations_ = std::make_unique<RelationStore>(store_.get(), RelationAggregate());
  relations_service_ = std::make_unique<RelationsService>(gate_.get(), relations_.get(), &ids_);
  AddRelationTimers(timers, relations_.get());
  std::vector<grpc::Service*> services = {service_.get(), intake_service_.get(),
                                          public_notices_.get(), desk_.get(),
                                          relations_service_.get()};
  if (options.notices != nullptr) {
    notices_ = std::make_unique<Notices>(wiring_.get(), &regions_, options.notices, *registry_);
    notices_->React(reactions, timers);
    notices_service_ = std::make_unique<NoticesService>(gate_.get(), notices_.get());
    services.push_back(notices_service_.get());
  }
  server_ = *chassis::Server::Start({.listen = "127.0.0.1:0"}, services);
  chassis::ConsumerOptions consumer;
  consumer.instance = std::move(options.name);
  consumer.read_block = absl::Milliseconds(50);
  consumer.timer_poll = absl::Milliseconds(50);
  consumer.retry_max = absl::Milliseconds(200);
  consumer.max_attempts = 3;
  consumer_ = chassis::Consumer::Start(
      client_.get(), chassis::redis::Topology::Fixed(redis.endpoint()), keys_, clock,
      std::move(reactions), std::move(timers), consumer, registry_.get());
  server_->SetServing(true);
  address_ = absl::StrCat("127.0.0.1:", server_->port());
  stub_ = NewStub();
}

ApplicationsInstance::~ApplicationsInstance() {
  consumer_->Stop(absl::Seconds(5));
  gate_->Drain();
  server_->Drain(absl::Seconds(5));
  if (notices_ != nullptr) notices_->Stop();
  fanout_->Stop();
}

std::unique_ptr<ApplicationsInstance::Stub> ApplicationsInstance::NewStub() const {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return v1::ApplicationsService::NewStub(
      grpc::CreateCustomChannel(address_, grpc::InsecureChannelCredentials(), arguments));
}

absl::StatusOr<v1::Application> ApplicationsInstance::Create(const v1::Application& draft) const {
  v1::CreateApplicationRequest request;
  *request.mutable_application() = draft;
  request.set_request_id(NewRequestId());
  return Call(&Stub::CreateApplication, request);
}

absl::StatusOr<v1::Application> ApplicationsInstance::Submit(const std::string& name) const {
  return Call(&Stub::SubmitApplication, For<v1::SubmitApplicationRequest>(name));
}

absl::StatusOr<v1::Application> ApplicationsInstance::Supplement(const std::string& name) const {
  auto request = For<v1::SupplementApplicationRequest>(name);
  request.set_explanation("已补户口本");
  return Call(&Stub::SupplementApplication, request);
}

absl::StatusOr<v1::Application> ApplicationsInstance::Withdraw(const std::string& name) const {
  auto request = For<v1::WithdrawApplicationRequest>(name);
  request.set_reason("不再需要");
  return Call(&Stub::WithdrawApplication, request);
}

absl::StatusOr<v1::Application> ApplicationsInstance::Approve(const std::string& name,
                                                              const std::string& actor) const {
  auto request = For<v1::ApproveApplicationRequest>(name);
  request.set_remark("符合条件");
  return Call(&Stub::ApproveApplication, request, actor);
}

absl::StatusOr<v1::Application> ApplicationsInstance::Reject(const std::string& name,
                                                             const std::string& actor) const {
  auto request = For<v1::RejectApplicationRequest>(name);
  request.add_reason_codes("DEVICE_NOT_SUITABLE");
  request.set_remark("请改申其他辅具");
  return Call(&Stub::RejectApplication, request, actor);
}

absl::StatusOr<v1::Application> ApplicationsInstance::Return(const std::string& name,
                                                             const std::string& actor) const {
  auto request = For<v1::ReturnApplicationRequest>(name);
  request.add_reason_codes("DOCUMENT_MISSING");
  request.set_remark("请补户口本");
  return Call(&Stub::ReturnApplication, request, actor);
}

absl::StatusOr<v1::Application> ApplicationsInstance::Hold(const std::string& name,
                                                           const std::string& actor) const {
  auto request = For<v1::HoldApplicationRequest>(name);
  request.add_reason_codes("OTHER");
  request.set_remark("核实住址");
  return Call(&Stub::HoldApplication, request, actor);
}

absl::StatusOr<v1::Application> ApplicationsInstance::Resume(const std::string& name,
                                                             const std::string& actor) const {
  auto request = For<v1::ResumeApplicationRequest>(name);
  request.set_remark("住址属实");
  return Call(&Stub::ResumeApplication, request, actor);
}

absl::StatusOr<v1::Application> ApplicationsInstance::ConfirmReceipt(
    const std::string& name) const {
  auto request = For<v1::ConfirmReceiptRequest>(name);
  request.set_serial_number(kSerial);
  return Call(&Stub::ConfirmReceipt, request);
}

absl::StatusOr<v1::Application> ApplicationsInstance::AnswerFollowUp(
    const std::string& name) const {
  auto request = For<v1::AnswerFollowUpRequest>(name);
  request.set_satisfaction(5);
  request.set_in_use(true);
  return Call(&Stub::AnswerFollowUp, request);
}

absl::StatusOr<v1::Application> ApplicationsInstance::Get(const std::string& name) const {
  v1::GetApplicationRequest request;
  request.set_name(name);
  return Call(&Stub::GetApplication, request, "");
}

std::unique_ptr<v1::PublicNoticesService::Stub> ApplicationsInstance::PublicNoticesStub() const {
  return v1::PublicNoticesService::NewStub(
      grpc::CreateChannel(address_, grpc::InsecureChannelCredentials()));
}

std::unique_ptr<v1::ReviewDeskService::Stub> ApplicationsInstance::DeskStub() const {
  return v1::ReviewDeskService::NewStub(
      grpc::CreateChannel(address_, grpc::InsecureChannelCredentials()));
}

std::unique_ptr<v1::RelationsService::Stub> ApplicationsInstance::RelationsStub() const {
  return v1::RelationsService::NewStub(
      grpc::CreateChannel(address_, grpc::InsecureChannelCredentials()));
}

v1::Application ApplicationsInstance::Await(const std::string& name,
                                            v1::ApplicationState state) const {
  return AwaitEntry(name, StateName(state),
                    [state](const v1::TimelineEntry& entry) { return entry.state() == state; });
}

v1::Application ApplicationsInstance::AwaitEntry(
    const std::string& name, const std::string& what,
    const std::function<bool(const v1::TimelineEntry&)>& is_it) const {
  // A watch tells the moment; it is given up when the entry never comes.
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(30)));
  v1::WatchApplicationRequest request;
  request.set_name(name);
  const auto reader = stub_->WatchApplication(&context, request);
  v1::WatchApplicationResponse step;
  bool seen = false;
  while (!seen && reader->Read(&step)) seen = step.has_entry() && is_it(step.entry());
  context.TryCancel();
  const grpc::Status status = reader->Finish();
  EXPECT_TRUE(seen) << name << " did not come to " << what << ": " << status.error_message();
  const absl::StatusOr<v1::Application> application = Get(name);
  EXPECT_TRUE(application.ok()) << application.status();
  return application.value_or(v1::Application());
}

}  // namespace fuju::applications
