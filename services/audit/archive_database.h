#pragma once

#include <exception>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include <soci/session.h>

namespace fuju::audit {

// The archive's SQLite file. Tables (README.md describes the columns):
//   events        one row for each archived event, sequence from 1 without a gap; append-only
//   findings      what is wrong with what arrived: gaps in versions, differing repeats
//   applications, stage_times, grants, budgets
//                 projections: what the events say now; each row names the event it comes from
// Functions that take a soci::session throw soci::soci_error; what crosses the room is the status
// that FromSqlError makes of it.

// Opens the file for the one writer and makes the tables if they are absent. WAL, synchronous=FULL,
// foreign keys. FAILED_PRECONDITION if the file is no archive or of another schema version;
// UNAVAILABLE if it can not be opened.
absl::StatusOr<std::unique_ptr<soci::session>> OpenToWrite(const std::string& path);

// Opens an archive that exists, for queries only.
absl::StatusOr<std::unique_ptr<soci::session>> OpenToRead(const std::string& path);

// UNAVAILABLE (reason STORE_UNAVAILABLE) when the environment is at fault, such as a full disk or a
// locked file: trying again may help. INTERNAL for anything else.
absl::Status FromSqlError(const std::string& operation, const std::exception& error);

}  // namespace fuju::audit
