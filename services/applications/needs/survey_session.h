#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"

#include "applications/needs/file_hash.h"
#include "applications/needs/import_thread.h"
#include "applications/needs/needs_import.h"
#include "applications/needs/survey_importer.h"
#include "applications/needs/survey_row.h"
#include "applications/needs/wiring.h"
#include "vocabulary/csv_stream.h"

namespace fuju::applications {

// One upload of a survey file: reads rows, sends each good one to the store, and when all rows of a
// stretch are durable moves the import on by it. Several stretches are on their way at once, and no
// more bytes are read meanwhile than that takes, so its memory is bounded. A session that ends,
// however, leaves the import where its last whole stretch ended; what was written behind that place
// is recognised when it comes again.
//
// All of it but what is said to be otherwise runs on the ImportThread.
class SurveySession final : public SurveySink, public std::enable_shared_from_this<SurveySession> {
 public:
  // What is pointed to outlives every call to the store; `place` goes with the session.
  SurveySession(const Needs* needs, ImportThread* thread, const chassis::CallInfo& call,
                std::shared_ptr<SurveyFeed> feed, std::shared_ptr<void> place);

  // On any thread.
  void Start(v1::UploadNeedsSurveyRequest first);
  void OnMessage(v1::UploadNeedsSurveyRequest message) override;
  void OnEnd() override;

 private:
  // A stretch on its way. The rows' answers come on Redis' thread.
  struct Work {
    int number = 0;
    Stretch stretch;
    // Rows so far.
    int rows = 0;
    absl::Mutex mutex;
    // No further row belongs to it.
    bool closed ABSL_GUARDED_BY(mutex) = false;
    int waiting ABSL_GUARDED_BY(mutex) = 0;
    v1::NeedsImportCounts counts ABSL_GUARDED_BY(mutex);
    std::vector<v1::BadCell> bad ABSL_GUARDED_BY(mutex);
    // The first that is not OK.
    absl::Status failure ABSL_GUARDED_BY(mutex);

    bool durable() {
      absl::MutexLock lock(&mutex);
      return closed && waiting == 0;
    }
  };
  struct Row;

  void Post(void (SurveySession::*step)());
  chassis::Command NewCommand() const;

  void Open(v1::UploadNeedsSurveyRequest first);
  void OnOpened(const absl::StatusOr<chassis::Versioned<NeedsImportRecord>>& found,
                v1::UploadNeedsSurveyRequest first);
  void Take(v1::UploadNeedsSurveyRequest message);

  // Reads rows until the window is full or bytes are wanted.
  void Pump();
  // No record is left in what was received.
  void OnDrained();
  void TakeRecord(const vocabulary::CsvRecord& record);
  void TakeRow(const vocabulary::CsvRecord& record);
  void SendRow(std::shared_ptr<Work> work, SurveyedNeed surveyed, int64_t row);
  // On Redis' thread.
  void OnRow(const std::shared_ptr<Work>& work, const Row& row, const absl::Status& status);

  // The stretch that is being read; begins one if there is none.
  Work& Reading();
  bool IsReading();
  // It ends behind the last record, or at `to`.
  void Close(int64_t to);
  void Refuse(absl::Status why);
  void HashUntil(int64_t offset);

  // Moves the import on by the oldest stretch, if it is durable.
  void CommitNext();
  void MoveOn(Stretch stretch);
  void OnMoved(absl::StatusOr<chassis::Committed<NeedsImportRecord>> moved);
  void End(absl::Status status);

  const Needs* const needs_;
  ImportThread* const thread_;
  const chassis::CallInfo call_;
  const std::shared_ptr<SurveyFeed> feed_;
  const std::shared_ptr<void> place_;

  std::string id_;
  NeedsImportRecord record_;
  std::string digest_;
  int run_ = 0;
  std::optional<SurveyRules> rules_;
  std::optional<SurveyHeader> header_;

  std::optional<vocabulary::CsvStream> csv_;
  // Behind the last record that was read.
  vocabulary::CsvPosition position_;
  FileHash hash_;
  // What was received behind what was hashed.
  std::string unhashed_;
  int64_t hashed_ = 0;
  int64_t received_ = 0;

  // The oldest first.
  std::deque<std::shared_ptr<Work>> work_;
  int next_stretch_ = 0;
  // Where it begins.
  int64_t next_from_ = 0;
  bool committing_ = false;
  // A message was asked for.
  bool asked_ = false;
  bool client_ended_ = false;
  // Nothing is left to be read.
  bool read_all_ = false;
  bool over_ = false;
};

}  // namespace fuju::applications
