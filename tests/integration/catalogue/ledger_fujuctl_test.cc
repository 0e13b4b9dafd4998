// An operator's way through the ledger, with fujuctl as it is installed.

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "applications_stream.h"
#include "catalogue_instance.h"
#include "fuju/catalogue/v1/catalogue_events.pb.h"
#include "fuju/catalogue/v1/ledger_events.pb.h"
#include "support/child_process.h"
#include "support/fact_log.h"
#include "support/temporary_folder.h"

namespace fuju::catalogue {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class LedgerFujuctlTest : public testing::Test {
 protected:
  // What it prints; its exit code has to be `code`.
  std::string Fujuctl(std::vector<std::string> words, int code = 0) {
    words.insert(words.begin(), {test_support::Program("fujuctl"),
                                 absl::StrCat("--catalogue=", instance_.address()),
                                 "--actor=finance:f1", "ledger"});
    const std::string output = folder_.File(absl::StrCat(++runs_));
    auto child = test_support::ChildProcess::Start(words, output);
    EXPECT_TRUE(child.ok()) << child.status();
    const int ended = child.ok() ? child->Wait(absl::Minutes(1)).value_or(-1) : -1;
    std::ostringstream text;
    text << std::ifstream(output).rdbuf();
    EXPECT_EQ(ended, code) << text.str();
    return text.str();
  }

  test_support::RedisServer redis_;
  test_support::FakeClock clock_{TestTime()};
  CatalogueInstance instance_{redis_, &clock_};
  test_support::FactLog log_{instance_.fanout(), kPartitions};
  test_support::TemporaryFolder folder_;
  int runs_ = 0;
};

TEST_F(LedgerFujuctlTest, BringsMoneyFromTheProvinceToTheVendor) {
  instance_.ImportGansu();
  EXPECT_THAT(
      Fujuctl({"appropriate", "620000", "2026", "provincial", "98000", "--reason=甘财社1号"}),
      AllOf(HasSubstr("books/620000-2026-2"), HasSubstr("available ¥980.00")));
  Fujuctl({"allot", "620000", "620102", "2026", "provincial", "98000"});
  log_.Await<v1::AllotmentCompleted>(1);
  ApplicationsStream stream(&redis_);
  const std::string id = "620102-01HZX3M9Q2V7N8K4T6R5W1Y0AA";
  stream.Publish(ApplicationsStream::Submitted(id));
  stream.Publish(ApplicationsStream::Accepted(id, "2026-03-02"));
  log_.Await<v1::SubsidySettled>(1);

  const std::string csv = Fujuctl({"create-batch", "620102", "2026"});
  EXPECT_THAT(csv, HasSubstr(",1,vendors/91620100MA00000000,applications/" + id +
                             ",provincial:98000,98000\n"));
  const size_t start = csv.find("paymentBatches/");
  const std::string name = csv.substr(start, csv.find(',', start) - start);
  EXPECT_EQ(Fujuctl({"batch-file", name}), csv);
  const std::string file = folder_.File("result.csv");
  std::ofstream(file) << "batch,line,amount_fen,result,reason\n" << name << ",1,98001,paid,\n";
  EXPECT_THAT(Fujuctl({"import-result", name, file}, 1), HasSubstr("rows[2].amount_fen"));
  std::ofstream(file) << "batch,line,amount_fen,result,reason\n" << name << ",1,98000,paid,\n";
  EXPECT_THAT(Fujuctl({"import-result", name, file}), HasSubstr("paid ¥980.00"));
  log_.Await<v1::SubsidyPaid>(1);

  EXPECT_THAT(Fujuctl({"statement", "books/620102-2026-2", "payable"}),
              AllOf(HasSubstr("opening ¥0.00"), HasSubstr("reserved -> payable ¥980.00"),
                    HasSubstr("payable -> paid ¥980.00"), HasSubstr("closing ¥0.00")));
  EXPECT_THAT(Fujuctl({"trial-balance", "620000", "2026"}),
              AllOf(HasSubstr("difference ¥0.00"), HasSubstr("in transit ¥0.00"),
                    HasSubstr("books/620102-2026-2")));
}

TEST_F(LedgerFujuctlTest, SaysWhatIsWrong) {
  EXPECT_THAT(Fujuctl({"appropriate", "620000", "2026", "nobody", "1"}, 1),
              HasSubstr("fund_source"));
  EXPECT_THAT(Fujuctl({"create-batch", "620102", "2026"}, 1), HasSubstr("nothing is owed"));
  EXPECT_THAT(Fujuctl({"close-year", "620102", "2026", "county"}, 1), HasSubstr("2026"));
  Fujuctl({"appropriate", "620000", "2026"}, 64);
  Fujuctl({"nonsense"}, 64);
}

}  // namespace
}  // namespace fuju::catalogue
