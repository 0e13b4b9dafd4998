#pragma once

// The templates of aggregate_store.h; included by it alone.

namespace fuju::chassis {
namespace internal {

// DATA_LOSS for a state that does not parse.
absl::Status Unreadable(const std::string& name, int64_t version);

template <typename State>
absl::StatusOr<Versioned<State>> Parse(const std::string& name, const RawStore::Blob& blob) {
  Versioned<State> aggregate;
  aggregate.version = blob.version;
  if (!aggregate.state.ParseFromString(blob.state)) return Unreadable(name, blob.version);
  return aggregate;
}

template <typename State>
RawStore::Location Locate(const AggregateKind<State>& kind, std::string id) {
  RawStore::Location location = {
      .kind = kind.kind, .id = "", .name = kind.name(id), .route = kind.route(id)};
  location.id = std::move(id);
  return location;
}

// The typed decision as bytes. Everything that the commit does beside is told by the footprints.
// `before` gets the state that was decided on, if something is to change.
template <typename State>
absl::StatusOr<RawStore::Change> DecideBytes(const AggregateKind<State>& kind,
                                             const RawStore::Location& location,
                                             const typename AggregateStore<State>::Decide& decide,
                                             const RawStore::Blob& blob,
                                             std::optional<State>& before) {
  before.reset();
  absl::StatusOr<Versioned<State>> current = Parse<State>(location.name, blob);
  if (!current.ok()) return current.status();
  absl::StatusOr<Decision<State>> decision = decide(*current);
  if (!decision.ok()) return decision.status();
  RawStore::Change change;
  change.changed = decision->changed;
  if (!change.changed) return change;
  change.state = decision->next.SerializeAsString();
  change.facts = std::move(decision->facts);
  if (current->exists()) change.before = kind.footprint(location.id, current->state);
  change.after = kind.footprint(location.id, decision->next);
  before = std::move(current->state);
  return change;
}

}  // namespace internal

template <typename State>
void AggregateStore<State>::Update(std::string id, Command command, Decide decide,
                                   Done done) const {
  RawStore::Location location = internal::Locate(kind_, std::move(id));
  // The call may outlive this object, but not the store: the callbacks own what they use.
  auto kind = std::make_shared<const AggregateKind<State>>(kind_);
  // Of the last run of the decision; runs and the end of the call are ordered by the store.
  auto before = std::make_shared<std::optional<State>>();
  RawStore::Decide decide_bytes = [kind, location, before,
                                   decide = std::move(decide)](const RawStore::Blob& blob) {
    return internal::DecideBytes<State>(*kind, location, decide, blob, *before);
  };
  auto finish = [kind, before, done = std::move(done)](absl::StatusOr<RawStore::Outcome> outcome) {
    if (!outcome.ok()) return done(outcome.status());
    absl::StatusOr<Versioned<State>> parsed = internal::Parse<State>(
        kind->name(outcome->id),
        {.state = outcome->state, .version = outcome->version, .correlation_id = ""});
    if (!parsed.ok()) return done(parsed.status());
    if (kind->on_change && !outcome->repeated && before->has_value()) {
      kind->on_change(**before, parsed->state);
    }
    done(Committed<State>{.state = std::move(parsed->state),
                          .version = outcome->version,
                          .id = std::move(outcome->id),
                          .repeated = outcome->repeated});
  };
  store_->Update(std::move(location), std::move(command), std::move(decide_bytes),
                 std::move(finish));
}

template <typename State>
void AggregateStore<State>::Get(std::string id, absl::Time deadline,
                                std::function<void(absl::StatusOr<Versioned<State>>)> done) const {
  GetMany({std::move(id)}, deadline,
          [done = std::move(done)](absl::StatusOr<std::vector<Versioned<State>>> found) {
            if (!found.ok()) return done(found.status());
            done(std::move(found->front()));
          });
}

template <typename State>
void AggregateStore<State>::GetMany(
    std::vector<std::string> ids, absl::Time deadline,
    std::function<void(absl::StatusOr<std::vector<Versioned<State>>>)> done) const {
  std::vector<RawStore::Location> locations;
  std::vector<std::string> names;
  for (std::string& id : ids) {
    locations.push_back(internal::Locate(kind_, std::move(id)));
    names.push_back(locations.back().name);
  }
  store_->GetMany(std::move(locations), deadline,
                  [names = std::move(names),
                   done = std::move(done)](absl::StatusOr<std::vector<RawStore::Blob>> blobs) {
                    if (!blobs.ok()) return done(blobs.status());
                    std::vector<Versioned<State>> found;
                    for (size_t i = 0; i < blobs->size(); ++i) {
                      auto parsed = internal::Parse<State>(names[i], (*blobs)[i]);
                      if (!parsed.ok()) return done(parsed.status());
                      found.push_back(*std::move(parsed));
                    }
                    done(std::move(found));
                  });
}

template <typename State>
void AggregateStore<State>::List(std::string index, std::string route, std::string cursor,
                                 int limit, absl::Time deadline,
                                 std::function<void(absl::StatusOr<Page<State>>)> done) const {
  store_->ListIndex(std::move(index), std::move(route), std::move(cursor), limit, deadline,
                    [self = *this, deadline,
                     done = std::move(done)](absl::StatusOr<RawStore::IndexPage> entries) {
                      if (!entries.ok()) return done(entries.status());
                      std::vector<std::string> ids;
                      for (const IndexEntry& entry : entries->entries) ids.push_back(entry.member);
                      self.GetMany(ids, deadline,
                                   [ids, next_cursor = std::move(entries->next_cursor),
                                    done](absl::StatusOr<std::vector<Versioned<State>>> found) {
                                     if (!found.ok()) return done(found.status());
                                     Page<State> page;
                                     page.next_cursor = next_cursor;
                                     for (size_t i = 0; i < ids.size(); ++i) {
                                       page.items.push_back({ids[i], std::move((*found)[i])});
                                     }
                                     done(std::move(page));
                                   });
                    });
}

}  // namespace fuju::chassis
