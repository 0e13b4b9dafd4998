#pragma once

#include <map>
#include <string>

#include "absl/time/time.h"

#include "audit/audit_answers.h"
#include "chassis/rpc/validation.h"

namespace fuju::audit {

// An answer of the dashboard's API.
struct ApiAnswer {
  int http_code = 200;
  // JSON.
  std::string body;
};

// The questions of the page, each the JSON form of one RPC of fuju.audit.v1 with the same limits,
// figures and errors: protobuf JSON in camelCase, zeros written out, int64 as text. Waits for the
// answer: call it on a thread that may. Thread-safe.
class DashboardApi {
 public:
  // Decoded parameters of the query; of repeated ones the first counts.
  using Parameters = std::multimap<std::string, std::string>;

  // `answers` and `formats` outlive it. `names_json` is the answer of /api/names.
  DashboardApi(AuditAnswers* answers, const chassis::FormatRegistry* formats,
               std::string names_json, absl::Duration longest);

  // `path` such as "/api/overview"; 404 for a path that is not one of
  //   /api/overview
  //   /api/spending   county_code, item_code, page_size, page_token
  //   /api/trace      application
  //   /api/names
  ApiAnswer Answer(const std::string& path, const Parameters& parameters) const;

 private:
  ApiAnswer Overview() const;
  ApiAnswer Spending(const Parameters& parameters) const;
  ApiAnswer Trace(const Parameters& parameters) const;

  AuditAnswers* const answers_;
  const chassis::FormatRegistry* const formats_;
  const std::string names_json_;
  const absl::Duration longest_;
};

// The answer that an error makes.
ApiAnswer ToAnswer(const absl::Status& status);

}  // namespace fuju::audit
