#include "chassis/store/packed_state.h"

#include <zstd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "chassis/store/state_dictionary.1.b64.h"
#include "chassis/store/state_dictionary.2.b64.h"

namespace fuju::chassis {
namespace {

constexpr char kFrame = '\0';
// A shorter one gains less than the header of a frame costs.
constexpr size_t kShortest = 64;
// The highest one that takes no longer than the first: 4 us for a state, with the dictionary.
constexpr int kLevel = 4;
// More than any message that a service takes.
constexpr size_t kLongest = size_t{64} << 20;
// All that states were ever packed with, in base64. A frame names its dictionary by the place here;
// 0 is none. States are packed with the last one.
constexpr std::array<std::string_view, 3> kDictionaries = {"", kStateDictionary1,
                                                           kStateDictionary2};
constexpr unsigned kNewest = kDictionaries.size() - 1;

struct FreeContext {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

[[noreturn]] void EndDamaged(unsigned id) {
  std::fprintf(stderr, "the binary's state dictionary %u is damaged\n", id);
  std::abort();
}

std::string BytesOf(unsigned id) {
  const std::string_view text = kDictionaries[id];
  std::string bytes;
  if (!absl::Base64Unescape(absl::string_view(text.data(), text.size()), &bytes)) EndDamaged(id);
  return bytes;
}

// Digested once for the whole process; only read afterwards.
const ZSTD_CDict* PackDictionary() {
  static const ZSTD_CDict* const kDictionary = [] {
    const std::string bytes = BytesOf(kNewest);
    const ZSTD_CDict* made = ZSTD_createCDict(bytes.data(), bytes.size(), kLevel);
    if (made == nullptr || ZSTD_getDictID_fromCDict(made) != kNewest) EndDamaged(kNewest);
    return made;
  }();
  return kDictionary;
}

// `id` is of kDictionaries, and not 0.
const ZSTD_DDict* UnpackDictionary(unsigned id) {
  static const auto kMade = [] {
    std::array<const ZSTD_DDict*, kDictionaries.size()> made{};
    for (unsigned i = 1; i < made.size(); ++i) {
      const std::string bytes = BytesOf(i);
      made[i] = ZSTD_createDDict(bytes.data(), bytes.size());
      if (made[i] == nullptr || ZSTD_getDictID_fromDDict(made[i]) != i) EndDamaged(i);
    }
    return made;
  }();
  return kMade[id];
}

absl::Status NotPacked() { return absl::DataLossError("a stored state can not be unpacked"); }

}  // namespace

std::string PackState(const std::string& state) {
  if (state.size() < kShortest) return state;
  // To make a context anew takes longer than to use it.
  thread_local const std::unique_ptr<ZSTD_CCtx, FreeContext> context(ZSTD_createCCtx());
  thread_local std::string frame;
  frame.resize(1 + ZSTD_compressBound(state.size()));
  frame[0] = kFrame;
  const size_t size = ZSTD_compress_usingCDict(context.get(), frame.data() + 1, frame.size() - 1,
                                               state.data(), state.size(), PackDictionary());
  if (ZSTD_isError(size) != 0 || size + 1 >= state.size()) return state;
  return frame.substr(0, 1 + size);
}

absl::StatusOr<std::string> UnpackState(const std::string& packed) {
  if (packed.empty() || packed[0] != kFrame) return packed;
  const char* const frame = packed.data() + 1;
  const size_t frame_size = packed.size() - 1;
  const unsigned long long size = ZSTD_getFrameContentSize(frame, frame_size);
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > kLongest) {
    return NotPacked();
  }
  const unsigned id = ZSTD_getDictID_fromFrame(frame, frame_size);
  if (id > kNewest) {
    return absl::DataLossError(
        absl::StrCat("a stored state needs state dictionary ", id, ", which this binary lacks"));
  }
  thread_local const std::unique_ptr<ZSTD_DCtx, FreeContext> context(ZSTD_createDCtx());
  std::string state(size, '\0');
  const size_t unpacked =
      id == 0 ? ZSTD_decompressDCtx(context.get(), state.data(), state.size(), frame, frame_size)
              : ZSTD_decompress_usingDDict(context.get(), state.data(), state.size(), frame,
                                           frame_size, UnpackDictionary(id));
  if (ZSTD_isError(unpacked) != 0 || unpacked != size) return NotPacked();
  return state;
}

}  // namespace fuju::chassis
