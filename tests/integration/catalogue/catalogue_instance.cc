#include "catalogue_instance.h"

#include <fstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include <gtest/gtest.h>

#include "catalogue/versions/publication.h"
#include "chassis/values/timestamps.h"
#include "edge_formats/vocabulary_formats.h"
#include "fuju/catalogue/v1/catalogue_events.pb.h"
#include "fuju/catalogue/v1/catalogue_version_events.pb.h"
#include "vocabulary/civil_date.h"

namespace fuju::catalogue {
namespace {

LedgerSettings TestLedger() {
  return {.reservation = kTestReservation, .carry_over = {v1::FUND_SOURCE_CHARITY}};
}

}  // namespace

CatalogueInstance::CatalogueInstance(const test_support::RedisServer& redis,
                                     const chassis::Clock* clock, std::string name, bool reacts)
    : registry_(std::make_shared<prometheus::Registry>()),
      client_(chassis::redis::PipelinedClient::Start({.endpoint = redis.endpoint()})),
      keys_("catalogue", kPartitions),
      store_(chassis::MakeRedisStore(client_.get(), keys_, clock, {})),
      fanout_(chassis::Fanout::Start(client_.get(),
                                     chassis::redis::Topology::Fixed(redis.endpoint()), keys_)),
      regions_(*vocabulary::RegionTable::Parse(GansuFile("divisions.csv"),
                                               GansuFile("organisations_extra.csv"))),
      metrics_(std::make_unique<CatalogueMetrics>(*registry_)),
      stores_(std::make_unique<CatalogueStores>(store_.get(), metrics_.get())),
      watcher_(std::make_unique<CatalogueWatcher>(stores_.get(), fanout_.get(), metrics_.get(),
                                                  ProvinceOf(regions_))),
      importer_(std::make_unique<CatalogueImporter>(stores_.get(), watcher_.get())),
      reactions_(std::make_unique<CatalogueReactions>(stores_.get(), watcher_.get(), &regions_,
                                                      TestLedger())),
      ledger_reactions_(std::make_unique<LedgerReactions>(stores_.get(), &reactions_->queue())) {
  chassis::FormatRegistry formats;
  edge_formats::RegisterVocabularyFormats(formats, regions_, *clock);
  gate_ = std::make_unique<chassis::CallGate>(std::move(formats), registry_,
                                              chassis::CallLimits{.longest = absl::Seconds(30)});
  service_ = std::make_unique<CatalogueService>(gate_.get(), stores_.get(), watcher_.get(),
                                                importer_.get(), metrics_.get());
  ledger_service_ =
      std::make_unique<LedgerService>(gate_.get(), stores_.get(), &regions_, TestLedger());
  finder_ = std::make_unique<CatalogueFinder>(stores_.get(), watcher_.get());
  decisions_ = std::make_unique<DecisionsService>(gate_.get(), stores_.get(), finder_.get(),
                                                  &regions_, &runs_);
  server_ = *chassis::Server::Start({.listen = "127.0.0.1:0"},
                                    {service_.get(), ledger_service_.get(), decisions_.get()});
  const absl::Status loaded = watcher_->Load(absl::Now() + absl::Seconds(20));
  EXPECT_TRUE(loaded.ok()) << loaded;
  chassis::ConsumerOptions options;
  options.instance = std::move(name);
  options.read_block = absl::Milliseconds(50);
  options.retry_max = absl::Milliseconds(200);
  options.max_attempts = 3;
  if (reacts) {
    chassis::Reactions table = reactions_->Table();
    ledger_reactions_->AddTo(table);
    consumer_ = chassis::Consumer::Start(
        client_.get(), chassis::redis::Topology::Fixed(redis.endpoint()), keys_, clock,
        std::move(table), reactions_->Timers(), options, registry_.get());
  }
  server_->SetServing(true);
  address_ = absl::StrCat("127.0.0.1:", server_->port());
  const auto channel = grpc::CreateChannel(address_, grpc::InsecureChannelCredentials());
  stub_ = v1::CatalogueService::NewStub(channel);
  ledger_stub_ = v1::LedgerService::NewStub(channel);
  decisions_stub_ = v1::DecisionsService::NewStub(channel);
}

CatalogueInstance::~CatalogueInstance() {
  if (consumer_ != nullptr) consumer_->Stop(absl::Seconds(5));
  server_->Drain(absl::Seconds(5));
  watcher_->Stop();
  fanout_->Stop();
}

storage::v1::CatalogueRecord VersionOf(const std::string& label, std::vector<v1::Item> items,
                                       absl::Time published) {
  storage::v1::CatalogueRecord record;
  record.mutable_version()->set_version(label);
  *record.mutable_version()->mutable_publish_time() = chassis::ToTimestamp(published);
  record.mutable_items()->Assign(items.begin(), items.end());
  return record;
}

void CatalogueInstance::Store(const storage::v1::CatalogueRecord& record) {
  absl::Notification committed;
  chassis::Command command;
  command.actor = "province:p1";
  stores_->versions.Update(
      record.version().version(), std::move(command),
      [&record](const auto&) {
        VersionDecision decision;
        decision.next = record;
        if (record.version().state() == v1::CATALOGUE_STATE_DRAFT) {
          decision.facts.push_back(chassis::MakeFact(v1::CatalogueDrafted()));
        } else {
          decision.facts.push_back(chassis::MakeFact(v1::CataloguePublished()));
        }
        return absl::StatusOr<VersionDecision>(std::move(decision));
      },
      [&committed](const auto& outcome) {
        EXPECT_TRUE(outcome.ok()) << outcome.status();
        committed.Notify();
      });
  committed.WaitForNotification();
}

void CatalogueInstance::Publish(const storage::v1::CatalogueRecord& record) {
  Store(record);
  watcher_->Learn(record);
}

void CatalogueInstance::ImportGansu(const std::string& label) {
  const auto draft = Call(&Stub::ImportCatalogue, GansuImport(label), "province:p1");
  ASSERT_TRUE(draft.ok()) << draft.status();
  const auto version = Publish(label, TodayText());
  ASSERT_TRUE(version.ok()) << version.status();
}

absl::StatusOr<v1::CatalogueVersion> CatalogueInstance::Publish(const std::string& label,
                                                                const std::string& effective_date,
                                                                const std::string& actor) const {
  v1::PublishCatalogueRequest request;
  request.set_name(absl::StrCat("catalogueVersions/", label));
  request.set_effective_date(effective_date);
  request.set_request_id(absl::StrCat("publish-", label));
  return Call(&Stub::PublishCatalogue, request, actor);
}

std::string CatalogueInstance::TodayText() const {
  return vocabulary::FormatCivilDate(vocabulary::TodayInShanghai(stores_->Now()));
}

absl::StatusOr<v1::Budget> CatalogueInstance::Allocate(const std::string& county,
                                                       int64_t amount_fen,
                                                       const std::string& request_id) {
  v1::AllocateBudgetRequest request;
  request.set_county_code(county);
  request.set_fiscal_year(2026);
  request.set_amount_fen(amount_fen);
  request.set_request_id(request_id);
  return Call(&Stub::AllocateBudget, request);
}

std::vector<chassis::DeadLetter> CatalogueInstance::AwaitDeadLetters(size_t count) {
  const absl::Time end = absl::Now() + absl::Seconds(30);
  absl::StatusOr<std::vector<chassis::DeadLetter>> letters;
  do {
    letters = chassis::ListDeadLetters(*client_, keys_, 100);
    EXPECT_TRUE(letters.ok()) << letters.status();
  } while (letters.ok() && letters->size() < count && absl::Now() < end);
  return letters.value_or(std::vector<chassis::DeadLetter>());
}

v1::Budget CatalogueInstance::BudgetOf(const std::string& county) const {
  v1::GetBudgetRequest request;
  request.set_name(absl::StrCat("budgets/", county, "-2026"));
  const auto budget = Call(&Stub::GetBudget, request);
  EXPECT_TRUE(budget.ok()) << budget.status();
  return budget.value_or(v1::Budget());
}

v1::ImportCatalogueRequest GansuImport(const std::string& label) {
  v1::ImportCatalogueRequest request;
  request.set_version(label);
  request.set_csv(GansuFile("catalogue.csv"));
  request.set_policy_json(GansuFile("policy.json"));
  request.set_request_id(absl::StrCat("import-", label));
  return request;
}

absl::Time TestTime() {
  return vocabulary::StartOfDay(absl::CivilDay(2026, 3, 2)) + absl::Hours(9);
}

v1::QuoteInput WheelchairQuote() {
  v1::QuoteInput input;
  input.set_item_code("M01");
  input.set_quote_fen(98000);
  input.set_birth_date("1986-01-20");
  input.set_category(type::v1::DISABILITY_CATEGORY_PHYSICAL);
  input.set_grade(1);
  input.set_economic_status(type::v1::ECONOMIC_STATUS_DB);
  input.set_county_code("620102");
  return input;
}

}  // namespace fuju::catalogue
