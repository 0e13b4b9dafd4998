#include "catalogue/catalogue_service.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/synchronization/mutex.h"

#include "catalogue/budget.h"
#include "catalogue/decision/beneficiary.h"
#include "catalogue/decision/render_decision.h"
#include "catalogue/grant.h"
#include "catalogue/ledger/account.h"
#include "catalogue/ledger/book.h"
#include "catalogue/versions/item_filter.h"
#include "catalogue/versions/publication.h"
#include "chassis/rpc/page_token.h"
#include "chassis/values/refusal.h"
#include "vocabulary/civil_date.h"

namespace fuju::catalogue {
namespace {

using BeneficiaryRecord = storage::v1::BeneficiaryRecord;
using BookRecord = storage::v1::BookRecord;

std::string IdIn(const std::string& name, absl::string_view prefix) {
  return std::string(absl::StripPrefix(name, prefix));
}

absl::Status ItemNotInForce(const std::string& item_code, const std::string& version) {
  return chassis::Refusal(absl::StatusCode::kNotFound, "ITEM_UNKNOWN",
                          absl::StrCat("补贴目录", version, "中没有品目", item_code),
                          absl::StrCat("catalogue ", version, " has no item ", item_code))
      .With("item_code", item_code)
      .With("catalogue_version", version);
}

absl::Status CatalogueChanged(const std::string& version) {
  return chassis::Refusal(
      absl::StatusCode::kInvalidArgument, "PAGE_TOKEN_INVALID",
      absl::StrCat("翻页期间发布了新目录", version, "，请从第一页重新读取"),
      absl::StrCat("catalogue ", version, " was published meanwhile: list again"));
}

// Only who has no certificate has no grade.
absl::Status CheckGrade(const v1::QuoteInput& input) {
  if ((input.grade() == 0) == input.uncertified()) return absl::OkStatus();
  return chassis::InvalidFields().Field(
      "input.grade", input.uncertified() ? "没有残疾人证时应为0" : "必填；残疾人证上的等级，1至4",
      input.uncertified() ? "send 0 without a certificate"
                          : "required: the grade of the certificate, 1 to 4");
}

type::v1::EligibilityFacts FactsOf(const v1::QuoteInput& input) {
  type::v1::EligibilityFacts facts;
  facts.set_person_key(input.person_key());
  facts.set_birth_date(input.birth_date());
  facts.set_category(input.category());
  facts.set_grade(input.grade());
  facts.set_economic_status(input.economic_status());
  facts.set_county_code(input.county_code());
  facts.set_other_payer(input.other_payer());
  *facts.mutable_single_categories() = input.single_categories();
  facts.set_uncertified(input.uncertified());
  facts.set_early_ground(input.early_ground());
  return facts;
}

// Collects the budgets of a page, which come in any order and on any thread.
class BudgetPage {
 public:
  BudgetPage(size_t count, std::string next_page_token,
             std::function<void(absl::StatusOr<v1::ListBudgetsResponse>)> done)
      : left_(count), done_(std::move(done)) {
    response_.set_next_page_token(std::move(next_page_token));
    for (size_t i = 0; i < count; ++i) response_.add_budgets();
  }

  void Set(size_t at, absl::StatusOr<v1::Budget> budget) {
    {
      absl::MutexLock lock(&mutex_);
      status_.Update(budget.status());
      if (budget.ok()) *response_.mutable_budgets(static_cast<int>(at)) = *std::move(budget);
      if (--left_ > 0) return;
    }
    if (!status_.ok()) return done_(status_);
    done_(std::move(response_));
  }

