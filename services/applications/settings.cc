#include "applications/settings.h"

#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/strings/str_cat.h"

#include "applications/chain_settings.h"
#include "chassis/process/files.h"
#include "chassis/process/process.h"
#include "edge_formats/region_files.h"
#include "vocabulary/csv.h"

ABSL_FLAG(std::string, review_limit, "3wd",
          "Limit of the stages whose chain leaves it open: working days (3wd) or a time with its "
          "unit (20s, 36h).");
ABSL_FLAG(std::string, supplement_limit, "15wd",
          "Until when the applicant supplements where the chain leaves it open, as --review_limit; "
          "then the application expires.");
ABSL_FLAG(
    std::string, receipt_limit, "3wd",
    "Until when the applicant signs for the device, as --review_limit; then a reminder comes.");
ABSL_FLAG(std::string, follow_up_after, "720h",
          "From the acceptance to the follow-up question, as --review_limit.");
ABSL_FLAG(std::string, follow_up_limit, "336h",
          "Until when the follow-up is answered, as --review_limit; then the case closes.");
ABSL_FLAG(int, watch_heartbeat_s, 15,
          "Seconds without news after which a watching client gets a heartbeat.");
ABSL_FLAG(std::string, person_key_pepper_file, "",
          "File with the secret under which person keys are made; required. It must never change.");
ABSL_FLAG(std::string, data_dir, "",
          "Folder of the code tables divisions.csv, organisations_extra.csv, catalogue.csv, the "
          "holidays, of questionnaires/*.json, and intake.json, consents.json and documents.json.");
ABSL_FLAG(std::string, chains_dir, "",
          "Folder of the approval chains; empty: the folder chains in --data_dir.");
ABSL_FLAG(std::vector<std::string>, workdays_file, {"workdays_2025_2026.csv"},
          "Tables of the holidays and working weekends in --data_dir, separated by commas.");

