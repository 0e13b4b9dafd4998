#pragma once

// The templates of aggregate_store.h; included by it alone.

namespace fuju::chassis {
namespace internal {

// DATA_LOSS for a state that does not parse.
absl::Status Unreadable(const std::string& name, int64_t version);

template <typename State>
absl::StatusOr<Versioned<State>> Parse(const std::string& name, const std::string& state,
                                       int64_t version) {
  Versioned<State> aggregate;
  aggregate.version = version;
  if (!aggregate.state.ParseFromString(state)) return Unreadable(name, version);
  return aggregate;
}

template <typename State>
RawStore::Location Locate(const AggregateKind<State>& kind, std::string id) {
  RawStore::Location location = {
      .kind = kind.kind, .id = "", .name = kind.name(id), .route = kind.route(id)};
  location.id = std::move(id);
  return location;
}

// The last run of a decision. Runs, and the end of the call, are ordered by the store.
template <typename State>
struct DecisionRun {
  Versioned<State> current;
  // What is to be committed.
  State next;
};

// The typed decision as bytes. Everything that the commit does beside is told by the footprints.
template <typename State>
absl::StatusOr<RawStore::Change> DecideBytes(const AggregateKind<State>& kind,
                                             const RawStore::Location& location,
                                             const typename AggregateStore<State>::Decide& decide,
                                             DecisionRun<State>& run) {
  absl::StatusOr<Decision<State>> decision = decide(run.current);
  if (!decision.ok()) return decision.status();
  RawStore::Change change;
  change.changed = decision->changed;
  if (!change.changed) return change;
  run.next = std::move(decision->next);
  change.state = run.next.SerializeAsString();
  change.facts = std::move(decision->facts);
  change.unclaimed = std::move(decision->unclaimed);
  change.zero_counters = std::move(decision->zero_counters);
  if (run.current.exists()) change.before = kind.footprint(location.id, run.current.state);
  change.after = kind.footprint(location.id, run.next);
  return change;
}

}  // namespace internal

template <typename State>
void AggregateStore<State>::Update(std::string id, Command command, Decide decide,
                                   Done done) const {
  Update(std::move(id), std::move(command), nullptr, std::move(decide), std::move(done));
}

template <typename State>
void AggregateStore<State>::Update(std::string id, Command command, Prepare prepare, Decide decide,
                                   Done done) const {
  // The call may outlive this object, but not the store: the callbacks own what they use.
  struct Call {
    std::shared_ptr<const AggregateKind<State>> kind;
    RawStore::Location location;
    Prepare prepare;
    Decide decide;
    Done done;
    internal::DecisionRun<State> run;
  };
  auto call = std::make_shared<Call>(Call{.kind = kind_,
                                          .location = internal::Locate(*kind_, std::move(id)),
                                          .prepare = std::move(prepare),
                                          .decide = std::move(decide),
                                          .done = std::move(done),
                                          .run = {}});
  RawStore::Decide decide_bytes = [call](const RawStore::Blob& blob, RawStore::Decided decided) {
    absl::StatusOr<Versioned<State>> current =
        internal::Parse<State>(call->location.name, blob.state, blob.version);
    if (!current.ok()) return decided(current.status());
    call->run.current = *std::move(current);
    if (call->prepare == nullptr) {
      return decided(internal::DecideBytes(*call->kind, call->location, call->decide, call->run));
    }
    call->prepare(call->run.current, [call, decided = std::move(decided)](absl::Status ready) {
      if (!ready.ok()) return decided(std::move(ready));
      decided(internal::DecideBytes(*call->kind, call->location, call->decide, call->run));
    });
  };
  auto finish = [call](absl::StatusOr<RawStore::Outcome> outcome) {
    if (!outcome.ok()) return call->done(outcome.status());
    Committed<State> committed{.state = {},
                               .version = outcome->version,
                               .id = std::move(outcome->id),
                               .repeated = outcome->repeated};
    if (outcome->decided) {
      if (call->kind->on_change) call->kind->on_change(call->run.current.state, call->run.next);
      committed.state = std::move(call->run.next);
      return call->done(std::move(committed));
    }
    absl::StatusOr<Versioned<State>> parsed =
        internal::Parse<State>(call->kind->name(committed.id), outcome->state, outcome->version);
    if (!parsed.ok()) return call->done(parsed.status());
    committed.state = std::move(parsed->state);
    call->done(std::move(committed));
  };
  RawStore::Location location = call->location;
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
    locations.push_back(internal::Locate(*kind_, std::move(id)));
    names.push_back(locations.back().name);
  }
  store_->GetMany(std::move(locations), deadline,
                  [names = std::move(names),
                   done = std::move(done)](absl::StatusOr<std::vector<RawStore::Blob>> blobs) {
                    if (!blobs.ok()) return done(blobs.status());
                    std::vector<Versioned<State>> found;
                    for (size_t i = 0; i < blobs->size(); ++i) {
                      auto parsed =
                          internal::Parse<State>(names[i], (*blobs)[i].state, (*blobs)[i].version);
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
  List(std::vector<std::string>{std::move(index)}, std::move(route), std::move(cursor), limit,
       deadline, std::move(done));
}

template <typename State>
void AggregateStore<State>::List(std::vector<std::string> indexes, std::string route,
                                 std::string cursor, int limit, absl::Time deadline,
                                 std::function<void(absl::StatusOr<Page<State>>)> done) const {
  store_->ListIndexes(std::move(indexes), std::move(route), std::move(cursor), limit, deadline,
                      [self = *this, deadline,
                       done = std::move(done)](absl::StatusOr<RawStore::IndexPage> entries) {
                        if (!entries.ok()) return done(entries.status());
                        std::vector<std::string> ids;
                        for (const IndexEntry& entry : entries->entries)
                          ids.push_back(entry.member);
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