 private:
  absl::Mutex mutex_;
  size_t left_;
  absl::Status status_;
  v1::ListBudgetsResponse response_;
  std::function<void(absl::StatusOr<v1::ListBudgetsResponse>)> done_;
};

}  // namespace

CatalogueService::CatalogueService(chassis::CallGate* gate, const CatalogueStores* stores,
                                   const CatalogueWatcher* watcher,
                                   const CatalogueImporter* importer, CatalogueMetrics* metrics)
    : gate_(gate),
      stores_(stores),
      watcher_(watcher),
      importer_(importer),
      policy_(PolicyOfOldVersions()),
      versions_(stores, watcher),
      metrics_(metrics) {}

grpc::ServerUnaryReactor* CatalogueService::GetItem(grpc::CallbackServerContext* context,
                                                    const v1::GetItemRequest* request,
                                                    v1::Item* response) {
  return gate_->Unary<v1::GetItemRequest, v1::Item>(
      context, request, response,
      [this](const chassis::CallInfo&, const v1::GetItemRequest& asked, auto done) {
        done(FindItem(asked));
      });
}

grpc::ServerUnaryReactor* CatalogueService::ListItems(grpc::CallbackServerContext* context,
                                                      const v1::ListItemsRequest* request,
                                                      v1::ListItemsResponse* response) {
  return gate_->Unary<v1::ListItemsRequest, v1::ListItemsResponse>(
      context, request, response,
      [this](const chassis::CallInfo&, const v1::ListItemsRequest& asked, auto done) {
        done(PageOfItems(asked));
      });
}

grpc::ServerUnaryReactor* CatalogueService::QuoteSubsidy(grpc::CallbackServerContext* context,
                                                         const v1::QuoteSubsidyRequest* request,
                                                         v1::SubsidyDecision* response) {
  return gate_->Unary<v1::QuoteSubsidyRequest, v1::SubsidyDecision>(
      context, request, response,
      [this](const chassis::CallInfo& call, const v1::QuoteSubsidyRequest& asked, auto done) {
        Quote(call, asked.input(), std::move(done));
      });
}

grpc::ServerUnaryReactor* CatalogueService::AllocateBudget(grpc::CallbackServerContext* context,
                                                           const v1::AllocateBudgetRequest* request,
                                                           v1::Budget* response) {
  return gate_->Unary<v1::AllocateBudgetRequest, v1::Budget>(
      context, request, response,
      [this](const chassis::CallInfo& call, const v1::AllocateBudgetRequest& asked, auto done) {
        Allocate(call, asked, std::move(done));
      });
}

grpc::ServerUnaryReactor* CatalogueService::GetBudget(grpc::CallbackServerContext* context,
                                                      const v1::GetBudgetRequest* request,
                                                      v1::Budget* response) {
  return gate_->Unary<v1::GetBudgetRequest, v1::Budget>(
      context, request, response,
      [this](const chassis::CallInfo& call, const v1::GetBudgetRequest& asked, auto done) {
        FindBudget(IdIn(asked.name(), "budgets/"), call.deadline, std::move(done));
      });
}

grpc::ServerUnaryReactor* CatalogueService::ListBudgets(grpc::CallbackServerContext* context,
                                                        const v1::ListBudgetsRequest* request,
                                                        v1::ListBudgetsResponse* response) {
  return gate_->Unary<v1::ListBudgetsRequest, v1::ListBudgetsResponse>(
      context, request, response,
      [this](const chassis::CallInfo& call, const v1::ListBudgetsRequest& asked, auto done) {
        PageOfBudgets(call, asked, std::move(done));
      });
}

grpc::ServerUnaryReactor* CatalogueService::GetGrant(grpc::CallbackServerContext* context,
                                                     const v1::GetGrantRequest* request,
                                                     v1::Grant* response) {
  return gate_->Unary<v1::GetGrantRequest, v1::Grant>(
      context, request, response,
      [this](const chassis::CallInfo& call, const v1::GetGrantRequest& asked, auto done) {
        stores_->grants.Get(IdIn(asked.name(), "grants/"), call.deadline,
                            [name = asked.name(), done = std::move(done)](
                                absl::StatusOr<chassis::Versioned<v1::Grant>> grant) {
                              if (!grant.ok()) return done(grant.status());
                              if (!grant->exists()) return done(chassis::NotFound(name));
                              AddSources(*grant->state.mutable_decision());
                              done(std::move(grant->state));
                            });
      });
}

absl::StatusOr<std::shared_ptr<const Catalogue>> CatalogueService::CatalogueFor(
    const std::string& area_code, const std::string& date) const {
  absl::CivilDay day = vocabulary::TodayInShanghai(stores_->Now());
  if (!date.empty()) day = vocabulary::ParseCivilDate(date).value_or(day);
  std::shared_ptr<const Catalogue> catalogue = watcher_->For(area_code, day);
  if (catalogue == nullptr) return CatalogueMissing();
  return catalogue;
}

absl::StatusOr<v1::Item> CatalogueService::FindItem(const v1::GetItemRequest& request) const {
  const auto catalogue = CatalogueFor(request.area_code(), request.date());
  if (!catalogue.ok()) return catalogue.status();
  const v1::Item* item = (*catalogue)->Find(IdIn(request.name(), "items/"));
  if (item == nullptr) return chassis::NotFound(request.name());
  return *item;
}

absl::StatusOr<v1::ListItemsResponse> CatalogueService::PageOfItems(
    const v1::ListItemsRequest& request) const {
  const auto found = CatalogueFor(request.area_code(), request.date());
  if (!found.ok()) return found.status();
  const std::shared_ptr<const Catalogue>& catalogue = *found;
  const absl::StatusOr<std::string> cursor = chassis::CursorOf(request);
  if (!cursor.ok()) return cursor.status();
  // "<item code> <version>": a page goes on only in the catalogue in which it began.
  const std::pair<std::string, std::string> after =
      absl::StrSplit(*cursor, absl::MaxSplits(' ', 1));
  if (!cursor->empty() && after.second != catalogue->label())
    return CatalogueChanged(catalogue->label());

  const int size = chassis::PageSize(request.page_size());
  const ItemFilter filter = {.kind = request.kind(),
                             .category = request.category(),
                             .item_class = request.item_class(),
                             .text = request.text()};
  const std::vector<const v1::Item*> items = catalogue->ItemsAfter(
      after.first, size + 1, [&filter](const v1::Item& item) { return filter.Wants(item); });
  v1::ListItemsResponse response;
  response.set_catalogue_version(catalogue->label());
  for (const v1::Item* item : items) {
    if (response.items_size() == size) {
      response.set_next_page_token(chassis::MakePageToken(
          request, absl::StrCat(response.items(size - 1).item_code(), " ", catalogue->label())));
      break;
    }
    *response.add_items() = *item;
  }
  return response;
}

void CatalogueService::Quote(const chassis::CallInfo& call, const v1::QuoteInput& input,
                             Done<v1::SubsidyDecision> done) const {
  const absl::CivilDay today = vocabulary::TodayInShanghai(stores_->Now());
  const std::shared_ptr<const Catalogue> catalogue = watcher_->For(input.county_code(), today);
  if (catalogue == nullptr) return done(CatalogueMissing());
  if (catalogue->Find(input.item_code()) == nullptr) {
    return done(ItemNotInForce(input.item_code(), catalogue->label()));
  }
  if (absl::Status grade = CheckGrade(input); !grade.ok()) return done(std::move(grade));

  auto question = std::make_shared<SubsidyQuestion>();
  question->facts = FactsOf(input);
  // The format "county_code" of the request admits reviewing offices only.
  question->county_known = true;
  question->item_code = input.item_code();
  question->quote = vocabulary::Fen(input.quote_fen());
  if (input.quantity() > 0) question->quantity = input.quantity();
  question->date = today;
  AskCatalogue(*catalogue, policy_, *question);
  // What is asked of the catalogue lives with it.
  auto decide = [this, question, catalogue, done] {
    absl::StatusOr<v1::SubsidyDecision> decision = DecideSubsidy(*question);
    if (decision.ok()) metrics_->CountQuote(decision->eligible());
    done(std::move(decision));
  };
  if (input.person_key().empty()) return decide();
  stores_->beneficiaries.Get(input.person_key(), call.deadline,
                             [question, decide = std::move(decide),
                              done](absl::StatusOr<chassis::Versioned<BeneficiaryRecord>> person) {
                               if (!person.ok()) return done(person.status());
                               question->history = HistoryFor(person->state, "");
                               decide();
                             });
}

void CatalogueService::Allocate(const chassis::CallInfo& call,
                                const v1::AllocateBudgetRequest& request,
                                Done<v1::Budget> done) const {
  const std::string id = BudgetId(request.county_code(), request.fiscal_year());
  const BookKey book = {request.county_code(), request.fiscal_year(),
                        request.fund_source() == v1::FUND_SOURCE_UNSPECIFIED
                            ? v1::FUND_SOURCE_COUNTY
                            : request.fund_source()};
  stores_->books.Update(
      BookId(book), call.ToCommand(request),
      [book, amount = request.amount_fen(),
       now = stores_->Now()](const chassis::Versioned<BookRecord>& current) {
        return Appropriate(current, book, amount, "", now);
      },
      [this, id, deadline = call.deadline,
       done = std::move(done)](absl::StatusOr<chassis::Committed<BookRecord>> committed) {
        if (chassis::ReasonOf(committed.status()) == "COUNTER_BELOW_FLOOR") {
          int64_t left = 0;
          if (!absl::SimpleAtoi(chassis::MetadataOf(committed.status(), "left"), &left)) left = 0;
          return done(BudgetInsufficient(BudgetName(id), left));
        }
        if (!committed.ok()) return done(committed.status());
        ReadBudget(id, deadline, done);
      });
}

void CatalogueService::FindBudget(const std::string& id, absl::Time deadline,
                                  Done<v1::Budget> done) const {
  const std::string county = AreaOf(id);
  int64_t score = 0;
  if (!absl::SimpleAtoi(county, &score)) return done(chassis::NotFound(BudgetName(id)));
  // Only those that ever had money are in the index.
  stores_->raw()->RangeIndex(
      BudgetIndex(YearOfBudget(id)), county, -score, -score, 2, deadline,
      [this, id, deadline,
       done = std::move(done)](absl::StatusOr<std::vector<chassis::IndexEntry>> found) {
        if (!found.ok()) return done(found.status());
        const bool known = absl::c_any_of(
            *found, [&id](const chassis::IndexEntry& entry) { return entry.member == id; });
        if (!known) return done(chassis::NotFound(BudgetName(id)));
        ReadBudget(id, deadline, done);
      });
}

void CatalogueService::ReadBudget(const std::string& id, absl::Time deadline,
                                  Done<v1::Budget> done) const {
  stores_->raw()->GetCounters(
      AreaOf(id), BalanceCounters(AreaOf(id), YearOfBudget(id)), deadline,
      [id, done = std::move(done)](absl::StatusOr<std::vector<int64_t>> counters) {
        if (!counters.ok()) return done(counters.status());
        done(ToBudget(id, ToBalances(*counters)));
      });
}

void CatalogueService::PageOfBudgets(const chassis::CallInfo& call,
                                     const v1::ListBudgetsRequest& request,
                                     Done<v1::ListBudgetsResponse> done) const {
  absl::StatusOr<std::string> cursor = chassis::CursorOf(request);
  if (!cursor.ok()) return done(cursor.status());
  stores_->raw()->ListIndexes(
      {BudgetIndex(request.fiscal_year())}, "", *std::move(cursor),
      chassis::PageSize(request.page_size()), call.deadline,
      [this, request, deadline = call.deadline,
       done = std::move(done)](absl::StatusOr<chassis::RawStore::IndexPage> page) {
        if (!page.ok()) return done(page.status());
        if (page->entries.empty()) return done(v1::ListBudgetsResponse());
        std::string token =
            page->next_cursor.empty() ? "" : chassis::MakePageToken(request, page->next_cursor);
        auto budgets = std::make_shared<BudgetPage>(page->entries.size(), std::move(token), done);
        for (size_t i = 0; i < page->entries.size(); ++i) {
          ReadBudget(page->entries[i].member, deadline,
                     [budgets, i](absl::StatusOr<v1::Budget> budget) {
                       budgets->Set(i, std::move(budget));
                     });
        }
      });
}

}  // namespace fuju::catalogue
