#include "catalogue/versions/item_filter.h"

#include <vector>

#include <gtest/gtest.h>

#include "version_examples.h"

namespace fuju::catalogue {
namespace {

struct Asked {
  ItemFilter filter;
  bool wanted;
};

// FullItem: M01 普通轮椅 / Standard manual wheelchair, 122203, categories 4 and 7, home
// modification, rental.
TEST(ItemFilterTest, WantsWhatFitsAllFilters) {
  for (const Asked& asked :
       std::vector<Asked>{{{}, true},
                          {{.kind = v1::ITEM_KIND_HOME_MODIFICATION}, true},
                          {{.kind = v1::ITEM_KIND_ASSISTIVE_DEVICE}, false},
                          {{.category = type::v1::DISABILITY_CATEGORY_MULTIPLE}, true},
                          {{.category = type::v1::DISABILITY_CATEGORY_VISUAL}, false},
                          {{.item_class = v1::ITEM_CLASS_RENTAL}, true},
                          {{.item_class = v1::ITEM_CLASS_FREE}, false},
                          {{.text = "轮椅"}, true},
                          {{.text = "MANUAL"}, true},
                          {{.text = "m01"}, true},
                          {{.text = "1222"}, true},
                          {{.text = "2203"}, false},
                          {{.text = "假肢"}, false},
                          {{.kind = v1::ITEM_KIND_HOME_MODIFICATION, .text = "假肢"}, false}}) {
    EXPECT_EQ(asked.filter.Wants(FullItem()), asked.wanted) << asked.filter.text;
  }
}

}  // namespace
}  // namespace fuju::catalogue
