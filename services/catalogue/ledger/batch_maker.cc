#include "catalogue/ledger/batch_maker.h"

#include <utility>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_set.h"

#include "catalogue/grant.h"
#include "chassis/values/refusal.h"

namespace fuju::catalogue {
namespace {

// Behind every moment.
constexpr int64_t kLatest = int64_t{1} << 53;
// Grants and open batches that are looked at for one batch: more than any county owes at a time.
constexpr int kMostPayable = 20000;
constexpr int kMostOpen = 200;

absl::Status TakenMeanwhile() {
  return chassis::Refusal(absl::StatusCode::kAborted, "VERSION_CONFLICT",
                          "其他人刚为部分应付款生成了支付批次，请重试",
                          "somebody else has just made a batch of some of them: try again");
}

}  // namespace

void BatchMaker::Make(const std::string& id, const BatchOrder& order, chassis::Command command,
                      Done done) const {
  FindPayable(
      order, command.deadline,
      [this, id, order, command,
       done = std::move(done)](absl::StatusOr<std::vector<v1::Grant>> grants) {
        if (!grants.ok()) return done(grants.status());
        stores_->batches.Update(
            id, command,
            [id, year = order.year, grants = *std::move(grants), now = stores_->Now()](
                const CurrentBatch& current) { return NewBatch(current, id, year, grants, now); },
            [done](absl::StatusOr<chassis::Committed<storage::v1::PaymentBatchRecord>> made) {
              if (chassis::ReasonOf(made.status()) == "CLAIM_HELD") return done(TakenMeanwhile());
              done(std::move(made));
            });
      });
}

void BatchMaker::FindPayable(const BatchOrder& order, absl::Time deadline, Grants done) const {
  stores_->raw()->RangeIndex(
      PayableIndex(order.area), order.area, 0, kLatest, kMostPayable, deadline,
      [this, order, deadline,
       done = std::move(done)](absl::StatusOr<std::vector<chassis::IndexEntry>> entries) {
        if (!entries.ok()) return done(entries.status());
        std::vector<std::string> ids;
        for (const chassis::IndexEntry& entry : *entries) ids.push_back(entry.member);
        LeaveOutOpen(order, deadline, std::move(ids), done);
      });
}

void BatchMaker::LeaveOutOpen(const BatchOrder& order, absl::Time deadline,
                              std::vector<std::string> ids, Grants done) const {
  stores_->batches.List(
      OpenBatchIndex(order.area), order.area, "", kMostOpen, deadline,
      [this, order, deadline, ids = std::move(ids), done = std::move(done)](
          absl::StatusOr<chassis::Page<storage::v1::PaymentBatchRecord>> open) mutable {
        if (!open.ok()) return done(open.status());
        absl::flat_hash_set<std::string> taken;
        for (const auto& item : open->items) {
          for (const v1::PaymentLine& line : item.aggregate.state.payment_batch().lines())
            taken.insert(line.grant());
        }
        std::erase_if(ids, [&](const std::string& id) { return taken.contains(GrantName(id)); });
        stores_->grants.GetMany(
            std::move(ids), deadline,
            [order, done](absl::StatusOr<std::vector<chassis::Versioned<v1::Grant>>> grants) {
              if (!grants.ok()) return done(grants.status());
              std::vector<v1::Grant> payable;
              for (auto& grant : *grants) {
                if (static_cast<int>(payable.size()) == order.limit) break;
                if (IsPayable(grant.state, order.year, order.vendor))
                  payable.push_back(std::move(grant.state));
              }
              done(std::move(payable));
            });
      });
}

}  // namespace fuju::catalogue
