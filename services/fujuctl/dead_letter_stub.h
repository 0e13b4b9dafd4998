#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"

#include "fuju/admin/v1/dead_letters_service.grpc.pb.h"
#include "fujuctl/commands.h"

namespace fuju::fujuctl {

// The dead letters' API of a service. INVALID_ARGUMENT if nobody says where it is.
absl::StatusOr<std::unique_ptr<admin::v1::DeadLettersService::Stub>> DeadLettersOf(
    const Connections& connections, const std::string& service);

}  // namespace fuju::fujuctl
