#include "vocabulary/csv_stream.h"

#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fuju::vocabulary {
namespace {

using ::testing::HasSubstr;

// All that a stream tells of a text: records with their places, and how it ended.
std::string ToldOf(CsvStream& stream, const std::vector<std::string>& pieces) {
  std::string told;
  const auto read = [&] {
    while (true) {
      absl::StatusOr<std::optional<CsvRecord>> record = stream.Next();
      if (!record.ok()) {
        absl::StrAppend(&told, record.status().ToString(), "\n");
        return false;
      }
      if (!record->has_value()) return true;
      absl::StrAppend(&told, (*record)->row, " ", (*record)->line, " +",
                      (*record)->blank_lines_before, " ", (*record)->end.bytes, "/",
                      (*record)->end.rows, "/", (*record)->end.lines, " [",
                      absl::StrJoin((*record)->fields, "|"), "]\n");
    }
  };
  for (const std::string& piece : pieces) {
    stream.Add(piece);
    if (!read()) return told;
  }
  stream.End();
  read();
  return told;
}

std::string ToldOf(const std::vector<std::string>& pieces, CsvLimits limits = {}) {
  CsvStream stream(limits);
  return ToldOf(stream, pieces);
}

const std::vector<std::string>& Texts() {
  static const auto* const kTexts = new std::vector<std::string>{
      "\xEF\xBB\xBF县,姓名\r\n620102,\"张,\"\"三\"\"\r\n四\"\r\n\r\n620103,李四\r\n\r\n",
      "a,b\n1,\n,2\n\"\"\n\n\nlast,row",
      "\xEF\xBB\xBF",
      "\xEF\xBB",
      "\n\r\n\na\n",
      "a,b\n\"1\"2,3\n",
      "a,b\n1\r2\n",
      "a\r\n\"x\"\ry",
      "a\n\"never\nclosed",
      "a,b\nx,\xB3\xC7\n",
      std::string("a\n\0\n", 4),
      "a\r",
      "",
  };
  return *kTexts;
}

TEST(CsvStreamTest, TellsRowsLinesAndPlaces) {
  EXPECT_EQ(ToldOf({Texts()[0]}),
            "1 1 +0 15/1/1 [县|姓名]\n"
            "2 2 +0 42/2/3 [620102|张,\"三\"\r\n四]\n"
            "4 5 +1 59/4/5 [620103|李四]\n");
  EXPECT_EQ(ToldOf({Texts()[1]}),
            "1 1 +0 4/1/1 [a|b]\n"
            "2 2 +0 7/2/2 [1|]\n"
            "3 3 +0 10/3/3 [|2]\n"
            "4 4 +0 13/4/4 []\n"
            "7 7 +2 23/7/6 [last|row]\n");
  EXPECT_EQ(ToldOf({""}), "");
  EXPECT_EQ(ToldOf({"\n\r\n\na\n"}), "4 4 +3 6/4/4 [a]\n");
}

// The property: whatever the pieces are, the records, places and errors are the same.
TEST(CsvStreamTest, IsTheSameHoweverTheTextIsCut) {
  for (const std::string& text : Texts()) {
    const std::string whole = ToldOf({text});
    std::vector<std::string> bytes;
    for (const char c : text) bytes.emplace_back(1, c);
    EXPECT_EQ(ToldOf(bytes), whole) << text;
    for (size_t cut = 0; cut <= text.size(); ++cut) {
      EXPECT_EQ(ToldOf({text.substr(0, cut), text.substr(cut)}), whole) << text << " at " << cut;
    }
  }
}

TEST(CsvStreamTest, IsTheSameForRandomTextsAndCuts) {
  // Bytes that mean something, the parts of a Chinese character among them.
  const std::string kAlphabet = "ab,,\"\"\n\n\r\n\xE5\xBC\xA0\xE5\xBC\xA0x";
  std::mt19937 random(20261126);
  const auto below = [&random](size_t n) {
    return std::uniform_int_distribution<size_t>(0, n - 1)(random);
  };
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (size_t i = below(40); i > 0; --i) text += kAlphabet[below(kAlphabet.size())];
    std::vector<std::string> pieces;
    for (size_t at = 0; at < text.size();) {
      const size_t length = 1 + below(6);
      pieces.push_back(text.substr(at, length));
      at += length;
    }
    EXPECT_EQ(ToldOf(pieces), ToldOf({text})) << round << ": " << text;
  }
}

