#include "dispatch/offer_watcher.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

#include "chassis/values/refusal.h"
#include "dispatch/names.h"
#include "dispatch/offer.h"
#include "fuju/dispatch/v1/dispatch_events.pb.h"

namespace fuju::dispatch {
namespace {

// More than a vendor can have open: Vendor.capacity is at most 10000.
constexpr int kMostOpenOffers = 20'000;
constexpr size_t kChunk = 100;
constexpr absl::Duration kReadLimit = absl::Seconds(10);
// Largest integer that a Redis score holds exactly.
constexpr int64_t kLatest = int64_t{1} << 53;

template <typename FactMessage>
bool ReadOffer(const fuju::event::v1::Event& event, v1::Offer* offer) {
  if (event.type() != FactMessage::descriptor()->full_name()) return false;
  FactMessage fact;
  if (!event.data().UnpackTo(&fact)) return false;
  *offer = fact.offer();
  return true;
}

// The offer after the change; nullopt for a fact of another kind.
std::optional<v1::Offer> OfferAfter(const fuju::event::v1::Event& event) {
  v1::Offer offer;
  const bool read =
      ReadOffer<v1::OfferOpened>(event, &offer) || ReadOffer<v1::OfferAccepted>(event, &offer) ||
      ReadOffer<v1::OfferDeclined>(event, &offer) || ReadOffer<v1::OfferExpired>(event, &offer) ||
      ReadOffer<v1::OfferUnplaced>(event, &offer) || ReadOffer<v1::OfferRevoked>(event, &offer) ||
      ReadOffer<v1::OfferFulfilled>(event, &offer);
  if (!read) return std::nullopt;
  // Each of these facts is the only one of its commit, so its version is the state's.
  offer.set_etag(chassis::EtagOf(event.aggregate_version()));
  return offer;
}

// The order in which open offers are sent: by the time of their placing, then by id, so that those
// of one moment have a place each.
auto InOrder(const chassis::IndexEntry& entry) { return std::tie(entry.score, entry.member); }

}  // namespace

void LastToken::Set(std::string token) {
  absl::MutexLock lock(&mutex_);
  token_ = std::move(token);
}

std::string LastToken::Get() const {
  absl::MutexLock lock(&mutex_);
  return token_;
}

OfferWatcher::OfferWatcher(const DispatchStores* stores, std::string uscc, WatchPosition resume,
                           Feed feed, std::shared_ptr<LastToken> last_token)
    : stores_(stores),
      uscc_(std::move(uscc)),
      subject_prefix_(absl::StrCat(VendorName(uscc_), "/offers/")),
      resume_(std::move(resume)),
      feed_(std::move(feed)),
      last_token_(std::move(last_token)) {}

std::shared_ptr<void> OfferWatcher::Start(const DispatchStores* stores, chassis::Fanout* fanout,
                                          std::string uscc, const std::string& token, Feed feed,
                                          std::shared_ptr<LastToken> last_token) {
  WatchPosition resume{.entry_id = "", .sent = WatchPosition::Sent{}};
  if (!token.empty()) {
    absl::StatusOr<WatchPosition> parsed = ParseResumeToken(uscc, token);
    if (!parsed.ok()) {
      feed->End(parsed.status());
      return nullptr;
    }
    resume = *std::move(parsed);
    last_token->Set(token);
  }
  const int partition = stores->raw()->keys().PartitionOf(uscc);
  // The watcher does not own the subscription: its last reference may go on an I/O thread, where
  // the end of a subscription must not be waited for.
  const std::shared_ptr<OfferWatcher> self(new OfferWatcher(
      stores, std::move(uscc), std::move(resume), std::move(feed), std::move(last_token)));
  return fanout->Subscribe(
      partition, self->resume_.entry_id,
      [self](const std::string& position) { self->OnStarted(position); },
      [self](const std::string& entry_id, const fuju::event::v1::Event& event) {
        self->OnEvent(entry_id, event);
      },
      [self](const absl::Status& status) { self->feed_->End(status); });
}

void OfferWatcher::OnStarted(const std::string& position) {
  {
    absl::MutexLock lock(&mutex_);
    start_ = resume_.entry_id.empty() ? position : resume_.entry_id;
  }
  CheckVendor();
}

void OfferWatcher::CheckVendor() {
  stores_->vendors.Get(uscc_, absl::Now() + kReadLimit,
                       [self = shared_from_this()](
                           absl::StatusOr<chassis::Versioned<storage::v1::VendorRecord>> vendor) {
                         if (!vendor.ok()) return self->feed_->End(vendor.status());
                         if (!vendor->exists())
                           return self->feed_->End(chassis::NotFound(VendorName(self->uscc_)));
                         if (self->resume_.sent.has_value()) return self->SendOpenOffers();
                         self->GoLive();
                       });
}

void OfferWatcher::SendOpenOffers() {
  stores_->raw()->RangeIndex(
      OfferIndex(uscc_, v1::OFFER_STATE_OPEN), uscc_, resume_.sent->score, kLatest, kMostOpenOffers,
      absl::Now() + kReadLimit,
      [self = shared_from_this()](absl::StatusOr<std::vector<chassis::IndexEntry>> entries) {
        if (!entries.ok()) return self->feed_->End(entries.status());
        auto rest = std::make_shared<std::vector<chassis::IndexEntry>>();
        for (chassis::IndexEntry& entry : *entries) {
          if (InOrder(entry) > std::tie(self->resume_.sent->score, self->resume_.sent->offer_id)) {
            rest->push_back(std::move(entry));
          }
        }
        absl::c_sort(*rest, [](const auto& a, const auto& b) { return InOrder(a) < InOrder(b); });
        self->SendChunk(std::move(rest), 0);
      });
}

void OfferWatcher::SendChunk(std::shared_ptr<const std::vector<chassis::IndexEntry>> entries,
                             size_t next) {
  if (next >= entries->size()) return EndOpenOffers();
  const size_t end = std::min(next + kChunk, entries->size());
  std::vector<std::string> ids;
  for (size_t i = next; i < end; ++i) ids.push_back((*entries)[i].member);
  stores_->offers.GetMany(
      std::move(ids), absl::Now() + kReadLimit,
      [self = shared_from_this(), entries, next,
       end](absl::StatusOr<std::vector<chassis::Versioned<storage::v1::OfferRecord>>> offers) {
        if (!offers.ok()) return self->feed_->End(offers.status());
        std::string start;
        {
          absl::MutexLock lock(&self->mutex_);
          start = self->start_;
        }
        for (size_t i = next; i < end; ++i) {
          const auto& offer = (*offers)[i - next];
          // Answered since the index was read: the change is among those put aside.
          if (offer.state.offer().state() != v1::OFFER_STATE_OPEN) continue;
          v1::WatchOffersResponse message;
          *message.mutable_offer() = offer.state.offer();
          message.mutable_offer()->set_etag(chassis::EtagOf(offer.version));
          message.set_resume_token(MakeResumeToken(
              self->uscc_,
              {.entry_id = start,
               .sent = WatchPosition::Sent{(*entries)[i].score, (*entries)[i].member}}));
          if (!self->Send(std::move(message))) return;
        }
        self->SendChunk(entries, end);
      });
}

void OfferWatcher::EndOpenOffers() {
  {
    v1::WatchOffersResponse end;
    absl::MutexLock lock(&mutex_);
    end.set_resume_token(MakeResumeToken(uscc_, {.entry_id = start_, .sent = std::nullopt}));
    aside_.insert(aside_.begin(), std::move(end));
  }
  GoLive();
}

void OfferWatcher::GoLive() {
  while (true) {
    std::vector<v1::WatchOffersResponse> aside;
    {
      absl::MutexLock lock(&mutex_);
      aside.swap(aside_);
      if (aside.empty()) {
        live_ = true;
        return;
      }
    }
    for (v1::WatchOffersResponse& message : aside) {
      if (!Send(std::move(message))) return;
    }
  }
}

void OfferWatcher::OnEvent(const std::string& entry_id, const fuju::event::v1::Event& event) {
  v1::WatchOffersResponse message;
  message.set_resume_token(MakeResumeToken(uscc_, {.entry_id = entry_id, .sent = std::nullopt}));
  std::optional<v1::Offer> offer;
  if (absl::StartsWith(event.subject(), subject_prefix_)) offer = OfferAfter(event);
  if (offer.has_value()) *message.mutable_offer() = *std::move(offer);
  {
    absl::MutexLock lock(&mutex_);
    if (!live_) {
      if (message.has_offer()) aside_.push_back(std::move(message));
      return;
    }
  }
  if (message.has_offer()) {
    Send(std::move(message));
  } else {
    // Others' events move the position too, so that a quiet vendor's token does not grow old.
    last_token_->Set(message.resume_token());
  }
}

bool OfferWatcher::Send(v1::WatchOffersResponse message) {
  const std::string token = message.resume_token();
  if (!feed_->Push(std::move(message))) return false;
  // After the push: a heartbeat must not carry a token ahead of what is queued.
  last_token_->Set(token);
  return true;
}

}  // namespace fuju::dispatch
