#include "fitting/fitting_service.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

#include "chassis/rpc/page_token.h"
#include "chassis/store/state_indexes.h"
#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"
#include "fitting/names.h"
#include "fitting/slot_search.h"
#include "vocabulary/uscc.h"

namespace fuju::fitting {
namespace {

using chassis::CallInfo;
using chassis::ToTime;
using chassis::Versioned;
using OrderDone = std::function<void(absl::StatusOr<v1::Order>)>;
using Decide = chassis::AggregateStore<storage::v1::OrderRecord>::Decide;

v1::Order ToAnswer(const OrderRecord& record, int64_t version) {
  v1::Order order = record.order();
  order.set_etag(chassis::EtagOf(version));
  return order;
}

v1::Technician ToAnswer(const TechnicianRecord& record, int64_t version) {
  v1::Technician technician = record.technician();
  technician.set_etag(chassis::EtagOf(version));
  return technician;
}

// The gate has checked the form of names; what is left is a name of something that does not exist.
std::string IdOr(const std::optional<std::string>& id) { return id.value_or(""); }

// A claim that another order holds is a taken slot; the caller asked for a time, not for cells.
absl::Status TranslateTakenSlot(const absl::Status& status) {
  return chassis::ReasonOf(status) == "CLAIM_HELD" ? SlotTaken() : status;
}

absl::Status TranslateTakenSerial(const absl::Status& status, const std::string& serial_number) {
  if (chassis::ReasonOf(status) != "CLAIM_HELD") return status;
  return chassis::Refusal(absl::StatusCode::kAlreadyExists, "SERIAL_NUMBER_TAKEN",
                          "该序列号已用于另一次交付，请核对器具铭牌",
                          "the serial number is registered for another hand-over: check the device")
      .With("serial_number", serial_number)
      .With("holder", chassis::MetadataOf(status, "holder"))
      .Build();
}

void ChangeOrder(const FittingStores& stores, const CallInfo& call,
                 const google::protobuf::Message& request, const std::string& order_id,
                 Decide decide, OrderDone done) {
  stores.orders.Update(order_id, call.ToCommand(request), std::move(decide),
                       [done = std::move(done)](auto committed) {
                         if (!committed.ok()) return done(TranslateTakenSlot(committed.status()));
                         done(ToAnswer(committed->state, committed->version));
                       });
}

// Reads the technician first, so that the decision sees the working hours.
template <typename Request>
void ChangeVisit(const FittingStores& stores, const CallInfo& call, const Request& request,
                 std::function<OrderDecision(const Versioned<OrderRecord>&, const std::string&,
                                             const VisitRequest&)>
                     decide,
                 OrderDone done) {
  const std::string technician_id = IdOr(TechnicianIdOf(request.technician()));
  stores.technicians.Get(
      technician_id, call.deadline,
      [&stores, call, request, technician_id, decide = std::move(decide),
       done = std::move(done)](auto technician) {
        if (!technician.ok()) return done(technician.status());
        VisitRequest visit{.technician_id = technician_id,
                           .technician = *std::move(technician),
                           .start = ToTime(request.start_time())};
        const std::string order_id = IdOr(OrderIdOf(request.name()));
        ChangeOrder(
            stores, call, request, order_id,
            [decide, order_id, visit = std::move(visit)](const Versioned<OrderRecord>& current) {
              return decide(current, order_id, visit);
            },
            done);
      });
}

// A technician's name is formed from the vendor's code: it has to be one, written as orders write
// it.
absl::Status CheckVendor(const std::string& parent, const char* field) {
  const std::string vendor = IdOr(VendorIdOf(parent));
  const auto uscc = vocabulary::Uscc::Parse(vendor);
  if (uscc.ok() && uscc->text() == vendor) return absl::OkStatus();
  return chassis::InvalidFields()
      .Field(field, "须为 vendors/ 加18位统一社会信用代码（字母大写）",
             "must be vendors/ and the 18 characters of a unified social credit code, in capitals")
      .Build();
}

absl::StatusOr<Interval> RangeOf(const v1::FindSlotsRequest& request, absl::Time now,
                                 absl::Duration longest) {
  Interval range;
  // A visit that starts now can not be booked any more.
  range.start = now + absl::Milliseconds(1);
  if (request.has_earliest_time()) {
    range.start = std::max(range.start, ToTime(request.earliest_time()));
  }
  range.end = request.has_latest_time() ? ToTime(request.latest_time()) : range.start + longest;
  if (range.end > range.start && range.end <= range.start + longest) return range;
  const int64_t days = absl::ToInt64Hours(longest) / 24;
  return chassis::InvalidFields()
      .Field("latest_time", absl::StrCat("须晚于现在和 earliest_time，且相距不超过", days, "天"),
             absl::StrCat("must be later than now and earliest_time, by at most ", days, " days"))
      .Build();
}

}  // namespace

FittingService::FittingService(chassis::CallGate* gate, const FittingStores* stores,
                               chassis::UniqueNames* serial_numbers, Settings settings)
    : gate_(gate),
      stores_(stores),
      serial_numbers_(serial_numbers),
      settings_(std::move(settings)) {}

grpc::ServerUnaryReactor* FittingService::RegisterTechnician(
    grpc::CallbackServerContext* context, const v1::RegisterTechnicianRequest* request,
    v1::Technician* response) {
  return gate_->Unary<v1::RegisterTechnicianRequest, v1::Technician>(
      context, request, response,
      [this](const CallInfo& call, const v1::RegisterTechnicianRequest& asked, auto done) {
        if (absl::Status s = CheckVendor(asked.parent(), "parent"); !s.ok()) return done(s);
        const std::string id =
            TechnicianId(IdOr(VendorIdOf(asked.parent())), asked.technician().staff_number());
        const auto decide = [this, id, technician = asked.technician()](
                                const Versioned<TechnicianRecord>& current) {
          return fitting::RegisterTechnician(current, id, technician, stores_->Now());
        };
        if (asked.validate_only()) {
          return stores_->technicians.Get(id, call.deadline, [decide, done](auto current) {
            if (!current.ok()) return done(current.status());
            const auto decision = decide(*current);
            if (!decision.ok()) return done(decision.status());
            done(decision->next.technician());
          });
        }
        stores_->technicians.Update(id, call.ToCommand(asked), decide, [done](auto committed) {
          if (!committed.ok()) return done(committed.status());
          done(ToAnswer(committed->state, committed->version));
        });
      });
}

grpc::ServerUnaryReactor* FittingService::GetTechnician(grpc::CallbackServerContext* context,
                                                        const v1::GetTechnicianRequest* request,
                                                        v1::Technician* response) {
  return gate_->Unary<v1::GetTechnicianRequest, v1::Technician>(
      context, request, response,
      [this](const CallInfo& call, const v1::GetTechnicianRequest& asked, auto done) {
        stores_->technicians.Get(IdOr(TechnicianIdOf(asked.name())), call.deadline,
                                 [done, name = asked.name()](auto technician) {
                                   if (!technician.ok()) return done(technician.status());
                                   if (!technician->exists()) return done(chassis::NotFound(name));
                                   done(ToAnswer(technician->state, technician->version));
                                 });
      });
}

grpc::ServerUnaryReactor* FittingService::ListTechnicians(grpc::CallbackServerContext* context,
                                                          const v1::ListTechniciansRequest* request,
                                                          v1::ListTechniciansResponse* response) {
  return gate_->Unary<v1::ListTechniciansRequest, v1::ListTechniciansResponse>(
      context, request, response,
      [this](const CallInfo& call, const v1::ListTechniciansRequest& asked, auto done) {
        const auto cursor = chassis::CursorOf(asked);
        if (!cursor.ok()) return done(cursor.status());
        const std::string vendor = IdOr(VendorIdOf(asked.parent()));
        stores_->technicians.List(
            TechnicianIndex(vendor), vendor, *cursor, chassis::PageSize(asked.page_size()),
            call.deadline, [done, asked](auto page) {
              if (!page.ok()) return done(page.status());
              v1::ListTechniciansResponse answer;
              for (const auto& item : page->items) {
                *answer.add_technicians() = ToAnswer(item.aggregate.state, item.aggregate.version);
              }
              if (!page->next_cursor.empty()) {
                answer.set_next_page_token(chassis::MakePageToken(asked, page->next_cursor));
              }
              done(std::move(answer));
            });
      });
}

grpc::ServerUnaryReactor* FittingService::FindSlots(grpc::CallbackServerContext* context,
                                                    const v1::FindSlotsRequest* request,
                                                    v1::FindSlotsResponse* response) {
  return gate_->Unary<v1::FindSlotsRequest, v1::FindSlotsResponse>(
      context, request, response,
      [this](const CallInfo& call, const v1::FindSlotsRequest& asked, auto done) {
        const absl::Time now = stores_->Now();
        auto range = RangeOf(asked, now, settings_.find_range);
        if (!range.ok()) return done(range.status());
        const OrderRules& rules = settings_.rules;
        range->end = std::min(range->end, now + rules.booking_horizon + rules.grid.visit);
        SlotQuery query{.within = *range,
                        .limit = chassis::PageSize(asked.page_size()),
                        .grid = rules.grid,
                        .deadline = call.deadline};
        const std::string order_id = IdOr(OrderIdOf(asked.order()));
        stores_->orders.Get(order_id, call.deadline,
                            [this, query = std::move(query), order_id, name = asked.order(),
                             done](auto order) mutable {
                              if (!order.ok()) return done(order.status());
                              if (!order->exists()) return done(chassis::NotFound(name));
                              query.uscc = VendorOf(order_id);
                              query.device_division = order->state.order().device_division();
                              SearchSlots(*stores_, query, done);
                            });
      });
}

grpc::ServerUnaryReactor* FittingService::BookAppointment(grpc::CallbackServerContext* context,
                                                          const v1::BookAppointmentRequest* request,
                                                          v1::Order* response) {
  return gate_->Unary<v1::BookAppointmentRequest, v1::Order>(
      context, request, response,
      [this](const CallInfo& call, const v1::BookAppointmentRequest& asked, auto done) {
        ChangeVisit(
            *stores_, call, asked,
            [this](const auto& current, const std::string& id, const VisitRequest& visit) {
              return BookVisit(current, id, visit, stores_->Now(), settings_.rules);
            },
            done);
      });
}

grpc::ServerUnaryReactor* FittingService::RescheduleAppointment(
    grpc::CallbackServerContext* context, const v1::RescheduleAppointmentRequest* request,
    v1::Order* response) {
  return gate_->Unary<v1::RescheduleAppointmentRequest, v1::Order>(
      context, request, response,
      [this](const CallInfo& call, const v1::RescheduleAppointmentRequest& asked, auto done) {
        ChangeVisit(
            *stores_, call, asked,
            [this, reason = asked.reason()](const auto& current, const std::string& id,
                                            const VisitRequest& visit) {
              return MoveVisit(current, id, visit, reason, stores_->Now(), settings_.rules);
            },
            done);
      });
}

grpc::ServerUnaryReactor* FittingService::CancelAppointment(
    grpc::CallbackServerContext* context, const v1::CancelAppointmentRequest* request,
    v1::Order* response) {
  return gate_->Unary<v1::CancelAppointmentRequest, v1::Order>(
      context, request, response,
      [this](const CallInfo& call, const v1::CancelAppointmentRequest& asked, auto done) {
        const std::string id = IdOr(OrderIdOf(asked.name()));
        ChangeOrder(
            *stores_, call, asked, id,
            [this, id, reason = asked.reason()](const auto& current) {
              return CancelVisit(current, id, reason, stores_->Now(), settings_.rules);
            },
            done);
      });
}

grpc::ServerUnaryReactor* FittingService::ReportNoShow(grpc::CallbackServerContext* context,
                                                       const v1::ReportNoShowRequest* request,
                                                       v1::Order* response) {
  return gate_->Unary<v1::ReportNoShowRequest, v1::Order>(
      context, request, response,
      [this](const CallInfo& call, const v1::ReportNoShowRequest& asked, auto done) {
        const std::string id = IdOr(OrderIdOf(asked.name()));
        ChangeOrder(
            *stores_, call, asked, id,
            [this, id, reason = asked.reason()](const auto& current) {
              return fitting::ReportNoShow(current, id, reason, stores_->Now(), settings_.rules);
            },
            done);
      });
}

grpc::ServerUnaryReactor* FittingService::CompleteOrder(grpc::CallbackServerContext* context,
                                                        const v1::CompleteOrderRequest* request,
                                                        v1::Order* response) {
  return gate_->Unary<v1::CompleteOrderRequest, v1::Order>(
      context, request, response,
      [this](const CallInfo& call, const v1::CompleteOrderRequest& asked, auto done) {
        const std::string id = IdOr(OrderIdOf(asked.name()));
        const auto decide = [this, id,
                             hand_over = asked.hand_over()](const Versioned<OrderRecord>& current) {
          return fitting::CompleteOrder(current, id, hand_over, stores_->Now(), settings_.rules);
        };
        const std::string& serial = asked.hand_over().serial_number();
        // A refused hand-over must not keep the number from the right one.
        auto claim = [this, decide, name = asked.name(), serial](
                         const Versioned<OrderRecord>& current,
                         std::function<void(absl::Status)> ready) {
          if (!decide(current).ok()) return ready(absl::OkStatus());
          serial_numbers_->Claim(SerialNumberName(serial), name,
                                 [serial, ready = std::move(ready)](const absl::Status& claimed) {
                                   ready(TranslateTakenSerial(claimed, serial));
                                 });
        };
        stores_->orders.Update(id, call.ToCommand(asked), std::move(claim), decide,
                               [done](auto committed) {
                                 if (!committed.ok()) return done(committed.status());
                                 done(ToAnswer(committed->state, committed->version));
                               });
      });
}

grpc::ServerUnaryReactor* FittingService::ReturnOrder(grpc::CallbackServerContext* context,
                                                      const v1::ReturnOrderRequest* request,
                                                      v1::Order* response) {
  return gate_->Unary<v1::ReturnOrderRequest, v1::Order>(
      context, request, response,
      [this](const CallInfo& call, const v1::ReturnOrderRequest& asked, auto done) {
        const std::string id = IdOr(OrderIdOf(asked.name()));
        ChangeOrder(
            *stores_, call, asked, id,
            [this, id, reason = asked.reason()](const auto& current) {
              return fitting::ReturnOrder(current, id, reason, stores_->Now());
            },
            done);
      });
}

grpc::ServerUnaryReactor* FittingService::GetOrder(grpc::CallbackServerContext* context,
                                                   const v1::GetOrderRequest* request,
                                                   v1::Order* response) {
  return gate_->Unary<v1::GetOrderRequest, v1::Order>(
      context, request, response,
      [this](const CallInfo& call, const v1::GetOrderRequest& asked, auto done) {
        stores_->orders.Get(IdOr(OrderIdOf(asked.name())), call.deadline,
                            [done, name = asked.name()](auto order) {
                              if (!order.ok()) return done(order.status());
                              if (!order->exists()) return done(chassis::NotFound(name));
                              done(ToAnswer(order->state, order->version));
                            });
      });
}

grpc::ServerUnaryReactor* FittingService::ListOrders(grpc::CallbackServerContext* context,
                                                     const v1::ListOrdersRequest* request,
                                                     v1::ListOrdersResponse* response) {
  return gate_->Unary<v1::ListOrdersRequest, v1::ListOrdersResponse>(
      context, request, response,
      [this](const CallInfo& call, const v1::ListOrdersRequest& asked, auto done) {
        const auto cursor = chassis::CursorOf(asked);
        if (!cursor.ok()) return done(cursor.status());
        const std::string vendor = IdOr(VendorIdOf(asked.parent()));
        std::vector<std::string> indexes = chassis::StateIndexes(
            asked.state(), [&](v1::OrderState state) { return OrderIndex(vendor, state); });
        stores_->orders.List(
            std::move(indexes), vendor, *cursor, chassis::PageSize(asked.page_size()),
            call.deadline, [done, asked](auto page) {
              if (!page.ok()) return done(page.status());
              v1::ListOrdersResponse answer;
              for (const auto& item : page->items) {
                *answer.add_orders() = ToAnswer(item.aggregate.state, item.aggregate.version);
              }
              if (!page->next_cursor.empty()) {
                answer.set_next_page_token(chassis::MakePageToken(asked, page->next_cursor));
              }
              done(std::move(answer));
            });
      });
}

}  // namespace fuju::fitting
