#include "audit/archive_queries.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include <google/protobuf/util/json_util.h>
#include <soci/soci.h>

#include "audit/event_words.h"
#include "audit/facts.h"
#include "audit/projections.h"
#include "chassis/rpc/page_token.h"
#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"
#include "fuju/applications/v1/application.pb.h"
#include "fuju/event/v1/event.pb.h"

namespace fuju::audit {
namespace {

using soci::into;
using soci::use;

std::string FactAsJson(const event::v1::Event& event) {
  const std::unique_ptr<google::protobuf::Message> fact = UnpackFact(event);
  std::string json;
  if (fact == nullptr || !google::protobuf::util::MessageToJsonString(*fact, &json).ok()) {
    return "{}";
  }
  return json;
}

v1::TraceEvent ToTraceEvent(int64_t sequence, const event::v1::Event& event) {
  v1::TraceEvent line;
  line.set_sequence(sequence);
  line.set_event_id(event.id());
  line.set_type(event.type());
  line.set_source(event.source());
  line.set_subject(event.subject());
  line.set_aggregate_version(event.aggregate_version());
  *line.mutable_time() = event.time();
  line.set_actor(event.actor());
  line.set_causation_id(event.causation_id());
  line.set_data_json(FactAsJson(event));
  EventWords words = WordsOf(event.type());
  line.set_text_zh(std::move(words.zh));
  line.set_text_en(std::move(words.en));
  return line;
}

// Where the next page of spending starts: after this county and item.
struct Place {
  std::string county_code;
  std::string item_code;
};

absl::StatusOr<Place> PlaceOf(const v1::ListSpendingRequest& request) {
  absl::StatusOr<std::string> cursor = chassis::CursorOf(request);
  if (!cursor.ok()) return cursor.status();
  if (cursor->empty()) return Place{};
  const size_t slash = cursor->find('/');
  if (slash == std::string::npos || cursor->find('\0') != std::string::npos) {
    constexpr std::string_view kZh = "翻页令牌无法识别；请原样使用上一页回答中的 next_page_token";
    constexpr std::string_view kEn =
        "the page token is malformed; use next_page_token of the answer before as it is";
    return chassis::Refusal(absl::StatusCode::kInvalidArgument, "PAGE_TOKEN_INVALID", kZh, kEn)
        .Field("page_token", kZh, kEn)
        .Build();
  }
  return Place{cursor->substr(0, slash), cursor->substr(slash + 1)};
}

void ReadMoney(soci::session& session, v1::MoneyFlow& money) {
  long long allocated = 0, reserved = 0, paid = 0, released = 0;
  session << "SELECT COALESCE(SUM(allocated_fen), 0) FROM budgets", into(allocated);
  session << "SELECT COALESCE(SUM(CASE state WHEN 'RESERVED' THEN amount_fen END), 0),"
             " COALESCE(SUM(CASE WHEN state IN ('SETTLED', 'PAID') THEN amount_fen END), 0),"
             " COALESCE(SUM(CASE state WHEN 'RELEASED' THEN amount_fen END), 0) FROM grants",
      into(reserved), into(paid), into(released);
  money.set_allocated_fen(allocated);
  money.set_reserved_fen(reserved);
  money.set_paid_fen(paid);
  money.set_released_fen(released);
  money.set_available_fen(allocated - reserved - paid);
}

// A set of lengths of time, as the end of a SELECT: FROM, WHERE, and what to order by.
struct Lengths {
  std::string from_where;
  std::string length;
};

// The one at `rank` from 1, in milliseconds.
int64_t AtRank(soci::session& session, const Lengths& lengths, int64_t rank) {
  long long value = 0;
  const long long offset = rank - 1;
  session << "SELECT " << lengths.length << lengths.from_where << " ORDER BY " << lengths.length
          << " LIMIT 1 OFFSET :skipped",
      into(value), use(offset);
  return value;
}

v1::StageTime ReadStageTime(soci::session& session, const std::string& stage,
                            const Lengths& lengths) {
  v1::StageTime time;
  time.set_stage(stage);
  long long count = 0;
  session << "SELECT COUNT(*)" << lengths.from_where, into(count);
  time.set_count(count);
  if (count == 0) return time;
  time.set_p50_ms(AtRank(session, lengths, (count * 50 + 99) / 100));
  time.set_p90_ms(AtRank(session, lengths, (count * 90 + 99) / 100));
  time.set_max_ms(AtRank(session, lengths, count));
  return time;
}

void ReadStates(soci::session& session, v1::Overview& overview) {
  const auto* states = applications::v1::ApplicationState_descriptor();
  for (int i = 1; i < states->value_count(); ++i) {
    const std::string state =
        StateName(static_cast<applications::v1::ApplicationState>(states->value(i)->number()));
    long long count = 0;
    session << "SELECT COUNT(*) FROM applications WHERE state = :state", into(count), use(state);
    if (count > 0) {
      v1::StateCount& line = *overview.add_states();
      line.set_state(state);
      line.set_applications(count);
    }
    // The names are our own enum's, so they may stand in the text: the index on an expression is
    // found for a query whose text is the same.
    const v1::StageTime stage = ReadStageTime(
        session, state,
        {absl::StrCat(" FROM stage_times WHERE left_ms IS NOT NULL AND stage = '", state, "'"),
         "left_ms - entered_ms"});
    if (stage.count() > 0) *overview.add_stages() = stage;
  }
}

}  // namespace

absl::StatusOr<v1::ApplicationTrace> ReadTrace(soci::session& session,
                                               const std::string& application) {
  v1::ApplicationTrace trace;
  trace.set_application(application);
  long long sequence = 0;
  soci::blob data(session);
  soci::statement rows = (session.prepare << "SELECT sequence, data FROM events"
                                             " WHERE correlation_id = :application"
                                             " ORDER BY time_ms, sequence",
                          use(application), into(sequence), into(data));
  rows.execute();
  while (rows.fetch()) {
    event::v1::Event event;
    if (!event.ParseFromString(BytesOf(data))) {
      return absl::DataLossError(absl::StrCat("archived event ", sequence, " can not be read"));
    }
    *trace.add_events() = ToTraceEvent(sequence, event);
  }
  if (trace.events().empty()) return chassis::NotFound(application);
  return trace;
}

absl::StatusOr<v1::ListSpendingResponse> ReadSpending(soci::session& session,
                                                      const v1::ListSpendingRequest& request) {
  const absl::StatusOr<Place> after = PlaceOf(request);
  if (!after.ok()) return after.status();
  const int page_size = chassis::PageSize(request.page_size(), kNormalLines, kMostLines);
  // One more than the page, to know whether there is another one.
  const long long limit = page_size + 1;

  long long reserved_cases = 0, reserved = 0, paid_cases = 0, paid = 0, released = 0;
  std::string county_code, item_code;
  soci::statement rows =
      (session.prepare
           << "SELECT county_code, item_code,"
              " SUM(state = 'RESERVED'), SUM(CASE state WHEN 'RESERVED' THEN amount_fen ELSE 0 "
              "END),"
              " SUM(state IN ('SETTLED', 'PAID')),"
              " SUM(CASE WHEN state IN ('SETTLED', 'PAID') THEN amount_fen ELSE 0 END),"
              " SUM(CASE state WHEN 'RELEASED' THEN amount_fen ELSE 0 END)"
              " FROM grants WHERE state NOT IN ('REFUSED', 'QUEUED')"
              " AND (county_code, item_code) > (:after_county, :after_item)"
              " AND (:county = '' OR county_code = :same_county)"
              " AND (:item = '' OR item_code = :same_item)"
              " GROUP BY county_code, item_code ORDER BY county_code, item_code LIMIT :most",
       into(county_code), into(item_code), into(reserved_cases), into(reserved), into(paid_cases),
       into(paid), into(released), use(after->county_code), use(after->item_code),
       use(request.county_code()), use(request.county_code()), use(request.item_code()),
       use(request.item_code()), use(limit));
  rows.execute();
  v1::ListSpendingResponse response;
  while (rows.fetch()) {
    if (response.lines_size() == page_size) {
      const v1::SpendingLine& last = response.lines(page_size - 1);
      response.set_next_page_token(
          chassis::MakePageToken(request, absl::StrCat(last.county_code(), "/", last.item_code())));
      break;
    }
    v1::SpendingLine& line = *response.add_lines();
    line.set_county_code(county_code);
    line.set_item_code(item_code);
    line.set_reserved_cases(reserved_cases);
    line.set_reserved_fen(reserved);
    line.set_paid_cases(paid_cases);
    line.set_paid_fen(paid);
    line.set_released_fen(released);
  }
  return response;
}

absl::StatusOr<v1::Overview> ReadOverview(soci::session& session) {
  v1::Overview overview;
  ReadMoney(session, *overview.mutable_money());
  ReadStates(session, overview);
  *overview.mutable_cycle() =
      ReadStageTime(session, "CYCLE",
                    {" FROM applications WHERE acceptance_ms IS NOT NULL AND submit_ms IS NOT NULL",
                     "acceptance_ms - submit_ms"});
  long long events = 0, time_ms = 0;
  session << "SELECT COALESCE(MAX(sequence), 0) FROM events", into(events);
  overview.set_events(events);
  if (events > 0) {
    session << "SELECT time_ms FROM events WHERE sequence = :last", into(time_ms), use(events);
    *overview.mutable_last_event_time() = chassis::ToTimestamp(absl::FromUnixMillis(time_ms));
  }
  return overview;
}

}  // namespace fuju::audit
