#include "applications/needs/file_hash.h"

#include <gtest/gtest.h>

namespace fuju::applications {
namespace {

TEST(FileHashTest, IsThatOfTheStandard) {
  EXPECT_EQ(FileHashOf("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(FileHashOf(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

// Kept after every byte, and taken up again.
TEST(FileHashTest, GoesOnFromWhereverItWasKept) {
  std::string text;
  for (int i = 0; i < 300; ++i) text += static_cast<char>('a' + i % 26);
  const std::string whole = FileHashOf(text);
  for (size_t cut = 0; cut <= text.size(); ++cut) {
    FileHash first;
    first.Add(absl::string_view(text).substr(0, cut));
    storage::v1::ReadingPosition kept;
    first.Save(kept);
    FileHash second(kept, static_cast<int64_t>(cut));
    second.Add(absl::string_view(text).substr(cut));
    EXPECT_EQ(second.Hex(), whole) << cut;
  }
  // An import that has read nothing yet.
  FileHash fresh(storage::v1::ReadingPosition(), 0);
  fresh.Add(text);
  EXPECT_EQ(fresh.Hex(), whole);
}

}  // namespace
}  // namespace fuju::applications