namespace fuju::applications {
namespace {

using chassis::SettingsCheck;

// A setting's value, or a complaint.
template <typename Value>
std::optional<Value> Take(SettingsCheck& check, const char* flag, absl::StatusOr<Value> value) {
  if (value.ok()) return *std::move(value);
  check.Require(false, absl::StrCat("--", flag, ": ", value.status().message()));
  return std::nullopt;
}

void TakeLimit(SettingsCheck& check, const char* flag, const std::string& text, Limit& limit) {
  const std::optional<Limit> parsed = Take(check, flag, Limit::Parse(text));
  if (parsed.has_value()) limit = *parsed;
}

absl::Duration TakeSeconds(SettingsCheck& check, const char* flag, int seconds, int least,
                           int most) {
  check.RequireBetween(flag, seconds, least, most);
  return absl::Seconds(seconds);
}

absl::StatusOr<vocabulary::PersonKeyer> ReadKeyer(const std::string& path) {
  if (path.empty()) return absl::InvalidArgumentError("is required");
  const absl::StatusOr<std::string> pepper = chassis::ReadTextFile(path);
  if (!pepper.ok()) return pepper.status();
  return vocabulary::PersonKeyer::Create(*pepper);
}

absl::StatusOr<vocabulary::WorkingDayCalendar> ReadCalendar(const std::string& folder,
                                                            const std::vector<std::string>& files) {
  std::optional<vocabulary::WorkingDayCalendar> calendar;
  for (const std::string& file : files) {
    const absl::StatusOr<std::string> csv = chassis::ReadTextFile(absl::StrCat(folder, "/", file));
    if (!csv.ok()) return csv.status();
    if (calendar.has_value()) {
      if (absl::Status s = calendar->Add(*csv); !s.ok()) return s;
      continue;
    }
    absl::StatusOr<vocabulary::WorkingDayCalendar> first =
        vocabulary::WorkingDayCalendar::Parse(*csv);
    if (!first.ok()) return first.status();
    calendar = *std::move(first);
  }
  if (!calendar.has_value()) return absl::InvalidArgumentError("names no file");
  return *std::move(calendar);
}

absl::StatusOr<std::set<std::string>> ReadItemCodes(const std::string& path) {
  const absl::StatusOr<std::string> csv = chassis::ReadTextFile(path);
  if (!csv.ok()) return csv.status();
  const absl::StatusOr<vocabulary::CsvTable> table = vocabulary::CsvTable::Parse(*csv);
  if (!table.ok()) return table.status();
  if (absl::Status s = table->RequireColumns({"item_code"}); !s.ok()) return s;
  std::set<std::string> codes;
  for (const vocabulary::CsvRow& row : table->rows()) codes.emplace(*row.Field("item_code"));
  return codes;
}

}  // namespace

absl::StatusOr<QuestionnaireSet> ReadQuestionnaires(const std::string& data_dir) {
  const auto codes = ReadItemCodes(absl::StrCat(data_dir, "/catalogue.csv"));
  if (!codes.ok()) return codes.status();
  auto read = chassis::ReadTextFiles(absl::StrCat(data_dir, "/questionnaires"), ".json");
  if (!read.ok()) return read.status();
  std::vector<QuestionnaireFile> files;
  for (chassis::NamedText& file : *read) {
    files.push_back({std::move(file.name), std::move(file.text)});
  }
  return QuestionnaireSet::Load(files, *codes);
}

absl::StatusOr<IntakeBook> ReadIntake(const std::string& data_dir) {
  const auto codes = ReadItemCodes(absl::StrCat(data_dir, "/catalogue.csv"));
  if (!codes.ok()) return codes.status();
  IntakeTexts texts;
  for (const auto& [name, text] :
       {std::pair("/intake.json", &texts.intake), std::pair("/consents.json", &texts.consents),
        std::pair("/documents.json", &texts.documents)}) {
    absl::StatusOr<std::string> read = chassis::ReadTextFile(absl::StrCat(data_dir, name));
    if (!read.ok()) return read.status();
    *text = *std::move(read);
  }
  return IntakeBook::Parse(texts, *codes);
}

absl::StatusOr<Settings> ReadSettings() {
  SettingsCheck check;
  Limits limits;
  TakeLimit(check, "review_limit", absl::GetFlag(FLAGS_review_limit), limits.review);
  TakeLimit(check, "supplement_limit", absl::GetFlag(FLAGS_supplement_limit), limits.supplement);
  TakeLimit(check, "receipt_limit", absl::GetFlag(FLAGS_receipt_limit), limits.receipt);
  TakeLimit(check, "follow_up_after", absl::GetFlag(FLAGS_follow_up_after), limits.follow_up_after);
  TakeLimit(check, "follow_up_limit", absl::GetFlag(FLAGS_follow_up_limit), limits.follow_up);
  const absl::Duration heartbeat =
      TakeSeconds(check, "watch_heartbeat_s", absl::GetFlag(FLAGS_watch_heartbeat_s), 1, 3600);
  auto keyer =
      Take(check, "person_key_pepper_file", ReadKeyer(absl::GetFlag(FLAGS_person_key_pepper_file)));
  const std::string data_dir = absl::GetFlag(FLAGS_data_dir);
  auto regions = Take(check, "data_dir", edge_formats::ReadRegionTable(data_dir));
  auto calendar =
      Take(check, "workdays_file", ReadCalendar(data_dir, absl::GetFlag(FLAGS_workdays_file)));
  auto questionnaires = Take(check, "data_dir", ReadQuestionnaires(data_dir));
  auto intake = Take(check, "data_dir", ReadIntake(data_dir));
  std::optional<ChainBook> chains;
  if (regions.has_value()) {
    std::string folder = absl::GetFlag(FLAGS_chains_dir);
    if (folder.empty()) folder = absl::StrCat(data_dir, "/chains");
    chains = Take(check, "chains_dir", ReadChains(folder, *regions, limits));
  }
  if (absl::Status s = check.Result(); !s.ok()) return s;
  return Settings{limits,
                  heartbeat,
                  *std::move(keyer),
                  *std::move(regions),
                  *std::move(calendar),
                  *std::move(questionnaires),
                  *std::move(chains),
                  *std::move(intake)};
}

}  // namespace fuju::applications
