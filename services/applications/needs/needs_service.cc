#include "applications/needs/needs_service.h"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"

#include "applications/application.h"
#include "applications/needs/demand_statistics.h"
#include "applications/needs/needs_of_person.h"
#include "applications/needs/survey_importer.h"
#include "chassis/rpc/page_token.h"
#include "chassis/values/refusal.h"
#include "vocabulary/ulid.h"

namespace fuju::applications {
namespace {

using chassis::CallInfo;

template <typename Response>
using Done = std::function<void(absl::StatusOr<Response>)>;

std::vector<std::string> RoutesOf(const chassis::Keys& keys) {
  std::set<int> found;
  std::vector<std::string> routes;
  for (uint16_t tail = 0; tail < vocabulary::kUlidTails; ++tail) {
    std::string route = vocabulary::UlidTail(tail);
    if (found.insert(keys.PartitionOf(route)).second) routes.push_back(std::move(route));
  }
  return routes;
}

absl::Status CheckList(const v1::ListNeedsRequest& request) {
  if (!request.person_key().empty()) return absl::OkStatus();
  if (!request.county_code().empty() && request.survey_year() != 0) return absl::OkStatus();
  constexpr char kZh[] = "请填写person_key，或county_code和survey_year";
  constexpr char kEn[] = "person_key, or county_code and survey_year, are required";
  return chassis::InvalidFields()
      .Field("person_key", kZh, kEn)
      .Field("county_code", kZh, kEn)
      .Field("survey_year", kZh, kEn)
      .Build();
}

bool IsAsked(const v1::ListNeedsRequest& asked, const v1::Need& need) {
  const auto is = [](const auto& wanted, const auto& value) {
    return wanted == std::decay_t<decltype(wanted)>() || wanted == value;
  };
  return is(asked.person_key(), need.person_key()) && is(asked.county_code(), need.county_code()) &&
         is(asked.survey_year(), need.survey_year()) && is(asked.area(), need.area()) &&
         is(asked.category(), need.category()) && is(asked.item_code(), need.item_code()) &&
         is(asked.town_code(), need.town_code());
}

v1::NeedsImport ToAnswer(const NeedsImportRecord& record, int64_t version) {
  return NeedsImportView(record, chassis::EtagOf(version));
}

// Adds up the counters of several partitions.
struct Sum {
  absl::Mutex mutex;
  size_t waiting ABSL_GUARDED_BY(mutex) = 0;
  std::vector<int64_t> sums ABSL_GUARDED_BY(mutex);
  absl::Status failure ABSL_GUARDED_BY(mutex);
};

}  // namespace

NeedsService::NeedsService(chassis::CallGate* gate, const Needs* needs)
    : gate_(gate), needs_(needs), routes_(RoutesOf(needs->needs().raw()->keys())) {}

NeedsService::Reactor* NeedsService::CreateNeedsImport(Context* context,
                                                       const v1::CreateNeedsImportRequest* request,
                                                       v1::NeedsImport* response) {
  return gate_->Unary<v1::CreateNeedsImportRequest, v1::NeedsImport>(
      context, request, response,
      [this](const CallInfo& call, const v1::CreateNeedsImportRequest& asked,
             Done<v1::NeedsImport> done) {
        const std::string id = NeedsImportIdOf(asked);
        chassis::Command command = call.ToCommand(asked);
        command.correlation_id = NeedsImportNameOf(id);
        needs_->imports().Update(
            id, std::move(command),
            [this, &asked,
             actor = call.actor](const chassis::Versioned<NeedsImportRecord>& current) {
              return DecideAnnounce(current.state, asked, actor, needs_->clock().Now());
            },
            [done =
                 std::move(done)](absl::StatusOr<chassis::Committed<NeedsImportRecord>> committed) {
              if (!committed.ok()) return done(committed.status());
              done(ToAnswer(committed->state, committed->version));
            });
      });
}

grpc::ServerBidiReactor<v1::UploadNeedsSurveyRequest, v1::UploadNeedsSurveyResponse>*
NeedsService::UploadNeedsSurvey(Context* context) {
  return chassis::OpenUpload<v1::UploadNeedsSurveyRequest, v1::UploadNeedsSurveyResponse>(
      gate_, context, {.idle = needs_->settings().upload_idle},
      [this](const CallInfo& call, v1::UploadNeedsSurveyRequest first,
             std::shared_ptr<SurveyFeed> feed) {
        return needs_->importer().Open(call, std::move(first), std::move(feed));
      });
}

NeedsService::Reactor* NeedsService::GetNeedsImport(Context* context,
                                                    const v1::GetNeedsImportRequest* request,
                                                    v1::NeedsImport* response) {
  return gate_->Unary<v1::GetNeedsImportRequest, v1::NeedsImport>(
      context, request, response,
      [this](const CallInfo& call, const v1::GetNeedsImportRequest& asked,
             Done<v1::NeedsImport> done) {
        needs_->imports().Get(NeedsImportIdFromName(asked.name()), call.deadline,
                              [name = asked.name(), done = std::move(done)](
                                  absl::StatusOr<chassis::Versioned<NeedsImportRecord>> found) {
                                if (!found.ok()) return done(found.status());
                                if (!found->exists()) return done(chassis::NotFound(name));
                                done(ToAnswer(found->state, found->version));
                              });
      });
}

NeedsService::Reactor* NeedsService::ListBadCells(Context* context,
                                                  const v1::ListBadCellsRequest* request,
                                                  v1::ListBadCellsResponse* response) {
  return gate_->Unary<v1::ListBadCellsRequest, v1::ListBadCellsResponse>(
      context, request, response,
      [this](const CallInfo& call, const v1::ListBadCellsRequest& asked,
             Done<v1::ListBadCellsResponse> done) {
        const absl::StatusOr<std::string> cursor = chassis::CursorOf(asked);
        if (!cursor.ok()) return done(cursor.status());
        // How many cells were listed before.
        int64_t first = 0;
        if (!cursor->empty() && !absl::SimpleAtoi(*cursor, &first)) {
          return done(absl::InternalError("a page token of this service has no number"));
        }
        needs_->imports().Get(NeedsImportIdFromName(asked.parent()), call.deadline,
                              [this, &call, &asked, first, done = std::move(done)](
                                  absl::StatusOr<chassis::Versioned<NeedsImportRecord>> found) {
                                if (!found.ok()) return done(found.status());
                                if (!found->exists())
                                  return done(chassis::NotFound(asked.parent()));
                                ReadBadCells(call, asked, first, found->state, done);
                              });
      });
}

void NeedsService::ReadBadCells(const CallInfo& call, const v1::ListBadCellsRequest& asked,
                                int64_t first, const NeedsImportRecord& import,
                                Done<v1::ListBadCellsResponse> done) const {
  v1::ListBadCellsResponse answer;
  answer.set_total(import.needs_import().bad_cells());
  answer.set_not_listed(import.needs_import().bad_cells_not_listed());
  const int64_t end = first + chassis::PageSize(asked.page_size());
  std::vector<std::string> ids;
  // Of the first stretch that is read.
  int64_t skipped = 0;
  int64_t listed = 0;
  for (const storage::v1::BadStretch& stretch : import.bad_stretches()) {
    const int64_t before = listed;
    listed += stretch.listed();
    if (listed <= first || before >= end) continue;
    if (ids.empty()) skipped = before;
    ids.push_back(BadCellsIdOf(NeedsImportIdFromName(asked.parent()), stretch.number()));
  }
  if (listed > end) {
    answer.set_next_page_token(chassis::MakePageToken(asked, absl::StrCat(end)));
  }
  if (ids.empty()) return done(std::move(answer));
  needs_->bad_cells().GetMany(
      std::move(ids), call.deadline,
      [answer = std::move(answer), first, end, skipped, done = std::move(done)](
          absl::StatusOr<std::vector<chassis::Versioned<storage::v1::BadCellsRecord>>>
              found) mutable {
        if (!found.ok()) return done(found.status());
        int64_t number = skipped;
        for (chassis::Versioned<storage::v1::BadCellsRecord>& stretch : *found) {
          for (v1::BadCell& cell : *stretch.state.mutable_bad_cells()) {
            if (number >= first && number < end) *answer.add_bad_cells() = std::move(cell);
            ++number;
          }
        }
        done(std::move(answer));
      });
}

NeedsService::Reactor* NeedsService::ListNeeds(Context* context,
                                               const v1::ListNeedsRequest* request,
                                               v1::ListNeedsResponse* response) {
  return gate_->Unary<v1::ListNeedsRequest, v1::ListNeedsResponse>(
      context, request, response,
      [this](const CallInfo& call, const v1::ListNeedsRequest& asked, ListDone done) {
        if (absl::Status s = CheckList(asked); !s.ok()) return done(s);
        if (asked.person_key().empty()) return ListOfCounty(call, asked, std::move(done));
        ListOfPerson(call, asked, std::move(done));
      });
}

void NeedsService::ListOfCounty(const CallInfo& call, const v1::ListNeedsRequest& asked,
                                ListDone done) const {
  absl::StatusOr<std::string> cursor = chassis::CursorOf(asked);
  if (!cursor.ok()) return done(cursor.status());
  // A county's needs are wherever their persons' are.
  needs_->needs().List(
      NeedsOfCounty(asked.survey_year(), asked.county_code()), "", *std::move(cursor),
      chassis::PageSize(asked.page_size()), call.deadline,
      [&asked, done = std::move(done)](absl::StatusOr<chassis::Page<NeedRecord>> page) {
        if (!page.ok()) return done(page.status());
        v1::ListNeedsResponse answer;
        for (const auto& item : page->items) {
          v1::Need need =
              NeedView(item.id, item.aggregate.state, chassis::EtagOf(item.aggregate.version));
          if (IsAsked(asked, need)) *answer.add_needs() = std::move(need);
        }
        if (!page->next_cursor.empty()) {
          answer.set_next_page_token(chassis::MakePageToken(asked, page->next_cursor));
        }
        done(std::move(answer));
      });
}

void NeedsService::ListOfPerson(const CallInfo& call, const v1::ListNeedsRequest& asked,
                                ListDone done) const {
  ReadNeedsOfPerson(
      needs_->needs(), asked.person_key(), call.deadline,
      [&asked, done = std::move(done)](absl::StatusOr<std::vector<StoredNeed>> found) {
        if (!found.ok()) return done(found.status());
        v1::ListNeedsResponse answer;
        for (const StoredNeed& stored : *found) {
          v1::Need need =
              NeedView(stored.id, stored.need.state, chassis::EtagOf(stored.need.version));
          if (IsAsked(asked, need)) *answer.add_needs() = std::move(need);
        }
        std::sort(answer.mutable_needs()->begin(), answer.mutable_needs()->end(),
                  [](const v1::Need& a, const v1::Need& b) {
                    const auto key = [](const v1::Need& need) {
                      return std::tuple(need.create_time().seconds(), need.create_time().nanos(),
                                        need.name());
                    };
                    return key(a) > key(b);
                  });
        done(std::move(answer));
      });
}

NeedsService::Reactor* NeedsService::DemandStatistics(Context* context,
                                                      const v1::DemandStatisticsRequest* request,
                                                      v1::DemandStatisticsResponse* response) {
  return gate_->Unary<v1::DemandStatisticsRequest, v1::DemandStatisticsResponse>(
      context, request, response,
      [this](const CallInfo& call, const v1::DemandStatisticsRequest& asked,
             Done<v1::DemandStatisticsResponse> done) {
        absl::StatusOr<DemandQuestion> asking = DemandQuestion::Ask(asked, needs_->regions());
        if (!asking.ok()) return done(asking.status());
        const auto question = std::make_shared<const DemandQuestion>(*std::move(asking));
        const auto sum = std::make_shared<Sum>();
        {
          absl::MutexLock lock(&sum->mutex);
          sum->waiting = routes_.size();
          sum->sums.resize(question->counters().size());
        }
        for (const std::string& route : routes_) {
          needs_->needs().raw()->GetCounters(
              route, question->counters(), call.deadline,
              [question, sum, done](absl::StatusOr<std::vector<int64_t>> counted) {
                std::vector<int64_t> sums;
                {
                  absl::MutexLock lock(&sum->mutex);
                  if (!counted.ok()) sum->failure = counted.status();
                  for (size_t i = 0; counted.ok() && i < counted->size(); ++i) {
                    sum->sums[i] += (*counted)[i];
                  }
                  if (--sum->waiting > 0) return;
                  if (!sum->failure.ok()) return done(sum->failure);
                  sums = std::move(sum->sums);
                }
                done(question->Answer(sums));
              });
        }
      });
}

}  // namespace fuju::applications
