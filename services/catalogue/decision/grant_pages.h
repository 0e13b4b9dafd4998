#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "catalogue/wiring.h"
#include "fuju/catalogue/v1/catalogue.pb.h"

namespace fuju::catalogue {

// The grants of a county by the day of their decision, page by page. Implementations are
// thread-safe.
class GrantPages {
 public:
  // Where a page begins. The first: a time, and nothing seen.
  struct Place {
    int64_t time_ms = 0;
    // Ids of that very moment, the beginning of a day, that earlier pages had; they are read again,
    // so a page costs as much more as there are.
    absl::flat_hash_set<std::string> seen;
  };
  struct Page {
    std::vector<v1::Grant> grants;
    Place next;
    bool last = false;
  };

  virtual ~GrantPages() = default;

  // Those decided from `place` until `until_ms`, inclusive, by rising day, at most `limit`. `done`
  // is called once, on any thread.
  virtual void Read(const std::string& county, Place place, int64_t until_ms, int limit,
                    absl::Time deadline, std::function<void(absl::StatusOr<Page>)> done) const = 0;

  // How many were decided in a period, both ends inclusive.
  virtual void Count(const std::string& county, int64_t from_ms, int64_t until_ms,
                     absl::Time deadline,
                     std::function<void(absl::StatusOr<int64_t>)> done) const = 0;
};

// Reads the index that GrantFootprint keeps.
class StoredGrantPages final : public GrantPages {
 public:
  // `stores` outlives this and all calls in flight.
  explicit StoredGrantPages(const CatalogueStores* stores) : stores_(stores) {}

  void Read(const std::string& county, Place place, int64_t until_ms, int limit,
            absl::Time deadline, std::function<void(absl::StatusOr<Page>)> done) const override;
  void Count(const std::string& county, int64_t from_ms, int64_t until_ms, absl::Time deadline,
             std::function<void(absl::StatusOr<int64_t>)> done) const override;

 private:
  const CatalogueStores* const stores_;
};

}  // namespace fuju::catalogue
