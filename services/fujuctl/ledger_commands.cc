#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/random/random.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"

#include "chassis/process/files.h"
#include "chassis/rpc/status.h"
#include "fuju/catalogue/v1/ledger_service.grpc.pb.h"
#include "fujuctl/commands.h"
#include "vocabulary/money.h"

namespace fuju::fujuctl {
namespace {

namespace cv1 = catalogue::v1;
using Stub = cv1::LedgerService::Stub;

std::string Yuan(int64_t fen) { return vocabulary::FormatYuan(vocabulary::Fen(fen)); }

std::string Short(absl::string_view name, absl::string_view prefix) {
  return absl::AsciiStrToLower(absl::StripPrefix(name, prefix));
}
std::string AccountName(cv1::LedgerAccount account) {
  return Short(cv1::LedgerAccount_Name(account), "LEDGER_ACCOUNT_");
}

// One run of a command: reads its words, calls, and prints.
class LedgerCommand {
 public:
  LedgerCommand(const Connections& connections, const std::vector<std::string>& words,
                const LedgerOptions& options, std::ostream& out)
      : connections_(connections),
        words_(words),
        options_(options),
        out_(out),
        stub_(cv1::LedgerService::NewStub(ChannelTo(connections.catalogue))),
        request_id_(options.request_id) {
    if (request_id_.empty()) {
      absl::BitGen random;
      request_id_ = absl::StrFormat("fujuctl-%016x", absl::Uniform<uint64_t>(random));
    }
  }

  std::optional<absl::Status> Run() {
    using Method = absl::Status (LedgerCommand::*)();
    // Words of the command, how many follow, and what it does.
    const std::map<std::string, std::pair<size_t, Method>> commands = {
        {"appropriate", {4, &LedgerCommand::Appropriate}},
        {"allot", {5, &LedgerCommand::Allot}},
        {"reverse", {1, &LedgerCommand::Reverse}},
        {"close-year", {3, &LedgerCommand::CloseYear}},
        {"create-batch", {2, &LedgerCommand::CreateBatch}},
        {"batch-file", {1, &LedgerCommand::BatchFile}},
        {"import-result", {2, &LedgerCommand::ImportResult}},
        {"statement", {2, &LedgerCommand::Statement}},
        {"trial-balance", {2, &LedgerCommand::TrialBalance}}};
    if (words_.size() < 2) return std::nullopt;
    const auto command = commands.find(words_[1]);
    if (command == commands.end() || words_.size() != 2 + command->second.first)
      return std::nullopt;
    absl::Status status = (this->*command->second.second)();
    if (absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status))
      out_ << "repeat it with --request_id=" << request_id_ << ", and it is done once\n";
    return status;
  }

 private:
  const std::string& Word(size_t number) const { return words_[1 + number]; }

  // A number of the command line; the field of the request stays 0 if it is none, and the service
  // names it.
  int64_t NumberAt(size_t number) const {
    int64_t value = 0;
    return absl::SimpleAtoi(Word(number), &value) ? value : 0;
  }
  cv1::FundSource FundAt(size_t number) const {
    cv1::FundSource fund = cv1::FUND_SOURCE_UNSPECIFIED;
    cv1::FundSource_Parse(absl::StrCat("FUND_SOURCE_", absl::AsciiStrToUpper(Word(number))), &fund);
    return fund;
  }

  template <typename Request, typename Response>
  absl::Status Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                    const Request& request, Response& response) {
    grpc::ClientContext context;
    Prepare(context, connections_);
    const grpc::Status status = (*stub_.*method)(&context, request, &response);
    return status.ok() ? absl::OkStatus() : chassis::FromGrpcStatus(status);
  }

