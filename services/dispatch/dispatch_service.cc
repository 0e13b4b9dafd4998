#include "dispatch/dispatch_service.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "chassis/rpc/page_token.h"
#include "chassis/rpc/watch_stream.h"
#include "chassis/store/state_indexes.h"
#include "chassis/values/refusal.h"
#include "dispatch/names.h"
#include "dispatch/offer.h"
#include "dispatch/offer_watcher.h"
#include "dispatch/round.h"
#include "dispatch/vendor.h"
#include "vocabulary/uscc.h"

namespace fuju::dispatch {
namespace {

using chassis::CallInfo;
using chassis::Committed;
using chassis::Page;
using chassis::Versioned;

// A vendor's open offers are at most its capacity, which is at most 10000: the first part of a
// watch fits.
constexpr size_t kWatchBuffer = 12'000;

// The public state of a record.
v1::Vendor& PublicPart(VendorRecord& record) { return *record.mutable_vendor(); }
v1::Round& PublicPart(RoundRecord& record) { return *record.mutable_round(); }
v1::Offer& PublicPart(OfferRecord& record) { return *record.mutable_offer(); }

template <typename Answer, typename Record>
Answer View(Record record, int64_t version) {
  Answer answer = std::move(PublicPart(record));
  answer.set_etag(chassis::EtagOf(version));
  return answer;
}

// Answers of a store as answers of an RPC.
template <typename Answer, typename Record, typename Done>
auto AnswerCommitted(Done done) {
  return [done = std::move(done)](absl::StatusOr<Committed<Record>> committed) {
    if (!committed.ok()) return done(committed.status());
    done(View<Answer>(std::move(committed->state), committed->version));
  };
}

template <typename Answer, typename Record, typename Done>
auto AnswerFound(std::string name, Done done) {
  return [name = std::move(name), done = std::move(done)](absl::StatusOr<Versioned<Record>> found) {
    if (!found.ok()) return done(found.status());
    if (!found->exists()) return done(chassis::NotFound(name));
    done(View<Answer>(std::move(found->state), found->version));
  };
}

// One page of `Record`s into the repeated field that `items` gives.
template <typename Record, typename Item, typename Response, typename Request, typename Done>
void AnswerPage(const chassis::AggregateStore<Record>& store, std::vector<std::string> indexes,
                std::string route, const CallInfo& call, const Request& request,
                google::protobuf::RepeatedPtrField<Item>* (Response::*items)(), Done done) {
  absl::StatusOr<std::string> cursor = chassis::CursorOf(request);
  if (!cursor.ok()) return done(cursor.status());
  store.List(std::move(indexes), std::move(route), *std::move(cursor),
             chassis::PageSize(request.page_size()), call.deadline,
             [request, items, done = std::move(done)](absl::StatusOr<Page<Record>> page) {
               if (!page.ok()) return done(page.status());
               Response response;
               for (auto& item : page->items) {
                 *(response.*items)()->Add() =
                     View<Item>(std::move(item.aggregate.state), item.aggregate.version);
               }
               if (!page->next_cursor.empty()) {
                 response.set_next_page_token(chassis::MakePageToken(request, page->next_cursor));
               }
               done(std::move(response));
             });
}

absl::Status CheckListOfRounds(const v1::ListRoundsRequest& asked) {
  if (!asked.county_code().empty()) return absl::OkStatus();
  if (asked.state() == v1::ROUND_STATE_UNSPECIFIED) {
    const char* const zh = "县代码和状态至少填写一项";
    const char* const en = "give the county code or the state, or both";
    return chassis::InvalidFields().Field("county_code", zh, en).Field("state", zh, en).Build();
  }
  if (IsListedOfAllCounties(asked.state())) return absl::OkStatus();
  return chassis::InvalidFields()
      .Field("county_code", "已完成的派单按县查询，请填写县代码",
             "rounds that are done are listed by county: give the county code")
      .Build();
}

// Ids from names whose form the gate has checked; an id that nothing has is not found.
std::string VendorId(const std::string& name) { return VendorIdOf(name).value_or(""); }
std::string RoundId(const std::string& name) { return RoundIdOf(name).value_or(""); }
std::string OfferIdFrom(const std::string& name) { return OfferIdOf(name).value_or(""); }

}  // namespace

DispatchService::DispatchService(chassis::CallGate* gate, const DispatchStores* stores,
                                 chassis::Fanout* fanout, absl::Duration watch_heartbeat)
    : gate_(gate), stores_(stores), fanout_(fanout), watch_heartbeat_(watch_heartbeat) {}

grpc::ServerUnaryReactor* DispatchService::RegisterVendor(grpc::CallbackServerContext* context,
                                                          const v1::RegisterVendorRequest* request,
                                                          v1::Vendor* response) {
  return gate_->Unary<v1::RegisterVendorRequest, v1::Vendor>(
      context, request, response,
      [this](const CallInfo& call, const v1::RegisterVendorRequest& asked, Done<v1::Vendor> done) {
        v1::Vendor vendor = asked.vendor();
        // The gate has checked the form; the id of a vendor is written in one way only.
        const auto uscc = vocabulary::Uscc::Parse(vendor.uscc());
        if (!uscc.ok()) return done(uscc.status());
        vendor.set_uscc(uscc->text());
        if (asked.validate_only()) return PreviewVendor(call, std::move(vendor), std::move(done));
        chassis::Command command = call.ToCommand(asked);
        command.correlation_id = VendorName(vendor.uscc());
        stores_->vendors.Update(
            vendor.uscc(), std::move(command),
            [this, vendor](const Versioned<VendorRecord>& current) {
              return dispatch::RegisterVendor(current, vendor, stores_->Now());
            },
            AnswerCommitted<v1::Vendor, VendorRecord>(std::move(done)));
      });
}

void DispatchService::PreviewVendor(const CallInfo& call, v1::Vendor vendor,
                                    Done<v1::Vendor> done) {
  const std::string uscc = vendor.uscc();
  stores_->vendors.Get(uscc, call.deadline,
                       [this, vendor = std::move(vendor), done = std::move(done)](
                           const absl::StatusOr<Versioned<VendorRecord>>& current) {
                         if (!current.ok()) return done(current.status());
                         const VendorDecision decision =
                             dispatch::RegisterVendor(*current, vendor, stores_->Now());
                         if (!decision.ok()) return done(decision.status());
                         done(decision->next.vendor());
                       });
}

grpc::ServerUnaryReactor* DispatchService::SuspendVendor(grpc::CallbackServerContext* context,
                                                         const v1::SuspendVendorRequest* request,
                                                         v1::Vendor* response) {
  return gate_->Unary<v1::SuspendVendorRequest, v1::Vendor>(
      context, request, response,
      [this](const CallInfo& call, const v1::SuspendVendorRequest& asked, Done<v1::Vendor> done) {
        const std::string uscc = VendorId(asked.name());
        stores_->vendors.Update(
            uscc, call.ToCommand(asked),
            [uscc, reason = asked.reason()](const Versioned<VendorRecord>& current) {
              return dispatch::SuspendVendor(current, uscc, reason);
            },
            AnswerCommitted<v1::Vendor, VendorRecord>(std::move(done)));
      });
}

grpc::ServerUnaryReactor* DispatchService::ResumeVendor(grpc::CallbackServerContext* context,
                                                        const v1::ResumeVendorRequest* request,
                                                        v1::Vendor* response) {
  return gate_->Unary<v1::ResumeVendorRequest, v1::Vendor>(
      context, request, response,
      [this](const CallInfo& call, const v1::ResumeVendorRequest& asked, Done<v1::Vendor> done) {
        const std::string uscc = VendorId(asked.name());
        stores_->vendors.Update(
            uscc, call.ToCommand(asked),
            [uscc](const Versioned<VendorRecord>& current) {
              return dispatch::ResumeVendor(current, uscc);
            },
            AnswerCommitted<v1::Vendor, VendorRecord>(std::move(done)));
      });
}

grpc::ServerUnaryReactor* DispatchService::GetVendor(grpc::CallbackServerContext* context,
                                                     const v1::GetVendorRequest* request,
                                                     v1::Vendor* response) {
  return gate_->Unary<v1::GetVendorRequest, v1::Vendor>(
      context, request, response,
      [this](const CallInfo& call, const v1::GetVendorRequest& asked, Done<v1::Vendor> done) {
        stores_->vendors.Get(VendorId(asked.name()), call.deadline,
                             AnswerFound<v1::Vendor, VendorRecord>(asked.name(), std::move(done)));
      });
}

grpc::ServerUnaryReactor* DispatchService::ListVendors(grpc::CallbackServerContext* context,
                                                       const v1::ListVendorsRequest* request,
                                                       v1::ListVendorsResponse* response) {
  return gate_->Unary<v1::ListVendorsRequest, v1::ListVendorsResponse>(
      context, request, response,
      [this](const CallInfo& call, const v1::ListVendorsRequest& asked,
             Done<v1::ListVendorsResponse> done) {
        AnswerPage(stores_->vendors, {kVendorIndex}, "", call, asked,
                   &v1::ListVendorsResponse::mutable_vendors, std::move(done));
      });
}

grpc::ServerUnaryReactor* DispatchService::AcceptOffer(grpc::CallbackServerContext* context,
                                                       const v1::AcceptOfferRequest* request,
                                                       v1::Offer* response) {
  return gate_->Unary<v1::AcceptOfferRequest, v1::Offer>(
      context, request, response,
      [this](const CallInfo& call, const v1::AcceptOfferRequest& asked, Done<v1::Offer> done) {
        const std::string id = OfferIdFrom(asked.name());
        stores_->offers.Update(
            id, call.ToCommand(asked),
            [this, id](const Versioned<OfferRecord>& current) {
              return dispatch::AcceptOffer(current, id, stores_->Now());
            },
            AnswerCommitted<v1::Offer, OfferRecord>(std::move(done)));
      });
}

grpc::ServerUnaryReactor* DispatchService::DeclineOffer(grpc::CallbackServerContext* context,
                                                        const v1::DeclineOfferRequest* request,
                                                        v1::Offer* response) {
  return gate_->Unary<v1::DeclineOfferRequest, v1::Offer>(
      context, request, response,
      [this](const CallInfo& call, const v1::DeclineOfferRequest& asked, Done<v1::Offer> done) {
        const std::string id = OfferIdFrom(asked.name());
        stores_->offers.Update(
            id, call.ToCommand(asked),
            [this, id, reason = asked.reason()](const Versioned<OfferRecord>& current) {
              return dispatch::DeclineOffer(current, id, reason, stores_->Now());
            },
            AnswerCommitted<v1::Offer, OfferRecord>(std::move(done)));
      });
}

grpc::ServerUnaryReactor* DispatchService::GetOffer(grpc::CallbackServerContext* context,
                                                    const v1::GetOfferRequest* request,
                                                    v1::Offer* response) {
  return gate_->Unary<v1::GetOfferRequest, v1::Offer>(
      context, request, response,
      [this](const CallInfo& call, const v1::GetOfferRequest& asked, Done<v1::Offer> done) {
        stores_->offers.Get(OfferIdFrom(asked.name()), call.deadline,
                            AnswerFound<v1::Offer, OfferRecord>(asked.name(), std::move(done)));
      });
}

grpc::ServerUnaryReactor* DispatchService::ListOffers(grpc::CallbackServerContext* context,
                                                      const v1::ListOffersRequest* request,
                                                      v1::ListOffersResponse* response) {
  return gate_->Unary<v1::ListOffersRequest, v1::ListOffersResponse>(
      context, request, response,
      [this](const CallInfo& call, const v1::ListOffersRequest& asked,
             Done<v1::ListOffersResponse> done) {
        const std::string uscc = VendorId(asked.parent());
        std::vector<std::string> indexes = chassis::StateIndexes(
            asked.state(), [&](v1::OfferState state) { return OfferIndex(uscc, state); });
        AnswerPage(stores_->offers, std::move(indexes), uscc, call, asked,
                   &v1::ListOffersResponse::mutable_offers, std::move(done));
      });
}

grpc::ServerWriteReactor<v1::WatchOffersResponse>* DispatchService::WatchOffers(
    grpc::CallbackServerContext* context, const v1::WatchOffersRequest* request) {
  auto last_token = std::make_shared<LastToken>();
  return chassis::OpenWatch<v1::WatchOffersRequest, v1::WatchOffersResponse>(
      gate_, context, request, {.buffer = kWatchBuffer, .heartbeat = watch_heartbeat_},
      [this, last_token](const CallInfo&, const v1::WatchOffersRequest& asked,
                         OfferWatcher::Feed feed) {
        return OfferWatcher::Start(stores_, fanout_, VendorId(asked.parent()), asked.resume_token(),
                                   std::move(feed), last_token);
      },
      [last_token] {
        v1::WatchOffersResponse heartbeat;
        heartbeat.set_resume_token(last_token->Get());
        return heartbeat;
      });
}

grpc::ServerUnaryReactor* DispatchService::GetRound(grpc::CallbackServerContext* context,
                                                    const v1::GetRoundRequest* request,
                                                    v1::Round* response) {
  return gate_->Unary<v1::GetRoundRequest, v1::Round>(
      context, request, response,
      [this](const CallInfo& call, const v1::GetRoundRequest& asked, Done<v1::Round> done) {
        stores_->rounds.Get(RoundId(asked.name()), call.deadline,
                            AnswerFound<v1::Round, RoundRecord>(asked.name(), std::move(done)));
      });
}

grpc::ServerUnaryReactor* DispatchService::ListRounds(grpc::CallbackServerContext* context,
                                                      const v1::ListRoundsRequest* request,
                                                      v1::ListRoundsResponse* response) {
  return gate_->Unary<v1::ListRoundsRequest, v1::ListRoundsResponse>(
      context, request, response,
      [this](const CallInfo& call, const v1::ListRoundsRequest& asked,
             Done<v1::ListRoundsResponse> done) {
        if (absl::Status s = CheckListOfRounds(asked); !s.ok()) return done(s);
        // A round lies with the county in which its case began, also after a transfer.
        std::vector<std::string> indexes = chassis::StateIndexes(
            asked.state(),
            [&](v1::RoundState state) { return RoundIndex(asked.county_code(), state); });
        AnswerPage(stores_->rounds, std::move(indexes), "", call, asked,
                   &v1::ListRoundsResponse::mutable_rounds, std::move(done));
      });
}

grpc::ServerUnaryReactor* DispatchService::AssignVendor(grpc::CallbackServerContext* context,
                                                        const v1::AssignVendorRequest* request,
                                                        v1::Round* response) {
  return gate_->Unary<v1::AssignVendorRequest, v1::Round>(
      context, request, response,
      [this](const CallInfo& call, const v1::AssignVendorRequest& asked, Done<v1::Round> done) {
        Assign(call, asked, std::move(done));
      });
}

void DispatchService::Assign(const CallInfo& call, const v1::AssignVendorRequest& request,
                             Done<v1::Round> done) {
  // What is wrong with the vendor is told by the decision, so that a repeated request gets its
  // first answer whatever has become of the vendor.
  auto assign = [this, id = RoundId(request.name()), command = call.ToCommand(request),
                 done](ChosenVendor chosen) {
    stores_->rounds.Update(
        id, command,
        [this, id, chosen = std::move(chosen)](const Versioned<RoundRecord>& current) {
          return dispatch::AssignVendor(current, id, chosen, stores_->Now());
        },
        AnswerCommitted<v1::Round, RoundRecord>(done));
  };
  const std::string uscc = VendorId(request.vendor());
  stores_->vendors.Get(uscc, call.deadline,
                       [this, uscc, assign, done,
                        deadline = call.deadline](absl::StatusOr<Versioned<VendorRecord>> vendor) {
                         if (!vendor.ok()) return done(vendor.status());
                         stores_->raw()->GetCounters(
                             uscc, {CapacityCounter(uscc)}, deadline,
                             [uscc, assign, done, vendor = *std::move(vendor)](
                                 const absl::StatusOr<std::vector<int64_t>>& free) {
                               if (!free.ok()) return done(free.status());
                               assign({.uscc = uscc, .record = vendor, .free = free->front()});
                             });
                       });
}

grpc::ServerUnaryReactor* DispatchService::CloseRound(grpc::CallbackServerContext* context,
                                                      const v1::CloseRoundRequest* request,
                                                      v1::Round* response) {
  return gate_->Unary<v1::CloseRoundRequest, v1::Round>(
      context, request, response,
      [this](const CallInfo& call, const v1::CloseRoundRequest& asked, Done<v1::Round> done) {
        const std::string id = RoundId(asked.name());
        stores_->rounds.Update(
            id, call.ToCommand(asked),
            [this, id, reason = asked.reason()](const Versioned<RoundRecord>& current) {
              return dispatch::CloseRound(current, id, reason, stores_->Now());
            },
            AnswerCommitted<v1::Round, RoundRecord>(std::move(done)));
      });
}

}  // namespace fuju::dispatch
