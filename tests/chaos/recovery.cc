#include "chaos/recovery.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include <grpcpp/grpcpp.h>

#include "chaos/fault_plan.h"
#include "fuju/applications/v1/applications_service.grpc.pb.h"
#include "fuju/catalogue/v1/catalogue_service.grpc.pb.h"
#include "fuju/dispatch/v1/dispatch_service.grpc.pb.h"
#include "fuju/fitting/v1/fitting_service.grpc.pb.h"
#include "vocabulary/civil_date.h"

namespace fuju::chaos {
namespace {

constexpr char kAuditor[] = "auditor:chaos";
constexpr char kCounty[] = "620102";

template <typename Stub, typename Request, typename Response>
bool Answers(const std::shared_ptr<grpc::Channel>& channel,
             grpc::Status (Stub::*rpc)(grpc::ClientContext*, const Request&, Response*),
             const Request& request) {
  Stub stub(channel);
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(1)));
  context.AddMetadata("fuju-actor", kAuditor);
  Response response;
  return (stub.*rpc)(&context, request, &response).ok();
}

// A list needs Redis, in every service.
bool Serves(const std::string& service, const std::shared_ptr<grpc::Channel>& channel,
            const std::string& vendor) {
  if (service == "applications") {
    applications::v1::ListApplicationsRequest list;
    list.set_county_code(kCounty);
    list.set_page_size(1);
    using Stub = applications::v1::ApplicationsService::Stub;
    return Answers(channel, &Stub::ListApplications, list);
  }
  if (service == "catalogue") {
    catalogue::v1::ListBudgetsRequest list;
    list.set_fiscal_year(static_cast<int>(vocabulary::TodayInShanghai(absl::Now()).year()));
    list.set_page_size(1);
    using Stub = catalogue::v1::CatalogueService::Stub;
    return Answers(channel, &Stub::ListBudgets, list);
  }
  if (service == "dispatch") {
    dispatch::v1::ListRoundsRequest list;
    list.set_state(dispatch::v1::ROUND_STATE_MANUAL);
    list.set_page_size(1);
    using Stub = dispatch::v1::DispatchService::Stub;
    return Answers(channel, &Stub::ListRounds, list);
  }
  if (service == "fitting") {
    fitting::v1::ListOrdersRequest list;
    list.set_parent(vendor);
    list.set_page_size(1);
    using Stub = fitting::v1::FittingService::Stub;
    return Answers(channel, &Stub::ListOrders, list);
  }
  // The archive's answers do not need Redis.
  return true;
}

}  // namespace

Recovery::Recovery(HouseUnderLoad& house)
    : cluster_(house.cluster()),
      witness_(house.witness()),
      vendor_(house.world().vendors.front()) {}

absl::Duration Recovery::Await(absl::Duration limit) const {
  const absl::Time start = absl::Now();
  // What every application passes through at its beginning.
  const std::vector<std::string> reacting = {"applications", "catalogue"};
  std::vector<int64_t> before;
  for (const std::string& service : reacting) before.push_back(witness_.reactions(service));
  std::vector<std::string> silent = cluster_.Instances();
  while (absl::Now() - start < limit) {
    std::erase_if(silent, [this](const std::string& name) {
      return Serves(name.substr(0, name.find('-')), cluster_.channel_to(name), vendor_);
    });
    bool reacted = true;
    for (size_t i = 0; i < reacting.size(); ++i) {
      reacted = reacted && witness_.reactions(reacting[i]) > before[i];
    }
    if (silent.empty() && reacted) return absl::Now() - start;
    LetPass(absl::Milliseconds(10));
  }
  return limit;
}

bool Recovery::ReadsAnswer() const {
  bool all = true;
  for (const std::string& name : cluster_.Instances()) {
    all = all && Serves(name.substr(0, name.find('-')), cluster_.channel_to(name), vendor_);
  }
  return all;
}

}  // namespace fuju::chaos