TEST(CsvStreamTest, GoesOnBehindAnyRecord) {
  const std::string& text = Texts()[0];
  const std::string whole = ToldOf({text});
  CsvStream first;
  first.Add(text);
  std::string told;
  while (true) {
    const auto record = first.Next();
    ASSERT_TRUE(record.ok());
    if (!record->has_value()) break;
    CsvStream second({}, (*record)->end);
    const std::string rest = ToldOf(second, {text.substr((*record)->end.bytes)});
    EXPECT_THAT(whole, ::testing::EndsWith(rest));
    EXPECT_LT(rest.size(), whole.size());
  }
}

TEST(CsvStreamTest, SaysWhatIsWrongAndWhereOnce) {
  const struct {
    std::string text;
    const char* zh;
    const char* en;
  } kCases[] = {
      {"a,b\n1,x\"y\n", "第2行第2列：引号", "row 2, column 2: a quote"},
      {"a,b\n\"1\"2,3\n", "第2行第1列：结束引号之后", "row 2, column 1: only a comma"},
      {"a,b\n\"1\"\r2,3\n", "第2行第1列：结束引号之后", "row 2, column 1: only a comma"},
      {"a,b\n1,\"2\n", "第2行第2列：缺少结束引号", "row 2, column 2: the closing quote"},
      {"a,b\n\n1\r2,3\n", "第3行第1列：含有不允许", "row 3, column 1: holds a control"},
      {"a\n1\r", "第2行第1列：含有不允许", "row 2, column 1: holds a control"},
      {std::string("a,b\n1,\0\n", 8), "第2行第2列：含有不允许", "row 2, column 2: holds"},
      {"a,b\nx,\xB3\xC7\n", "第2行第2列：不是UTF-8", "row 2, column 2: is not UTF-8 (GBK"},
      {"a,b\nx,123456789\n", "第2行第2列：字段超过8字节", "the field has more than 8 bytes"},
      {"a,b\n1,2,3,4,5,6,7,8,9\n", "一行超过16字节", "the row has more than 16 bytes"},
      {"a,b\n\"1\n2\n3\n4\n5", "第2行第1列：字段超过8字节", "row 2, column 1: the field"},
  };
  for (const auto& c : kCases) {
    CsvStream stream({.field_bytes = 8, .record_bytes = 16});
    stream.Add(c.text);
    stream.End();
    ASSERT_TRUE(stream.Next().ok()) << c.text;
    const auto failed = stream.Next();
    EXPECT_EQ(failed.status().code(), absl::StatusCode::kInvalidArgument) << c.text;
    EXPECT_THAT(std::string(failed.status().message()), HasSubstr(c.zh));
    EXPECT_THAT(std::string(failed.status().message()), HasSubstr(c.en));
    EXPECT_EQ(stream.Next().status(), failed.status());
  }
}

// A text that never comes to an end of its record is refused before it fills the memory.
TEST(CsvStreamTest, DoesNotKeepAnEndlessField) {
  CsvStream stream({.field_bytes = 1000, .record_bytes = 5000});
  stream.Add("a\n\"");
  ASSERT_TRUE(stream.Next()->has_value());
  int pieces = 0;
  while (stream.Next().ok()) {
    stream.Add(std::string(300, 'x'));
    ASSERT_LT(++pieces, 5);
  }
  EXPECT_EQ(pieces, 4);
}

}  // namespace
}  // namespace fuju::vocabulary
