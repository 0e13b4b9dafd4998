#include "audit/archive_database.h"

#include <array>
#include <filesystem>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>  // brings sqlite3.h, in a namespace of its own

#include "chassis/values/refusal.h"

namespace fuju::audit {
namespace {

// "FUJU" in ASCII: SQLite's mark of what kind of file this is.
constexpr int kApplicationId = 0x46554A55;
constexpr int kSchemaVersion = 1;
// How long a connection waits for another one's lock.
constexpr int kLockTimeoutSeconds = 5;

// SQLite runs one statement of a text, so each stands alone.
constexpr std::array<const char*, 14> kSchema = {
    R"(CREATE TABLE events (
         sequence       INTEGER PRIMARY KEY,
         event_id       TEXT NOT NULL UNIQUE,
         type           TEXT NOT NULL,
         source         TEXT NOT NULL,
         subject        TEXT NOT NULL,
         version        INTEGER NOT NULL CHECK (version > 0),
         time_ms        INTEGER NOT NULL,
         "partition"    INTEGER NOT NULL,
         entry_id       TEXT NOT NULL,
         actor          TEXT NOT NULL,
         correlation_id TEXT NOT NULL,
         causation_id   TEXT NOT NULL,
         traceparent    TEXT NOT NULL,
         data           BLOB NOT NULL,
         previous_hash  TEXT NOT NULL,
         hash           TEXT NOT NULL,
         UNIQUE (source, subject, version)) STRICT)",
    "CREATE INDEX events_of_case ON events (correlation_id, time_ms, sequence)",
    R"(CREATE TRIGGER events_are_not_changed BEFORE UPDATE ON events
         BEGIN SELECT RAISE(ABORT, 'the archive is append-only'); END)",
    R"(CREATE TRIGGER events_are_not_deleted BEFORE DELETE ON events
         BEGIN SELECT RAISE(ABORT, 'the archive is append-only'); END)",
    R"(CREATE TABLE findings (
         finding     INTEGER PRIMARY KEY,
         kind        TEXT NOT NULL,
         source      TEXT NOT NULL,
         subject     TEXT NOT NULL,
         expected    INTEGER NOT NULL,
         got         INTEGER NOT NULL,
         time_ms     INTEGER NOT NULL,
         UNIQUE (kind, source, subject, got)) STRICT)",
    R"(CREATE TABLE applications (
         application   TEXT PRIMARY KEY,
         version       INTEGER NOT NULL,
         sequence      INTEGER NOT NULL REFERENCES events (sequence),
         state         TEXT NOT NULL,
         county_code   TEXT NOT NULL,
         item_code     TEXT NOT NULL,
         create_ms     INTEGER,
         submit_ms     INTEGER,
         acceptance_ms INTEGER,
         update_ms     INTEGER NOT NULL) STRICT)",
    "CREATE INDEX applications_by_state ON applications (state)",
    R"(CREATE INDEX applications_by_cycle ON applications (acceptance_ms - submit_ms)
         WHERE acceptance_ms IS NOT NULL AND submit_ms IS NOT NULL)",
    R"(CREATE TABLE stage_times (
         application     TEXT NOT NULL REFERENCES applications (application),
         entered_version INTEGER NOT NULL,
         stage           TEXT NOT NULL,
         entered_ms      INTEGER NOT NULL,
         left_ms         INTEGER,
         PRIMARY KEY (application, entered_version)) STRICT)",
    R"(CREATE INDEX stage_times_by_length ON stage_times (stage, left_ms - entered_ms)
         WHERE left_ms IS NOT NULL)",
    R"(CREATE TABLE grants (
         grant_name  TEXT PRIMARY KEY,
         version     INTEGER NOT NULL,
         sequence    INTEGER NOT NULL REFERENCES events (sequence),
         application TEXT NOT NULL,
         county_code TEXT NOT NULL,
         item_code   TEXT NOT NULL,
         fiscal_year INTEGER NOT NULL,
         state       TEXT NOT NULL,
         amount_fen  INTEGER NOT NULL,
         update_ms   INTEGER NOT NULL) STRICT)",
    "CREATE INDEX grants_by_place ON grants (county_code, item_code, state, amount_fen)",
    R"(CREATE TABLE budgets (
         budget        TEXT PRIMARY KEY,
         version       INTEGER NOT NULL,
         sequence      INTEGER NOT NULL REFERENCES events (sequence),
         county_code   TEXT NOT NULL,
         fiscal_year   INTEGER NOT NULL,
         allocated_fen INTEGER NOT NULL,
         update_ms     INTEGER NOT NULL) STRICT)",
    "CREATE INDEX budgets_by_place ON budgets (county_code, fiscal_year)",
};

