#pragma once

#include "fuju/catalogue/v1/catalogue_diff.pb.h"
#include "fuju/catalogue/v1/catalogue_document.pb.h"

namespace fuju::catalogue {

// How `after` differs from `before`, each difference as a sentence in two languages and as the
// cells of the file: policy first, then items, then top-ups, by code; of a row in the order of its
// columns. The names of the versions are left to the caller. Pure.
v1::CatalogueDiff DiffDocuments(const v1::CatalogueDocument& before,
                                const v1::CatalogueDocument& after);

}  // namespace fuju::catalogue
