#include "catalogue/ledger/ledger_service.h"

#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "catalogue/ledger/allotment.h"
#include "catalogue/ledger/book.h"
#include "catalogue/ledger/payment_batch.h"
#include "catalogue/ledger/payment_file.h"
#include "chassis/rpc/page_token.h"
#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"

namespace fuju::catalogue {
namespace {

// Every page of a statement reads all that the area has: many lines a page, as a message of one
// megabyte holds them.
constexpr int kStatementLines = 1000;
constexpr int kMostStatementLines = 5000;

using storage::v1::AllotmentRecord;
using storage::v1::BookRecord;
using storage::v1::PaymentBatchRecord;

constexpr int kNormalLines = 200;
constexpr int kMostAttempts = 20;

std::string IdIn(const std::string& name, absl::string_view prefix) {
  return std::string(absl::StripPrefix(name, prefix));
}

bool TooLittle(const absl::Status& status) {
  return chassis::ReasonOf(status) == "COUNTER_BELOW_FLOOR";
}

// The floor of an account refused it.
absl::Status NotEnough(const BookKey& book, const absl::Status& status) {
  int64_t left = 0;
  if (!absl::SimpleAtoi(chassis::MetadataOf(status, "left"), &left)) left = 0;
  return BudgetInsufficient(BookName(BookId(book)), left);
}

// "books/<id>/transfers/<n>".
std::pair<std::string, int> SplitTransferName(const std::string& name) {
  const std::vector<std::string> parts = absl::StrSplit(name, '/');
  int number = 0;
  if (parts.size() != 4 || !absl::SimpleAtoi(parts[3], &number)) return {"", 0};
  return {parts[1], number};
}

v1::PaymentBatchFile ToFile(const v1::PaymentBatch& batch) {
  v1::PaymentBatchFile file;
  *file.mutable_payment_batch() = WithoutLines(batch);
  file.set_csv(PaymentFile(batch));
  return file;
}

}  // namespace

LedgerService::LedgerService(chassis::CallGate* gate, const CatalogueStores* stores,
                             const vocabulary::RegionTable* regions, LedgerSettings settings)
    : gate_(gate),
      stores_(stores),
      settings_(std::move(settings)),
      batches_(stores),
      statements_(stores, regions) {}

grpc::ServerUnaryReactor* LedgerService::Appropriate(grpc::CallbackServerContext* context,
                                                     const v1::AppropriateRequest* request,
                                                     v1::Book* response) {
  return gate_->Unary<v1::AppropriateRequest, v1::Book>(
      context, request, response,
      [this](const chassis::CallInfo& call, const v1::AppropriateRequest& asked, auto done) {
        const BookKey book = {asked.area_code(), asked.fiscal_year(), asked.fund_source()};
        ChangeBook(
            book, call.ToCommand(asked),
            [book, amount = asked.amount_fen(), reason = asked.reason(),
             now = stores_->Now()](const CurrentBook& current) {
              return catalogue::Appropriate(current, book, amount, reason, now);
            },
            std::move(done));
      });
}

grpc::ServerUnaryReactor* LedgerService::GetBook(grpc::CallbackServerContext* context,
                                                 const v1::GetBookRequest* request,
                                                 v1::Book* response) {
  return gate_->Unary<v1::GetBookRequest, v1::Book>(
      context, request, response,
      [this](const chassis::CallInfo& call, const v1::GetBookRequest& asked, auto done) {
        const auto book = ParseBookId(IdIn(asked.name(), "books/"));
        if (!book.has_value()) return done(chassis::NotFound(asked.name()));
        ReadBook(*book, call.deadline, std::move(done));
      });
}

grpc::ServerUnaryReactor* LedgerService::CreateAllotment(grpc::CallbackServerContext* context,
                                                         const v1::CreateAllotmentRequest* request,
                                                         v1::Allotment* response) {
  return gate_->Unary<v1::CreateAllotmentRequest, v1::Allotment>(
      context, request, response,
      [this](const chassis::CallInfo& call, const v1::CreateAllotmentRequest& asked, auto done) {
        const absl::StatusOr<std::string> id = NewId(asked.from_area_code());
        if (!id.ok()) return done(id.status());
        const AllotmentOrder order = {asked.from_area_code(), asked.to_area_code(),
                                      asked.fiscal_year(),    asked.fund_source(),
                                      asked.amount_fen(),     asked.reason()};
        stores_->allotments.Update(
            *id, call.ToCommand(asked),
            [id = *id, order, now = stores_->Now()](const auto& current) {
              return SendAllotment(current, id, order, now);
            },
            [order, done = std::move(done)](
                absl::StatusOr<chassis::Committed<AllotmentRecord>> committed) {
              if (TooLittle(committed.status())) {
                return done(
                    NotEnough({order.from_area, order.year, order.fund}, committed.status()));
              }
              if (!committed.ok()) return done(committed.status());
              done(std::move(*committed->state.mutable_allotment()));
            });
      });
}

grpc::ServerUnaryReactor* LedgerService::GetAllotment(grpc::CallbackServerContext* context,
                                                      const v1::GetAllotmentRequest* request,
                                                      v1::Allotment* response) {
  return gate_->Unary<v1::GetAllotmentRequest, v1::Allotment>(
      context, request, response,
      [this](const chassis::CallInfo& call, const v1::GetAllotmentRequest& asked, auto done) {
        stores_->allotments.Get(IdIn(asked.name(), "allotments/"), call.deadline,
                                [name = asked.name(), done = std::move(done)](
                                    absl::StatusOr<chassis::Versioned<AllotmentRecord>> found) {
                                  if (!found.ok()) return done(found.status());
                                  if (!found->exists()) return done(chassis::NotFound(name));
                                  done(std::move(*found->state.mutable_allotment()));
                                });
      });
}

grpc::ServerUnaryReactor* LedgerService::ReverseTransfer(grpc::CallbackServerContext* context,
                                                         const v1::ReverseTransferRequest* request,
                                                         v1::Book* response) {
  return gate_->Unary<v1::ReverseTransferRequest, v1::Book>(
      context, request, response,
      [this](const chassis::CallInfo& call, const v1::ReverseTransferRequest& asked, auto done) {
        const auto [id, number] = SplitTransferName(asked.name());
        const auto book = ParseBookId(id);
        if (!book.has_value()) return done(chassis::NotFound(asked.name()));
        ChangeBook(
            *book, call.ToCommand(asked),
            [id = id, number = number, reason = asked.reason(), now = stores_->Now()](
                const CurrentBook& current) { return Reverse(current, id, number, reason, now); },
            std::move(done));
      });
}

grpc::ServerUnaryReactor* LedgerService::CreatePaymentBatch(
    grpc::CallbackServerContext* context, const v1::CreatePaymentBatchRequest* request,
    v1::PaymentBatchFile* response) {
  return gate_->Unary<v1::CreatePaymentBatchRequest, v1::PaymentBatchFile>(
      context, request, response,
      [this](const chassis::CallInfo& call, const v1::CreatePaymentBatchRequest& asked, auto done) {
        const absl::StatusOr<std::string> id = NewId(asked.area_code());
        if (!id.ok()) return done(id.status());
        batches_.Make(
            *id,
            {.area = asked.area_code(),
             .year = asked.fiscal_year(),
             .vendor = asked.vendor(),
             .limit = asked.limit() == 0 ? kNormalLines : asked.limit()},
            call.ToCommand(asked),
            [done = std::move(done)](absl::StatusOr<chassis::Committed<PaymentBatchRecord>> made) {
              if (!made.ok()) return done(made.status());
              done(ToFile(made->state.payment_batch()));
            });
      });
}

grpc::ServerUnaryReactor* LedgerService::GetPaymentBatchFile(
    grpc::CallbackServerContext* context, const v1::GetPaymentBatchFileRequest* request,
    v1::PaymentBatchFile* response) {
  return gate_->Unary<v1::GetPaymentBatchFileRequest, v1::PaymentBatchFile>(
      context, request, response,
      [this](const chassis::CallInfo& call, const v1::GetPaymentBatchFileRequest& asked,
             auto done) {
        FindBatch(asked.name(), call.deadline,
                  [done = std::move(done)](absl::StatusOr<v1::PaymentBatch> batch) {
                    if (!batch.ok()) return done(batch.status());
                    done(ToFile(*batch));
                  });
      });
}

grpc::ServerUnaryReactor* LedgerService::GetPaymentBatch(grpc::CallbackServerContext* context,
                                                         const v1::GetPaymentBatchRequest* request,
                                                         v1::PaymentBatch* response) {
  return gate_->Unary<v1::GetPaymentBatchRequest, v1::PaymentBatch>(
      context, request, response,
      [this](const chassis::CallInfo& call, const v1::GetPaymentBatchRequest& asked, auto done) {
        FindBatch(asked.name(), call.deadline, std::move(done));
      });
}

grpc::ServerUnaryReactor* LedgerService::ListPaymentBatches(
    grpc::CallbackServerContext* context, const v1::ListPaymentBatchesRequest* request,
    v1::ListPaymentBatchesResponse* response) {
  return gate_->Unary<v1::ListPaymentBatchesRequest, v1::ListPaymentBatchesResponse>(
      context, request, response,
      [this](const chassis::CallInfo& call, const v1::ListPaymentBatchesRequest& asked, auto done) {
        const absl::StatusOr<std::string> cursor = chassis::CursorOf(asked);
        if (!cursor.ok()) return done(cursor.status());
        stores_->batches.List(
            BatchIndex(asked.area_code()), asked.area_code(), *cursor,
            chassis::PageSize(asked.page_size()), call.deadline,
            [asked,
             done = std::move(done)](absl::StatusOr<chassis::Page<PaymentBatchRecord>> page) {
              if (!page.ok()) return done(page.status());
              v1::ListPaymentBatchesResponse answer;
              for (auto& item : page->items) {
                *answer.add_payment_batches() =
                    WithoutLines(std::move(*item.aggregate.state.mutable_payment_batch()));
              }
              if (!page->next_cursor.empty())
                answer.set_next_page_token(chassis::MakePageToken(asked, page->next_cursor));
              done(std::move(answer));
            });
      });
}

grpc::ServerUnaryReactor* LedgerService::ImportPaymentResult(
    grpc::CallbackServerContext* context, const v1::ImportPaymentResultRequest* request,
    v1::PaymentBatch* response) {
  return gate_->Unary<v1::ImportPaymentResultRequest, v1::PaymentBatch>(
      context, request, response,
      [this](const chassis::CallInfo& call, const v1::ImportPaymentResultRequest& asked,
             auto done) {
        const std::string id = IdIn(asked.name(), "paymentBatches/");
        stores_->batches.Update(
            id, call.ToCommand(asked),
            [id, csv = asked.csv(), now = stores_->Now()](const CurrentBatch& current) {
              return ImportResult(current, id, csv, now);
            },
            [done = std::move(done)](
                absl::StatusOr<chassis::Committed<PaymentBatchRecord>> committed) {
              if (!committed.ok()) return done(committed.status());
              done(WithoutLines(std::move(*committed->state.mutable_payment_batch())));
            });
      });
}

grpc::ServerUnaryReactor* LedgerService::CloseFiscalYear(grpc::CallbackServerContext* context,
                                                         const v1::CloseFiscalYearRequest* request,
                                                         v1::Book* response) {
  return gate_->Unary<v1::CloseFiscalYearRequest, v1::Book>(
      context, request, response,
      [this](const chassis::CallInfo& call, const v1::CloseFiscalYearRequest& asked, auto done) {
        Close({asked.area_code(), asked.fiscal_year(), asked.fund_source()}, call.ToCommand(asked),
              0, std::move(done));
      });
}

grpc::ServerUnaryReactor* LedgerService::GetStatement(grpc::CallbackServerContext* context,
                                                      const v1::GetStatementRequest* request,
                                                      v1::Statement* response) {
  return gate_->Unary<v1::GetStatementRequest, v1::Statement>(
      context, request, response,
      [this](const chassis::CallInfo& call, const v1::GetStatementRequest& asked, auto done) {
        const auto book = ParseBookId(IdIn(asked.book(), "books/"));
        if (!book.has_value()) return done(chassis::NotFound(asked.book()));
        const absl::StatusOr<std::string> cursor = chassis::CursorOf(asked);
        if (!cursor.ok()) return done(cursor.status());
        StatementQuestion question = {.book = *book, .account = asked.account()};
        if (asked.has_start_time()) question.start = chassis::ToTime(asked.start_time());
        if (asked.has_end_time()) question.end = chassis::ToTime(asked.end_time());
        statements_.ReadLines(
            question, call.deadline,
            [question, asked, cursor = *cursor,
             done = std::move(done)](absl::StatusOr<std::vector<StatementLine>> lines) {
              if (!lines.ok()) return done(lines.status());
              StatementPage page = MakeStatement(
                  *std::move(lines), question, cursor,
                  chassis::PageSize(asked.page_size(), kStatementLines, kMostStatementLines));
              if (!page.next_cursor.empty()) {
                page.statement.set_next_page_token(chassis::MakePageToken(asked, page.next_cursor));
              }
              done(std::move(page.statement));
            });
      });
}

grpc::ServerUnaryReactor* LedgerService::GetTrialBalance(grpc::CallbackServerContext* context,
                                                         const v1::GetTrialBalanceRequest* request,
                                                         v1::TrialBalance* response) {
  return gate_->Unary<v1::GetTrialBalanceRequest, v1::TrialBalance>(
      context, request, response,
      [this](const chassis::CallInfo& call, const v1::GetTrialBalanceRequest& asked, auto done) {
        const auto area = vocabulary::RegionCode::Parse(asked.area_code());
        if (!area.ok()) return done(area.status());
        statements_.ReadTrialBalance(*area, asked.fiscal_year(), call.deadline, std::move(done));
      });
}

absl::StatusOr<std::string> LedgerService::NewId(const std::string& area) {
  const absl::StatusOr<std::string> ulid = ids_.Next(stores_->Now());
  if (!ulid.ok()) return ulid.status();
  return absl::StrCat(area, "-", *ulid);
}

void LedgerService::ReadBook(const BookKey& book, absl::Time deadline, Done<v1::Book> done) const {
  stores_->raw()->GetCounters(
      book.area, BalanceCounters(book.area, book.year), deadline,
      [book, done = std::move(done)](absl::StatusOr<std::vector<int64_t>> counters) {
        if (!counters.ok()) return done(counters.status());
        done(ToBook(book, ToBalances(*counters).at(book.fund)));
      });
}

void LedgerService::ChangeBook(const BookKey& book, chassis::Command command,
                               chassis::AggregateStore<BookRecord>::Decide decide,
                               Done<v1::Book> done) const {
  const absl::Time deadline = command.deadline;
  stores_->books.Update(BookId(book), std::move(command), std::move(decide),
                        [this, book, deadline, done = std::move(done)](
                            absl::StatusOr<chassis::Committed<BookRecord>> committed) {
                          if (TooLittle(committed.status()))
                            return done(NotEnough(book, committed.status()));
                          if (!committed.ok()) return done(committed.status());
                          ReadBook(book, deadline, done);
                        });
}

void LedgerService::Close(const BookKey& book, chassis::Command command, int attempt,
                          Done<v1::Book> done) const {
  stores_->raw()->GetCounters(
      book.area, {BalanceCounter(book, v1::LEDGER_ACCOUNT_AVAILABLE)}, command.deadline,
      [this, book, command, attempt,
       done = std::move(done)](absl::StatusOr<std::vector<int64_t>> available) {
        if (!available.ok()) return done(available.status());
        const YearEnd rule = absl::c_linear_search(settings_.carry_over, book.fund)
                                 ? YearEnd::kCarryOver
                                 : YearEnd::kLapse;
        ChangeBook(
            book, command,
            [book, rule, free = available->front(), now = stores_->Now()](
                const CurrentBook& current) { return CloseYear(current, book, free, rule, now); },
            [this, book, command, attempt, done](absl::StatusOr<v1::Book> closed) {
              // Somebody reserved from it meanwhile.
              const bool less = chassis::ReasonOf(closed.status()) == "BUDGET_INSUFFICIENT";
              if (less && attempt < kMostAttempts) return Close(book, command, attempt + 1, done);
              done(std::move(closed));
            });
      });
}

void LedgerService::FindBatch(const std::string& name, absl::Time deadline,
                              Done<v1::PaymentBatch> done) const {
  stores_->batches.Get(IdIn(name, "paymentBatches/"), deadline,
                       [name, done = std::move(done)](absl::StatusOr<Batch> found) {
                         if (!found.ok()) return done(found.status());
                         if (!found->exists()) return done(chassis::NotFound(name));
                         done(std::move(*found->state.mutable_payment_batch()));
                       });
}

}  // namespace fuju::catalogue