int ReadPragma(soci::session& session, const std::string& pragma) {
  int value = 0;
  session << "PRAGMA " << pragma, soci::into(value);
  return value;
}

std::unique_ptr<soci::session> Connect(const std::string& path) {
  auto session = std::make_unique<soci::session>(
      soci::sqlite3, absl::StrCat("db=\"", path, "\" timeout=", kLockTimeoutSeconds));
  *session << "PRAGMA foreign_keys = ON";
  *session << "PRAGMA synchronous = FULL";
  return session;
}

// OK if the file is empty or an archive of this schema.
absl::Status CheckIdentity(soci::session& session, const std::string& path, bool* empty) {
  int objects = 0;
  session << "SELECT COUNT(*) FROM sqlite_schema", soci::into(objects);
  const int application_id = ReadPragma(session, "application_id");
  const int version = ReadPragma(session, "user_version");
  *empty = objects == 0 && application_id == 0;
  if (*empty) return absl::OkStatus();
  if (application_id != kApplicationId) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, " is a database, but not an archive of Fuju"));
  }
  if (version != kSchemaVersion) {
    return absl::FailedPreconditionError(absl::StrCat(path, " has schema version ", version,
                                                      ", this program needs ", kSchemaVersion));
  }
  return absl::OkStatus();
}

// All or nothing, so that a crash leaves an empty file or an archive.
void MakeTables(soci::session& session) {
  soci::transaction transaction(session);
  for (const char* statement : kSchema) session << statement;
  session << "PRAGMA application_id = " << kApplicationId;
  session << "PRAGMA user_version = " << kSchemaVersion;
  transaction.commit();
}

absl::Status CheckPath(const std::string& path) {
  // The connection text of SOCI quotes the path and knows no escape.
  if (path.empty() || absl::StrContains(path, '"')) {
    return absl::InvalidArgumentError("the archive's path is empty or has a double quote in it");
  }
  return absl::OkStatus();
}

bool IsEnvironment(int sqlite_code) {
  switch (sqlite_code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_NOMEM:
    case SQLITE_READONLY:
    case SQLITE_INTERRUPT:
    case SQLITE_IOERR:
    case SQLITE_CORRUPT:
    case SQLITE_FULL:
    case SQLITE_CANTOPEN:
    case SQLITE_PROTOCOL:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_NOLFS:
    case SQLITE_NOTADB:
      return true;
    default:
      return false;
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<soci::session>> OpenToWrite(const std::string& path) {
  if (absl::Status status = CheckPath(path); !status.ok()) return status;
  try {
    std::unique_ptr<soci::session> session = Connect(path);
    bool empty = false;
    if (absl::Status status = CheckIdentity(*session, path, &empty); !status.ok()) return status;
    std::string mode;
    *session << "PRAGMA journal_mode = WAL", soci::into(mode);
    if (mode != "wal") {
      return absl::FailedPreconditionError(
          absl::StrCat(path, " can not use a write-ahead log; is it on a network file system?"));
    }
    if (empty) MakeTables(*session);
    return session;
  } catch (const std::exception& error) {
    return FromSqlError(absl::StrCat("open the archive ", path), error);
  }
}

absl::StatusOr<std::unique_ptr<soci::session>> OpenToRead(const std::string& path) {
  if (absl::Status status = CheckPath(path); !status.ok()) return status;
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) {
    return absl::NotFoundError(absl::StrCat("there is no archive ", path));
  }
  try {
    std::unique_ptr<soci::session> session = Connect(path);
    bool empty = false;
    if (absl::Status status = CheckIdentity(*session, path, &empty); !status.ok()) return status;
    if (empty) return absl::FailedPreconditionError(absl::StrCat(path, " is empty"));
    *session << "PRAGMA query_only = ON";
    return session;
  } catch (const std::exception& error) {
    return FromSqlError(absl::StrCat("open the archive ", path), error);
  }
}

absl::Status FromSqlError(const std::string& operation, const std::exception& error) {
  const std::string text = absl::StrCat(operation, ": ", error.what());
  const auto* sqlite = dynamic_cast<const soci::sqlite3_soci_error*>(&error);
  if (sqlite == nullptr || !IsEnvironment(sqlite->result())) return absl::InternalError(text);
  return chassis::Refusal(absl::StatusCode::kUnavailable, "STORE_UNAVAILABLE",
                          "存档暂时无法读写，请稍后重试",
                          absl::StrCat("the archive can not be read or written now (", text, ")"));
}

}  // namespace fuju::audit
