#pragma once

#include "audit/archive_writer.h"
#include "chassis/streams/reactor.h"

namespace fuju::audit {

// Everything that the services publish goes into the archive; an entry is acknowledged when it is
// on disk there. `writer` outlives the consumer.
chassis::Reactions MakeReactions(ArchiveWriter* writer);

}  // namespace fuju::audit