  void Print(const cv1::Book& book) {
    out_ << book.name();
    for (const cv1::AccountBalance& balance : book.balances())
      out_ << "  " << AccountName(balance.account()) << " " << Yuan(balance.amount_fen());
    out_ << "\n";
  }
  template <typename Request>
  absl::Status ChangeBook(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                       cv1::Book*),
                          Request& request) {
    request.set_request_id(request_id_);
    cv1::Book book;
    absl::Status status = Call(method, request, book);
    if (status.ok()) Print(book);
    return status;
  }

  absl::Status Appropriate() {
    cv1::AppropriateRequest request;
    request.set_area_code(Word(1));
    request.set_fiscal_year(static_cast<int32_t>(NumberAt(2)));
    request.set_fund_source(FundAt(3));
    request.set_amount_fen(NumberAt(4));
    request.set_reason(options_.reason);
    return ChangeBook(&Stub::Appropriate, request);
  }

  absl::Status Allot() {
    cv1::CreateAllotmentRequest request;
    request.set_from_area_code(Word(1));
    request.set_to_area_code(Word(2));
    request.set_fiscal_year(static_cast<int32_t>(NumberAt(3)));
    request.set_fund_source(FundAt(4));
    request.set_amount_fen(NumberAt(5));
    request.set_reason(options_.reason);
    request.set_request_id(request_id_);
    cv1::Allotment allotment;
    absl::Status status = Call(&Stub::CreateAllotment, request, allotment);
    if (status.ok()) out_ << allotment.name() << " sent " << Yuan(allotment.amount_fen()) << "\n";
    return status;
  }

  absl::Status Reverse() {
    cv1::ReverseTransferRequest request;
    request.set_name(Word(1));
    request.set_reason(options_.reason);
    return ChangeBook(&Stub::ReverseTransfer, request);
  }

  absl::Status CloseYear() {
    cv1::CloseFiscalYearRequest request;
    request.set_area_code(Word(1));
    request.set_fiscal_year(static_cast<int32_t>(NumberAt(2)));
    request.set_fund_source(FundAt(3));
    return ChangeBook(&Stub::CloseFiscalYear, request);
  }

  // The file alone, so that it can be written where it is sent.
  absl::Status CreateBatch() {
    cv1::CreatePaymentBatchRequest request;
    request.set_area_code(Word(1));
    request.set_fiscal_year(static_cast<int32_t>(NumberAt(2)));
    request.set_vendor(options_.vendor);
    request.set_limit(options_.limit);
    request.set_request_id(request_id_);
    cv1::PaymentBatchFile file;
    absl::Status status = Call(&Stub::CreatePaymentBatch, request, file);
    if (status.ok()) out_ << file.csv();
    return status;
  }
  absl::Status BatchFile() {
    cv1::GetPaymentBatchFileRequest request;
    request.set_name(Word(1));
    cv1::PaymentBatchFile file;
    absl::Status status = Call(&Stub::GetPaymentBatchFile, request, file);
    if (status.ok()) out_ << file.csv();
    return status;
  }

  absl::Status ImportResult() {
    auto csv = chassis::ReadTextFile(Word(2));
    if (!csv.ok()) return csv.status();
    cv1::ImportPaymentResultRequest request;
    request.set_name(Word(1));
    request.set_csv(*std::move(csv));
    request.set_request_id(request_id_);
    cv1::PaymentBatch batch;
    absl::Status status = Call(&Stub::ImportPaymentResult, request, batch);
    if (status.ok()) {
      out_ << batch.name() << " paid " << Yuan(batch.paid_fen()) << ", bounced "
           << Yuan(batch.bounced_fen()) << "\n";
    }
    return status;
  }

  absl::Status Statement() {
    cv1::GetStatementRequest request;
    request.set_book(Word(1));
    cv1::LedgerAccount account = cv1::LEDGER_ACCOUNT_UNSPECIFIED;
    cv1::LedgerAccount_Parse(absl::StrCat("LEDGER_ACCOUNT_", absl::AsciiStrToUpper(Word(2))),
                             &account);
    request.set_account(account);
    request.set_page_size(5000);
    cv1::Statement page;
    bool first = true;
    do {
      page.Clear();
      if (absl::Status status = Call(&Stub::GetStatement, request, page); !status.ok())
        return status;
      if (first) out_ << "opening " << Yuan(page.opening_fen()) << "\n";
      first = false;
      for (const cv1::Transfer& transfer : page.transfers()) {
        out_ << absl::FormatTime(absl::FromUnixSeconds(transfer.time().seconds())) << "  "
             << AccountName(transfer.credit()) << " -> " << AccountName(transfer.debit()) << " "
             << Yuan(transfer.amount_fen()) << "  " << transfer.name() << "\n";
      }
      request.set_page_token(page.next_page_token());
    } while (!page.next_page_token().empty());
    out_ << "closing " << Yuan(page.closing_fen()) << "\n";
    return absl::OkStatus();
  }

  absl::Status TrialBalance() {
    cv1::GetTrialBalanceRequest request;
    request.set_area_code(Word(1));
    request.set_fiscal_year(static_cast<int32_t>(NumberAt(2)));
    cv1::TrialBalance trial;
    if (absl::Status status = Call(&Stub::GetTrialBalance, request, trial); !status.ok())
      return status;
    for (const cv1::Book& book : trial.books()) Print(book);
    out_ << "debit " << Yuan(trial.debit_fen()) << "  credit " << Yuan(trial.credit_fen())
         << "  difference " << Yuan(trial.difference_fen()) << "  in transit "
         << Yuan(trial.in_transit_fen()) << "\n";
    return trial.difference_fen() == 0
               ? absl::OkStatus()
               : absl::DataLossError("the books do not balance: see the difference");
  }

  const Connections& connections_;
  const std::vector<std::string>& words_;
  const LedgerOptions& options_;
  std::ostream& out_;
  const std::unique_ptr<Stub> stub_;
  std::string request_id_;
};

}  // namespace

std::optional<absl::Status> RunLedger(const Connections& connections,
                                      const std::vector<std::string>& words,
                                      const LedgerOptions& options, std::ostream& out) {
  return LedgerCommand(connections, words, options, out).Run();
}

}  // namespace fuju::fujuctl
