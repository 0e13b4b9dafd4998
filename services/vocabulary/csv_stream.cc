#include "vocabulary/csv_stream.h"

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include "vocabulary/invalid_value.h"
#include "vocabulary/utf8.h"

namespace fuju::vocabulary {
namespace {

constexpr absl::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool IsUtf8(absl::string_view text) {
  // Most fields are ASCII, and decoding is slow.
  const bool ascii = absl::c_all_of(
      text, [](char c) { return absl::ascii_isascii(static_cast<unsigned char>(c)); });
  return ascii || DecodeUtf8(text).has_value();
}

}  // namespace

CsvStream::CsvStream(CsvLimits limits, CsvPosition from)
    : limits_(limits), begun_(from.bytes > 0), begin_(from), here_(from) {}

void CsvStream::Add(absl::string_view bytes) {
  input_.erase(0, at_);
  at_ = 0;
  input_.append(bytes.data(), bytes.size());
}

absl::StatusOr<std::optional<CsvRecord>> CsvStream::Next() {
  if (!failure_.ok()) return failure_;
  if (!begun_ && !SkipByteOrderMark()) return std::nullopt;
  absl::StatusOr<std::optional<CsvRecord>> record = Read();
  failure_ = record.status();
  return record;
}

bool CsvStream::SkipByteOrderMark() {
  const size_t there = std::min(input_.size(), kByteOrderMark.size());
  const bool may_be = input_.compare(0, there, kByteOrderMark.data(), there) == 0;
  if (may_be && there < kByteOrderMark.size() && !ended_) return false;
  begun_ = true;
  if (may_be && there == kByteOrderMark.size()) {
    at_ = there;
    here_.bytes = begin_.bytes = there;
  }
  return true;
}

absl::StatusOr<std::optional<CsvRecord>> CsvStream::Read() {
  while (true) {
    TakeRun();
    if (absl::Status s = CheckLength(); !s.ok()) return s;
    const bool last = at_ == input_.size();
    // At the very end there is one more record only if something of it is there.
    if (last && (!ended_ || here_.bytes == begin_.bytes)) return std::nullopt;
    const absl::StatusOr<Step> step = last ? TakeEnd() : Take(input_[at_]);
    if (!step.ok()) return step.status();
    if (!last) {
      ++at_;
      ++here_.bytes;
    }
    if (*step == Step::kGoOn) continue;
    if (absl::Status s = EndField(); !s.ok()) return s;
    if (*step == Step::kFieldEnds) continue;
    std::optional<CsvRecord> record = EndRecord();
    if (record.has_value()) return record;
  }
}

void CsvStream::TakeRun() {
  if (state_ != State::kPlain && state_ != State::kQuoted) return;
  const absl::string_view stops =
      state_ == State::kQuoted ? absl::string_view("\"\n") : absl::string_view("\",\r\n\0", 5);
  const absl::string_view rest = absl::string_view(input_).substr(at_);
  const size_t length = std::min(rest.find_first_of(stops), rest.size());
  field_.append(rest.data(), length);
  at_ += length;
  here_.bytes += length;
}

absl::StatusOr<CsvStream::Step> CsvStream::Take(char c) {
  const auto line_ends = [this] {
    ++here_.lines;
    return Step::kRecordEnds;
  };
  switch (state_) {
    case State::kFieldStart:
      if (c == '"') {
        quoted_ = true;
        state_ = State::kQuoted;
        return Step::kGoOn;
      }
      state_ = State::kPlain;
      return Take(c);
    case State::kPlain:
      if (c == ',') return Step::kFieldEnds;
      if (c == '\n') return line_ends();
      if (c == '"') {
        return WrongHere("引号只能出现在用引号括起的字段中，且须写成两个引号",
                         "a quote may only stand in a quoted field, and is doubled there");
      }
      if (c == '\0') return WrongHere("含有不允许的控制字符", "holds a control character");
      if (c == '\r') {
        state_ = State::kPlainCr;
      } else {
        field_.push_back(c);
      }
      return Step::kGoOn;
    case State::kPlainCr:
      if (c == '\n') return line_ends();
      return WrongHere("含有不允许的控制字符", "holds a control character");
    case State::kQuoted:
      if (c == '"') {
        state_ = State::kQuoteSeen;
        return Step::kGoOn;
      }
      if (c == '\n') ++here_.lines;
      field_.push_back(c);
      return Step::kGoOn;
    case State::kQuoteSeen:
      if (c == ',') return Step::kFieldEnds;
      if (c == '\n') return line_ends();
      if (c == '\r') {
        state_ = State::kQuotedCr;
        return Step::kGoOn;
      }
      if (c == '"') {
        field_.push_back(c);
        state_ = State::kQuoted;
        return Step::kGoOn;
      }
      break;
    case State::kQuotedCr:
      if (c == '\n') return line_ends();
      break;
  }
  return WrongHere("结束引号之后只能是逗号或换行",
                   "only a comma or a line end may follow a closing quote");
}

absl::StatusOr<CsvStream::Step> CsvStream::TakeEnd() const {
  switch (state_) {
    case State::kPlainCr:
      return WrongHere("含有不允许的控制字符", "holds a control character");
    case State::kQuoted:
      return WrongHere("缺少结束引号", "the closing quote is missing");
    case State::kQuotedCr:
      return WrongHere("结束引号之后只能是逗号或换行",
                       "only a comma or a line end may follow a closing quote");
    default:
      return Step::kRecordEnds;
  }
}

absl::Status CsvStream::EndField() {
  state_ = State::kFieldStart;
  if (!IsUtf8(field_)) {
    return WrongHere("不是UTF-8编码（可能是GBK），请另存为“CSV UTF-8”",
                     "is not UTF-8 (GBK perhaps), save the file as 'CSV UTF-8'");
  }
  fields_.push_back(std::exchange(field_, {}));
  return absl::OkStatus();
}

std::optional<CsvRecord> CsvStream::EndRecord() {
  const bool blank = fields_.size() == 1 && fields_.front().empty() && !quoted_;
  here_.rows = begin_.rows + 1;
  CsvRecord record{.row = here_.rows,
                   .line = begin_.lines + 1,
                   .fields = std::exchange(fields_, {}),
                   .blank_lines_before = blank_lines_,
                   .end = here_};
  quoted_ = false;
  begin_ = here_;
  if (blank) {
    ++blank_lines_;
    return std::nullopt;
  }
  blank_lines_ = 0;
  return record;
}

absl::Status CsvStream::CheckLength() const {
  const auto too_long = [this](absl::string_view what_zh, absl::string_view what_en, size_t most) {
    return WrongHere(absl::StrCat(what_zh, "超过", most, "字节，可能是前面缺少结束引号"),
                     absl::StrCat("the ", what_en, " has more than ", most,
                                  " bytes; a closing quote may be missing before"));
  };
  if (field_.size() > limits_.field_bytes) return too_long("字段", "field", limits_.field_bytes);
  if (here_.bytes - begin_.bytes > limits_.record_bytes) {
    return too_long("一行", "row", limits_.record_bytes);
  }
  return absl::OkStatus();
}

absl::Status CsvStream::WrongHere(absl::string_view zh, absl::string_view en) const {
  const size_t row = begin_.rows + 1;
  const size_t column = fields_.size() + 1;
  return InvalidValue(absl::StrCat("第", row, "行第", column, "列：", zh),
                      absl::StrCat("row ", row, ", column ", column, ": ", en));
}

}  // namespace fuju::vocabulary
