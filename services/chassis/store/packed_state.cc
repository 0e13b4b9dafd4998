#include "chassis/store/packed_state.h"

#include <zstd.h>

#include <cstdio>
#include <cstdlib>
#include <memory>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "chassis/store/state_dictionary.1.b64.h"

namespace fuju::chassis {
namespace {

constexpr char kFrame = '\0';
// A shorter one gains less than the header of a frame costs.
constexpr size_t kShortest = 64;
constexpr int kLevel = 1;
// More than any message that a service takes.
constexpr size_t kLongest = size_t{64} << 20;
// Dictionaries are told apart by this number in the frame; 0 is none.
constexpr unsigned kDictionaryId = 1;

struct FreeContext {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

// Digested once for the whole process; only read afterwards.
struct Dictionary {
  ZSTD_CDict* pack;
  ZSTD_DDict* unpack;
};

const Dictionary& TheDictionary() {
  static const Dictionary kDictionary = [] {
    std::string bytes;
    const bool decoded = absl::Base64Unescape(
        absl::string_view(kStateDictionary.data(), kStateDictionary.size()), &bytes);
    const Dictionary made = {.pack = ZSTD_createCDict(bytes.data(), bytes.size(), kLevel),
                             .unpack = ZSTD_createDDict(bytes.data(), bytes.size())};
    if (!decoded || made.pack == nullptr || made.unpack == nullptr ||
        ZSTD_getDictID_fromDDict(made.unpack) != kDictionaryId) {
      std::fputs("the binary's state dictionary is damaged\n", stderr);
      std::abort();
    }
    return made;
  }();
  return kDictionary;
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
                                               state.data(), state.size(), TheDictionary().pack);
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
  if (id != 0 && id != kDictionaryId) {
    return absl::DataLossError(
        absl::StrCat("a stored state needs state dictionary ", id, ", which this binary lacks"));
  }
  thread_local const std::unique_ptr<ZSTD_DCtx, FreeContext> context(ZSTD_createDCtx());
  std::string state(size, '\0');
  const size_t unpacked =
      id == 0 ? ZSTD_decompressDCtx(context.get(), state.data(), state.size(), frame, frame_size)
              : ZSTD_decompress_usingDDict(context.get(), state.data(), state.size(), frame,
                                           frame_size, TheDictionary().unpack);
  if (ZSTD_isError(unpacked) != 0 || unpacked != size) return NotPacked();
  return state;
}

}  // namespace fuju::chassis
