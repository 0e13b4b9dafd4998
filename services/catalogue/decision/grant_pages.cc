#include "catalogue/decision/grant_pages.h"

#include <utility>

#include "catalogue/grant.h"

namespace fuju::catalogue {
namespace {

using chassis::IndexEntry;

// Where to go on behind the entries; what was seen of their last millisecond goes along.
GrantPages::Place PlaceBehind(const std::vector<IndexEntry>& entries, GrantPages::Place before) {
  if (entries.empty()) return before;
  GrantPages::Place place;
  place.time_ms = entries.back().score;
  if (place.time_ms == before.time_ms) place.seen = std::move(before.seen);
  for (const IndexEntry& entry : entries) {
    if (entry.score == place.time_ms) place.seen.insert(entry.member);
  }
  return place;
}

}  // namespace

void StoredGrantPages::Read(const std::string& county, Place place, int64_t until_ms, int limit,
                            absl::Time deadline,
                            std::function<void(absl::StatusOr<Page>)> done) const {
  const int wanted = limit + static_cast<int>(place.seen.size());
  const int64_t from_ms = place.time_ms;
  stores_->raw()->RangeIndex(
      GrantIndex(county), county, from_ms, until_ms, wanted, deadline,
      [this, place = std::move(place), wanted, deadline,
       done = std::move(done)](absl::StatusOr<std::vector<IndexEntry>> entries) {
        if (!entries.ok()) return done(entries.status());
        std::vector<std::string> ids;
        for (const IndexEntry& entry : *entries) {
          if (!place.seen.contains(entry.member)) ids.push_back(entry.member);
        }
        Page page;
        page.last = static_cast<int>(entries->size()) < wanted;
        page.next = PlaceBehind(*entries, place);
        if (ids.empty()) return done(std::move(page));
        stores_->grants.GetMany(
            std::move(ids), deadline,
            [page = std::move(page),
             done](absl::StatusOr<std::vector<chassis::Versioned<v1::Grant>>> grants) mutable {
              if (!grants.ok()) return done(grants.status());
              for (chassis::Versioned<v1::Grant>& grant : *grants) {
                if (grant.exists()) page.grants.push_back(std::move(grant.state));
              }
              done(std::move(page));
            });
      });
}

void StoredGrantPages::Count(const std::string& county, int64_t from_ms, int64_t until_ms,
                             absl::Time deadline,
                             std::function<void(absl::StatusOr<int64_t>)> done) const {
  stores_->raw()->CountIndexes(
      {{GrantIndex(county), from_ms, until_ms}}, deadline,
      [done = std::move(done)](absl::StatusOr<std::vector<int64_t>> counts) {
        if (!counts.ok()) return done(counts.status());
        done(counts->front());
      });
}

}  // namespace fuju::catalogue
