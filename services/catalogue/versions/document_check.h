#pragma once

#include "absl/strings/string_view.h"

#include "catalogue/versions/catalogue.h"
#include "catalogue/versions/document_places.h"
#include "catalogue/versions/violations.h"

namespace fuju::catalogue {

// What a document must be beyond what its cells allow. Each check adds a violation at the cell that
// has to change, and is left out where a cell that it looks at is wrong already. Pure.

// Reads each row as if it had been written into a table, so that rows from JSON are held to what
// the columns allow; what is not set gets its default.
void CheckCells(PlacedDocument& placed, Violations& violations);

// Each row by itself, and that none comes twice: the ages, the ceiling and the cap, ratios and
// fulfilment of a class, fields that count only with another one.
void CheckRows(const PlacedDocument& placed, Violations& violations);

// The policy by itself: values in their ranges, nothing named twice.
void CheckPolicy(const v1::SubsidyPolicy& policy, absl::string_view root, Violations& violations);

// What rows and policy refer to: `above` is the catalogue that the area inherits, null for the
// province, which must bring items and a policy. Shared allowances that exist, devices that an item
// has, top-ups of items that there are. An area's document must say something.
void CheckReferences(const PlacedDocument& placed, const Catalogue* above, Violations& violations);

// All of the above but CheckCells.
void CheckDocument(const PlacedDocument& placed, const Catalogue* above, Violations& violations);

}  // namespace fuju::catalogue
