#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include <google/protobuf/message.h>

namespace fuju::chassis {

// Page tokens: opaque, URL-safe, bound to the query by a hash over all its fields but page_size and
// page_token. An empty cursor (there is no next page) makes an empty token. Pure.
std::string MakePageToken(const google::protobuf::Message& query, std::string_view cursor);
// The cursor in query.page_token; empty for the first page. INVALID_ARGUMENT, PAGE_TOKEN_INVALID
// when it is malformed or of another query.
absl::StatusOr<std::string> CursorOf(const google::protobuf::Message& query);

// The page size to use: 0 means `normal`, more than `most` means `most`.
int PageSize(int asked, int normal = 50, int most = 200);

}  // namespace fuju::chassis
