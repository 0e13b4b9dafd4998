#include "catalogue/ledger/payment_file.h"

#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

#include "catalogue/ledger/account.h"
#include "chassis/values/refusal.h"
#include "vocabulary/csv.h"
#include "vocabulary/invalid_value.h"
#include "vocabulary/utf8.h"

namespace fuju::catalogue {
namespace {

constexpr size_t kLongestReason = 200;

chassis::Refusal Misfit() {
  return chassis::Refusal(absl::StatusCode::kInvalidArgument, "PAYMENT_RESULT_INVALID",
                          "支付结果与批次不符，未作任何更改；请逐行更正后重新导入",
                          "the result does not fit its batch and nothing was changed: correct "
                          "each line and import it again");
}

// The file is no such table: `why` says so in two halves.
absl::Status NoTable(const absl::Status& why) {
  const std::pair<std::string, std::string> halves =
      absl::StrSplit(why.message(), absl::MaxSplits(vocabulary::kLanguageSeparator, 1));
  return Misfit().Field("csv", halves.first, halves.second);
}

std::string Funds(const std::map<v1::FundSource, int64_t>& shares) {
  return absl::StrJoin(shares, ";", [](std::string* text, const auto& share) {
    absl::StrAppend(text, FundName(share.first), ":", share.second);
  });
}

// One row of a result, held against the batch.
class ResultReader {
 public:
  ResultReader(const v1::PaymentBatch& batch)  // NOLINT(google-explicit-constructor)
      : batch_(batch), results_(static_cast<size_t>(batch.lines_size())) {}

  void Read(const vocabulary::CsvRow& row) {
    const auto field = [&row](absl::string_view column) {
      return std::string(row.Field(column).value_or(""));
    };
    const auto wrong = [&](absl::string_view column, const std::string& zh, const std::string& en) {
      refusal_.Field(absl::StrCat("rows[", row.number(), "].", column), zh, en);
    };
    if (field("batch") != batch_.name()) {
      wrong("batch", absl::StrCat("须为", batch_.name()),
            absl::StrCat("it must be ", batch_.name()));
    }
    int number = 0;
    if (!absl::SimpleAtoi(field("line"), &number) || number < 1 || number > batch_.lines_size()) {
      return wrong("line", absl::StrCat("批次中没有这一行；行号为1至", batch_.lines_size()),
                   absl::StrCat("the batch has no such line; it has 1 to ", batch_.lines_size()));
    }
    std::optional<PaymentResult>& result = results_[static_cast<size_t>(number - 1)];
    if (result.has_value()) wrong("line", "这一行出现了两次", "this line was there before");
    result.emplace();
    const v1::PaymentLine& line = batch_.lines(number - 1);
    if (field("amount_fen") != absl::StrCat(line.amount_fen())) {
      wrong("amount_fen", absl::StrCat("批次中的金额为", line.amount_fen(), "分"),
            absl::StrCat("the batch says ", line.amount_fen(), " fen"));
    }
    const std::string what = field("result");
    result->paid = what == "paid";
    result->bounce_reason = field("reason");
    if (!result->paid && what != "bounced") {
      wrong("result", "须为paid（已支付）或bounced（退回）", "it must be paid or bounced");
    } else if (result->paid && !result->bounce_reason.empty()) {
      wrong("reason", "已支付的行不应有退回原因", "a line that was paid has no reason");
    } else if (!result->paid && result->bounce_reason.empty()) {
      wrong("reason", "退回的行须说明原因", "a line that bounced has a reason");
    }
    const auto characters = vocabulary::DecodeUtf8(result->bounce_reason);
    if (!characters.has_value() || characters->size() > kLongestReason) {
      wrong("reason", absl::StrCat("不超过", kLongestReason, "字"),
            absl::StrCat("at most ", kLongestReason, " characters"));
    }
  }

  absl::StatusOr<std::vector<PaymentResult>> Finish() {
    std::vector<PaymentResult> all;
    for (size_t i = 0; i < results_.size(); ++i) {
      if (results_[i].has_value()) {
        all.push_back(*std::move(results_[i]));
      } else {
        refusal_.Field(absl::StrCat("lines[", i + 1, "]"), "结果中缺少这一行",
                       "the result does not have this line");
      }
    }
    if (refusal_.has_fields()) return refusal_.Build();
    return all;
  }

 private:
  const v1::PaymentBatch& batch_;
  std::vector<std::optional<PaymentResult>> results_;
  chassis::Refusal refusal_ = Misfit();
};

}  // namespace

std::string PaymentFile(const v1::PaymentBatch& batch) {
  std::string csv = "batch,line,vendor,application,funds,amount_fen\n";
  std::map<v1::FundSource, int64_t> sums;
  int64_t total = 0;
  for (const v1::PaymentLine& line : batch.lines()) {
    std::map<v1::FundSource, int64_t> shares;
    for (const v1::FundShare& share : line.fund_shares()) {
      shares[share.fund_source()] += share.amount_fen();
      sums[share.fund_source()] += share.amount_fen();
    }
    total += line.amount_fen();
    absl::StrAppend(&csv, batch.name(), ",", line.line_number(), ",", line.vendor(), ",",
                    line.application(), ",", Funds(shares), ",", line.amount_fen(), "\n");
  }
  absl::StrAppend(&csv, batch.name(), ",total,,,", Funds(sums), ",", total, "\n");
  return csv;
}

absl::StatusOr<std::vector<PaymentResult>> ReadPaymentResult(const v1::PaymentBatch& batch,
                                                             absl::string_view csv) {
  const absl::StatusOr<vocabulary::CsvTable> table = vocabulary::CsvTable::Parse(csv);
  if (!table.ok()) return NoTable(table.status());
  const absl::Status columns =
      table->RequireColumns({"batch", "line", "amount_fen", "result", "reason"});
  if (!columns.ok()) return NoTable(columns);
  ResultReader reader(batch);
  for (const vocabulary::CsvRow& row : table->rows()) reader.Read(row);
  return reader.Finish();
}

}  // namespace fuju::catalogue
