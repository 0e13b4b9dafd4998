#include "vocabulary/csv.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vocabulary/invalid_value.h"

namespace fuju::vocabulary {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(CsvTest, ReadsFieldsByName) {
  const auto table = CsvTable::Parse("code,name\n620102,城关区\n620103,七里河区\n");
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_THAT(table->header(), ElementsAre("code", "name"));
  ASSERT_EQ(table->rows().size(), 2u);
  EXPECT_EQ(*table->rows()[1].Field("name"), "七里河区");
  EXPECT_EQ(table->rows()[1].number(), 3u);
  EXPECT_EQ(table->rows()[1].Field("level").status().code(), absl::StatusCode::kNotFound);
}

TEST(CsvTest, ReadsWhatTheRfcAllows) {
  const auto table = CsvTable::Parse(
      "\xEF\xBB\xBF"
      "a,b,c\r\n"
      "\"x,y\",\"say \"\"hi\"\"\",\r\n"
      "\"two\r\nlines\", kept ,\"\"\r\n"
      ",,\r\n"
      "last,row,end");
  ASSERT_TRUE(table.ok()) << table.status();
  ASSERT_EQ(table->rows().size(), 4u);
  EXPECT_THAT(table->header(), ElementsAre("a", "b", "c"));
  EXPECT_THAT(table->rows()[0].fields(), ElementsAre("x,y", "say \"hi\"", ""));
  EXPECT_THAT(table->rows()[1].fields(), ElementsAre("two\r\nlines", " kept ", ""));
  EXPECT_THAT(table->rows()[2].fields(), ElementsAre("", "", ""));
  EXPECT_THAT(table->rows()[3].fields(), ElementsAre("last", "row", "end"));
  EXPECT_EQ(table->rows()[2].number(), 4u);
  EXPECT_EQ(table->rows()[2].line(), 5u);
}

TEST(CsvTest, KeepsARowThatEndsInAComma) {
  const auto table = CsvTable::Parse("a,b\n1,");
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_THAT(table->rows()[0].fields(), ElementsAre("1", ""));
}

TEST(CsvTest, IgnoresEmptyLinesAtTheEndOnly) {
  EXPECT_EQ(CsvTable::Parse("a,b\n1,2\n\n\r\n")->rows().size(), 1u);
  EXPECT_THAT(CsvTable::Parse("a,b\n")->rows(), IsEmpty());
  EXPECT_FALSE(CsvTable::Parse("a,b\n\n1,2\n").ok());
}

TEST(CsvTest, NamesRowAndColumnOfAnError) {
  const struct {
    std::string text;
    std::string zh;
    std::string en;
  } kCases[] = {
      {"", "表为空", "empty"},
      {"\xEF\xBB\xBF\n", "表为空", "empty"},
      {"a,b\n1,2\n1,2,3\n", "第3行有3列，表头有2列", "row 3 has 3 columns, the header has 2"},
      {"a,b\n1\n", "第2行有1列", "row 2 has 1 columns"},
      {"a,b\n1,x\"y\n", "第2行第2列：引号", "row 2, column 2: a quote"},
      {"a,b\n\"1\"2,3\n", "第2行第1列：结束引号之后", "row 2, column 1: only a comma"},
      {"a,b\n1,\"2\n", "第2行第2列：缺少结束引号", "row 2, column 2: the closing quote is missing"},
      {"a,,c\n", "第1行第2列：列名为空", "row 1, column 2"},
      {"a,b,a\n", "第1行第3列：列名“a”重复", "row 1, column 3"},
      {"a,b\n1\r2,3\n", "第2行第1列：含有不允许的控制字符", "row 2, column 1"},
      {"a,b\n\xB3\xC7,1\n", "不是UTF-8", "not UTF-8"},
      {std::string("a,b\n1,\0\n", 8), "第2行第2列：含有不允许的控制字符", "row 2, column 2"},
  };
  for (const auto& c : kCases) {
    const auto table = CsvTable::Parse(c.text);
    EXPECT_EQ(table.status().code(), absl::StatusCode::kInvalidArgument) << c.text;
    EXPECT_THAT(std::string(table.status().message()), HasSubstr(c.zh));
    EXPECT_THAT(std::string(table.status().message()), HasSubstr(c.en));
  }
}

TEST(CsvTest, NamesAllMissingColumns) {
  const auto table = CsvTable::Parse("a,b\n1,2\n");
  EXPECT_TRUE(table->RequireColumns({"b", "a"}).ok());
  const std::string message(table->RequireColumns({"a", "c", "d"}).message());
  EXPECT_THAT(message, HasSubstr("表头缺少列：c、d"));
  EXPECT_THAT(message, HasSubstr("lacks the columns c, d"));
}

TEST(CsvTest, PutsTheirPlaceBeforeErrorsOfValues) {
  const auto table = CsvTable::Parse("code,allocated_fen\n620102,x\n");
  const CsvRow& row = table->rows()[0];
  EXPECT_EQ(
      row.Wrong("allocated_fen", "不是数字", "is no number").message(),
      "第2行第2列（allocated_fen）：不是数字 / row 2, column 2 (allocated_fen): is no number");
  EXPECT_EQ(
      row.Wrong("allocated_fen", InvalidValue("不是数字", "is no number")).message(),
      "第2行第2列（allocated_fen）：不是数字 / row 2, column 2 (allocated_fen): is no number");
}

TEST(CsvTest, ARowOutlivesItsTable) {
  const CsvRow row = CsvTable::Parse("a\nx\n")->rows()[0];
  EXPECT_EQ(*row.Field("a"), "x");
}

}  // namespace
}  // namespace fuju::vocabulary
