#include "audit/reactions.h"

#include <utility>

namespace fuju::audit {

chassis::Reactions MakeReactions(ArchiveWriter* writer) {
  chassis::Reactions reactions;
  reactions.OnAll({kSources.begin(), kSources.end()},
                  [writer](const chassis::Delivery& delivery, chassis::ReactionDone done) {
                    writer->Append({delivery.event, delivery.entry_id}, std::move(done));
                  });
  return reactions;
}

}  // namespace fuju::audit
