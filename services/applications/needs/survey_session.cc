#include "applications/needs/survey_session.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include "chassis/values/refusal.h"
#include "vocabulary/civil_date.h"

namespace fuju::applications {
namespace {

// Stretches on their way at once: enough that Redis is never without rows.
constexpr size_t kStretchesAtOnce = 4;
// A row that has no answer by then ends the upload; it is sent again.
constexpr absl::Duration kRowTimeout = absl::Seconds(30);
// A field that is longer is no cell of a survey but a quote that was not closed.
constexpr vocabulary::CsvLimits kLimits = {.field_bytes = 4096, .record_bytes = 32768};

absl::Status BadChunk(const char* field, absl::string_view zh, absl::string_view en) {
  return chassis::InvalidFields()
      .Field(field, std::string_view(zh.data(), zh.size()), std::string_view(en.data(), en.size()))
      .Build();
}

}  // namespace

// One good row on its way.
struct SurveySession::Row {
  std::string id;
  NeedRecord need;
  NeedSource source;
  // Of the last run of the decision.
  NeedOutcome outcome;
};

SurveySession::SurveySession(const Needs* needs, ImportThread* thread,
                             const chassis::CallInfo& call, std::shared_ptr<SurveyFeed> feed,
                             std::shared_ptr<void> place)
    : needs_(needs),
      thread_(thread),
      call_(call),
      feed_(std::move(feed)),
      place_(std::move(place)) {}

void SurveySession::Start(v1::UploadNeedsSurveyRequest first) {
  thread_->Post([self = shared_from_this(), first = std::move(first)]() mutable {
    self->Open(std::move(first));
  });
}

void SurveySession::OnMessage(v1::UploadNeedsSurveyRequest message) {
  thread_->Post([self = shared_from_this(), message = std::move(message)]() mutable {
    self->asked_ = false;
    self->Take(std::move(message));
  });
}

void SurveySession::OnEnd() {
  thread_->Post([self = shared_from_this()] {
    self->client_ended_ = true;
    self->Pump();
  });
}

void SurveySession::Post(void (SurveySession::*step)()) {
  thread_->Post([self = shared_from_this(), step] { ((*self).*step)(); });
}

chassis::Command SurveySession::NewCommand() const {
  chassis::Command command;
  command.actor = call_.actor;
  command.traceparent = call_.trace.ToHeader();
  command.correlation_id = NeedsImportNameOf(id_);
  command.deadline = absl::Now() + kRowTimeout;
  return command;
}

void SurveySession::Open(v1::UploadNeedsSurveyRequest first) {
  if (first.name().empty()) {
    return End(BadChunk("name", "第一条消息须写明导入", "the first message names the import"));
  }
  id_ = NeedsImportIdFromName(first.name());
  thread_->Begin();
  needs_->imports().Get(id_, absl::Now() + kRowTimeout,
                        [self = shared_from_this(), first = std::move(first)](
                            absl::StatusOr<chassis::Versioned<NeedsImportRecord>> found) {
                          self->thread_->Post([self, first, found = std::move(found)]() mutable {
                            self->OnOpened(found, std::move(first));
                          });
                          self->thread_->Ended();
                        });
}

void SurveySession::OnOpened(const absl::StatusOr<chassis::Versioned<NeedsImportRecord>>& found,
                             v1::UploadNeedsSurveyRequest first) {
  if (!found.ok()) return End(found.status());
  if (!found->exists()) return End(chassis::NotFound(first.name()));
  if (absl::Status s = CheckSending(found->state, first.offset()); !s.ok()) return End(s);
  record_ = found->state;
  const v1::NeedsImport& import = record_.needs_import();
  const storage::v1::ReadingPosition& read = record_.position();
  digest_ = DigestOf(import.sha256());
  run_ = RunOf(id_);
  rules_ = SurveyRules{.regions = &needs_->regions(),
                       .items = &needs_->settings().items,
                       .survey_year = import.survey_year(),
                       .county_code = import.county_code(),
                       .today = vocabulary::TodayInShanghai(needs_->clock().Now())};
  received_ = hashed_ = next_from_ = import.durable_offset();
  position_ = {.bytes = static_cast<uint64_t>(received_),
               .rows = static_cast<size_t>(read.rows()),
               .lines = static_cast<size_t>(read.lines())};
  csv_.emplace(kLimits, position_);
  hash_ = FileHash(read, received_);
  next_stretch_ = read.stretches();
  if (read.header_size() > 0) {
    absl::StatusOr<SurveyHeader> header =
        SurveyHeader::Parse({read.header().begin(), read.header().end()});
    if (!header.ok()) return End(header.status());
    header_ = *std::move(header);
  }
  Take(std::move(first));
}

void SurveySession::Take(v1::UploadNeedsSurveyRequest message) {
  if (over_) return;
  if (!message.name().empty() && NeedsImportIdFromName(message.name()) != id_) {
    return End(BadChunk("name", "一个上传只能属于一个导入", "an upload is of one import"));
  }
  if (message.offset() != received_) {
    return End(BadChunk("offset", absl::StrCat("应为", received_, "，各段须首尾相接"),
                        absl::StrCat("must be ", received_, ": chunks follow each other")));
  }
  const auto length = static_cast<int64_t>(message.data().size());
  if (received_ + length > record_.needs_import().size_bytes()) {
    return End(BadChunk("data", "超出登记的文件长度", "goes beyond the size that was announced"));
  }
  received_ += length;
  csv_->Add(message.data());
  if (unhashed_.empty()) {
    unhashed_ = std::move(*message.mutable_data());
  } else {
    unhashed_ += message.data();
  }
  Pump();
}

void SurveySession::Pump() {
  while (!over_ && !read_all_ && csv_.has_value()) {
    if (!IsReading() && work_.size() >= kStretchesAtOnce) return;
    absl::StatusOr<std::optional<vocabulary::CsvRecord>> record = csv_->Next();
    if (!record.ok()) return Refuse(record.status());
    if (!record->has_value()) return OnDrained();
    TakeRecord(**record);
  }
}

void SurveySession::OnDrained() {
  if (received_ == record_.needs_import().size_bytes()) {
    csv_->End();
    absl::StatusOr<std::optional<vocabulary::CsvRecord>> last = csv_->Next();
    if (!last.ok()) return Refuse(last.status());
    if (last->has_value()) {
      TakeRecord(**last);
      if (over_ || read_all_) return;
    }
    if (!header_.has_value()) return Refuse(SurveyHeader::Parse({}).status());
    HashUntil(received_);
    Reading().stretch.sha256 = hash_.Hex();
    read_all_ = true;
    return Close(received_);
  }
  // All but the beginning of a row.
  HashUntil(static_cast<int64_t>(position_.bytes));
  if (client_ended_) {
    const bool waits = std::any_of(work_.begin(), work_.end(), [](const auto& work) {
      absl::MutexLock lock(&work->mutex);
      return work->closed;
    });
    // What is not a whole stretch is sent again.
    if (!waits) End(absl::OkStatus());
    return;
  }
  if (asked_) return;
  asked_ = true;
  feed_->Next();
}

void SurveySession::TakeRecord(const vocabulary::CsvRecord& record) {
  if (header_.has_value()) return TakeRow(record);
  absl::StatusOr<SurveyHeader> header = SurveyHeader::Parse(record.fields);
  if (!header.ok()) return Refuse(header.status());
  header_ = *std::move(header);
  record_.mutable_position()->mutable_header()->Assign(record.fields.begin(), record.fields.end());
  position_ = record.end;
}

void SurveySession::TakeRow(const vocabulary::CsvRecord& record) {
  Reading();
  const std::shared_ptr<Work> work = work_.back();
  const auto row = static_cast<int64_t>(record.row);
  std::vector<v1::BadCell> bad;
  std::optional<SurveyedNeed> surveyed = ReadSurveyRow(*header_, row, record.fields, *rules_, bad);
  {
    absl::MutexLock lock(&work->mutex);
    work->counts.set_read(work->counts.read() + 1);
    if (surveyed.has_value()) {
      ++work->waiting;
    } else {
      work->counts.set_bad(work->counts.bad() + 1);
      std::move(bad.begin(), bad.end(), std::back_inserter(work->bad));
    }
  }
  if (surveyed.has_value()) SendRow(work, *std::move(surveyed), row);
  position_ = record.end;
  if (++work->rows == kRowsOfStretch) Close(static_cast<int64_t>(position_.bytes));
}

void SurveySession::SendRow(std::shared_ptr<Work> work, SurveyedNeed surveyed, int64_t number) {
  auto row = std::make_shared<Row>();
  row->need = std::move(surveyed.need);
  row->source = {.digest = digest_, .run = run_, .row = number};
  thread_->Begin();
  auto done = [self = shared_from_this(), work = std::move(work),
               row](const absl::StatusOr<chassis::Committed<NeedRecord>>& committed) {
    self->OnRow(work, *row, committed.status());
    self->thread_->Ended();
  };
  const absl::StatusOr<std::string> key = needs_->keyer().KeyOf(surveyed.resident_id);
  if (!key.ok()) return done(key.status());
  row->need.set_person_key(absl::HexStringToBytes(*key));
  row->id = NeedIdOf(*key, row->need);
  needs_->needs().Update(
      row->id, NewCommand(),
      [row, clock = &needs_->clock()](
          const chassis::Versioned<NeedRecord>& current) -> absl::StatusOr<NeedDecision> {
        row->outcome = DecideSurveyed(row->id, current, row->need, row->source, clock->Now());
        return row->outcome.decision;
      },
      std::move(done));
}

void SurveySession::OnRow(const std::shared_ptr<Work>& work, const Row& row,
                          const absl::Status& status) {
  {
    absl::MutexLock lock(&work->mutex);
    v1::NeedsImportCounts& counts = work->counts;
    if (!status.ok()) {
      if (work->failure.ok()) work->failure = status;
    } else if (row.outcome.move == NeedMove::kRecord) {
      counts.set_recorded(counts.recorded() + 1);
    } else if (row.outcome.move == NeedMove::kChange) {
      counts.set_changed(counts.changed() + 1);
    } else if (row.outcome.move == NeedMove::kConfirm) {
      counts.set_unchanged(counts.unchanged() + 1);
    } else {
      const int64_t other = row.outcome.other_row;
      counts.set_bad(counts.bad() + 1);
      work->bad.push_back(BadRow(
          row.source.row, absl::StrCat("与第", other, "行是同一人的同一项需求，内容却不同"),
          absl::StrCat("is the same need of the same person as row ", other, ", with other data")));
    }
    if (--work->waiting > 0 || !work->closed) return;
  }
  Post(&SurveySession::CommitNext);
}

bool SurveySession::IsReading() {
  if (work_.empty()) return false;
  absl::MutexLock lock(&work_.back()->mutex);
  return !work_.back()->closed;
}

SurveySession::Work& SurveySession::Reading() {
  if (!IsReading()) {
    work_.push_back(std::make_shared<Work>());
    work_.back()->number = next_stretch_++;
    work_.back()->stretch.from = next_from_;
  }
  return *work_.back();
}

void SurveySession::HashUntil(int64_t offset) {
  const auto length = static_cast<size_t>(std::max<int64_t>(0, offset - hashed_));
  hash_.Add(absl::string_view(unhashed_).substr(0, length));
  unhashed_.erase(0, length);
  hashed_ += static_cast<int64_t>(length);
}

void SurveySession::Close(int64_t to) {
  Work& work = Reading();
  HashUntil(to);
  storage::v1::ReadingPosition& position = work.stretch.position;
  *position.mutable_header() = record_.position().header();
  position.set_rows(static_cast<int64_t>(position_.rows));
  position.set_lines(static_cast<int64_t>(position_.lines));
  hash_.Save(position);
  work.stretch.to = next_from_ = to;
  {
    absl::MutexLock lock(&work.mutex);
    work.closed = true;
  }
  CommitNext();
}

void SurveySession::Refuse(absl::Status why) {
  Reading().stretch.refusal = std::move(why);
  read_all_ = true;
  Close(static_cast<int64_t>(position_.bytes));
}

void SurveySession::CommitNext() {
  if (over_ || committing_ || work_.empty() || !work_.front()->durable()) return;
  const std::shared_ptr<Work>& work = work_.front();
  std::vector<v1::BadCell> bad;
  {
    absl::MutexLock lock(&work->mutex);
    if (!work->failure.ok()) return End(work->failure);
    work->stretch.counts = work->counts;
    bad = std::move(work->bad);
  }
  committing_ = true;
  std::sort(bad.begin(), bad.end(), [](const v1::BadCell& a, const v1::BadCell& b) {
    return std::tuple(a.row(), a.column()) < std::tuple(b.row(), b.column());
  });
  const int room = RoomForBadCells(record_, needs_->settings().listed_bad_cells);
  work->stretch.bad_cells = static_cast<int64_t>(bad.size());
  bad.resize(std::min(bad.size(), static_cast<size_t>(room)));
  work->stretch.listed = static_cast<int>(bad.size());
  if (bad.empty()) return MoveOn(work->stretch);
  const std::string id = BadCellsIdOf(id_, work->number);
  thread_->Begin();
  needs_->bad_cells().Update(
      id, NewCommand(),
      [id, bad = std::move(bad)](const chassis::Versioned<storage::v1::BadCellsRecord>& current) {
        return absl::StatusOr<chassis::Decision<storage::v1::BadCellsRecord>>(
            DecideBadCells(id, current.state, bad));
      },
      [self = shared_from_this(), stretch = work->stretch](
          const absl::StatusOr<chassis::Committed<storage::v1::BadCellsRecord>>& written) {
        self->thread_->Post([self, stretch, status = written.status()] {
          if (!status.ok()) return self->End(status);
          self->MoveOn(stretch);
        });
        self->thread_->Ended();
      });
}

void SurveySession::MoveOn(Stretch stretch) {
  if (over_) return;
  thread_->Begin();
  needs_->imports().Update(
      id_, NewCommand(),
      [name = NeedsImportNameOf(id_), stretch = std::move(stretch), clock = &needs_->clock()](
          const chassis::Versioned<NeedsImportRecord>& current) -> NeedsImportDecision {
        if (!current.exists()) return chassis::NotFound(name);
        return DecideStretch(current.state, stretch, clock->Now());
      },
      [self = shared_from_this()](absl::StatusOr<chassis::Committed<NeedsImportRecord>> moved) {
        self->thread_->Post(
            [self, moved = std::move(moved)]() mutable { self->OnMoved(std::move(moved)); });
        self->thread_->Ended();
      });
}

void SurveySession::OnMoved(absl::StatusOr<chassis::Committed<NeedsImportRecord>> moved) {
  if (over_) return;
  if (!moved.ok()) return End(moved.status());
  committing_ = false;
  record_ = std::move(moved->state);
  work_.pop_front();
  v1::UploadNeedsSurveyResponse answer;
  *answer.mutable_needs_import() = NeedsImportView(record_, chassis::EtagOf(moved->version));
  feed_->Push(std::move(answer));
  if (record_.needs_import().state() != v1::NEEDS_IMPORT_STATE_RECEIVING) {
    return End(absl::OkStatus());
  }
  CommitNext();
  Pump();
}

void SurveySession::End(absl::Status status) {
  over_ = true;
  work_.clear();
  csv_.reset();
  unhashed_.clear();
  feed_->End(std::move(status));
}

}  // namespace fuju::applications
