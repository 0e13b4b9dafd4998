#include "chassis/store/packed_state.h"

#include <zstd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "chassis/store/hex_digests.h"
#include "chassis/store/id_words.h"
#include "chassis/store/state_dictionary.3.b64.h"

namespace fuju::chassis {
namespace {

// The first byte says how the body is kept. The body: the message, the correlation id (behind it,
// because most messages name it, too), its length in four bytes, the lowest first. As a frame, or
// as it is.
constexpr char kForm = '@';
constexpr char kCompressed = 1;
// Only of what is compressed. Digests that were taken out stand behind the frame.
constexpr char kIdWordsOut = 2;
constexpr char kDigestsOut = 4;
constexpr char kAllForms = kCompressed | kIdWordsOut | kDigestsOut;

// Every frame begins with it, so it is not kept.
constexpr std::string_view kMagicNumber = "\x28\xb5\x2f\xfd";

// A shorter one gains less than the header of a frame costs.
constexpr size_t kShortest = 64;
// The highest one that takes no longer than the first: 4 us for a state, with the dictionary.
constexpr int kLevel = 4;
// More than any message that a service takes.
constexpr size_t kLongest = size_t{64} << 20;

// All that states were ever packed with, in base64. A frame names its dictionary by the id. States
// are packed with the last one.
struct Dictionary {
  unsigned id;
  std::string_view base64;
};
constexpr std::array kDictionaries = {Dictionary{3, kStateDictionary3}};
constexpr const Dictionary& kNewest = kDictionaries.back();

struct FreeContext {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

[[noreturn]] void EndDamaged(unsigned id) {
  std::fprintf(stderr, "the binary's state dictionary %u is damaged\n", id);
  std::abort();
}

std::string BytesOf(const Dictionary& dictionary) {
  const absl::string_view base64(dictionary.base64.data(), dictionary.base64.size());
  std::string bytes;
  if (!absl::Base64Unescape(base64, &bytes)) EndDamaged(dictionary.id);
  return bytes;
}

// Digested once for the whole process; only read afterwards.
const ZSTD_CDict* PackDictionary() {
  static const ZSTD_CDict* const kDictionary = [] {
    const std::string bytes = BytesOf(kNewest);
    const ZSTD_CDict* made = ZSTD_createCDict(bytes.data(), bytes.size(), kLevel);
    if (made == nullptr || ZSTD_getDictID_fromCDict(made) != kNewest.id) EndDamaged(kNewest.id);
    return made;
  }();
  return kDictionary;
}

// Null if there is none of this id.
const ZSTD_DDict* UnpackDictionary(unsigned id) {
  static const auto kMade = [] {
    std::array<const ZSTD_DDict*, kDictionaries.size()> made{};
    std::transform(kDictionaries.begin(), kDictionaries.end(), made.begin(),
                   [](const Dictionary& dictionary) {
                     const std::string bytes = BytesOf(dictionary);
                     const ZSTD_DDict* one = ZSTD_createDDict(bytes.data(), bytes.size());
                     if (one == nullptr || ZSTD_getDictID_fromDDict(one) != dictionary.id) {
                       EndDamaged(dictionary.id);
                     }
                     return one;
                   });
    return made;
  }();
  const auto found =
      std::find_if(kDictionaries.begin(), kDictionaries.end(),
                   [id](const Dictionary& dictionary) { return dictionary.id == id; });
  return found == kDictionaries.end() ? nullptr : kMade[found - kDictionaries.begin()];
}

absl::Status NotPacked() { return absl::DataLossError("a stored state can not be unpacked"); }

std::string Join(const RawStore::Blob& blob) {
  std::string body;
  body.reserve(blob.state.size() + blob.correlation_id.size() + sizeof(uint32_t));
  body.append(blob.state).append(blob.correlation_id);
  for (size_t i = 0; i < sizeof(uint32_t); ++i) {
    body.push_back(static_cast<char>(blob.correlation_id.size() >> (8 * i)));
  }
  return body;
}

absl::StatusOr<RawStore::Blob> Divide(std::string body) {
  if (body.size() < sizeof(uint32_t)) return NotPacked();
  const size_t end = body.size() - sizeof(uint32_t);
  size_t length = 0;
  for (size_t i = 0; i < sizeof(uint32_t); ++i) {
    length |= size_t{static_cast<unsigned char>(body[end + i])} << (8 * i);
  }
  if (length > end) return NotPacked();
  RawStore::Blob blob;
  blob.correlation_id = body.substr(end - length, length);
  body.resize(end - length);
  blob.state = std::move(body);
  return blob;
}

// What is compressed, and what was taken out of it.
struct Parts {
  std::string body;
  std::string digests;
  char forms = 0;
};
Parts Take(const RawStore::Blob& blob, std::string_view id) {
  Parts parts;
  parts.body = Join(blob);
  if (TakeOutIdWords(id, parts.body)) parts.forms |= kIdWordsOut;
  parts.digests = TakeOutHexDigests(parts.body);
  if (!parts.digests.empty()) parts.forms |= kDigestsOut;
  return parts;
}

// A frame without its magic number; none where that is not shorter.
std::optional<std::string_view> Compress(const std::string& body, std::string& frame) {
  if (body.size() < kShortest) return std::nullopt;
  // To make a context anew takes longer than to use it.
  thread_local const std::unique_ptr<ZSTD_CCtx, FreeContext> context(ZSTD_createCCtx());
  frame.resize(ZSTD_compressBound(body.size()));
  const size_t size = ZSTD_compress_usingCDict(context.get(), frame.data(), frame.size(),
                                               body.data(), body.size(), PackDictionary());
  if (ZSTD_isError(size) != 0 || size >= body.size()) return std::nullopt;
  return std::string_view(frame).substr(0, size).substr(kMagicNumber.size());
}

// Of a frame without its magic number, and whatever stands behind it: that is put into `rest`.
absl::StatusOr<std::string> Decompress(std::string_view without_magic, std::string& rest) {
  std::string frame = std::string(kMagicNumber).append(without_magic);
  const size_t length = ZSTD_findFrameCompressedSize(frame.data(), frame.size());
  if (ZSTD_isError(length) != 0) return NotPacked();
  rest = frame.substr(length);
  frame.resize(length);
  const unsigned long long size = ZSTD_getFrameContentSize(frame.data(), frame.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > kLongest) {
    return NotPacked();
  }
  const unsigned id = ZSTD_getDictID_fromFrame(frame.data(), frame.size());
  const ZSTD_DDict* const dictionary = UnpackDictionary(id);
  if (dictionary == nullptr) {
    return absl::DataLossError(
        absl::StrCat("a stored state needs state dictionary ", id, ", which this binary lacks"));
  }
  thread_local const std::unique_ptr<ZSTD_DCtx, FreeContext> context(ZSTD_createDCtx());
  std::string body(size, '\0');
  const size_t unpacked = ZSTD_decompress_usingDDict(context.get(), body.data(), body.size(),
                                                     frame.data(), frame.size(), dictionary);
  if (ZSTD_isError(unpacked) != 0 || unpacked != size) return NotPacked();
  return body;
}

}  // namespace

std::string BodyOf(const RawStore::Blob& blob, std::string_view id) { return Take(blob, id).body; }

std::string PackState(const RawStore::Blob& blob, std::string_view id) {
  const Parts parts = Take(blob, id);
  thread_local std::string room;
  const std::optional<std::string_view> frame = Compress(parts.body, room);
  if (!frame.has_value()) return PackPlainly(blob);
  const auto form = static_cast<char>(kForm | kCompressed | parts.forms);
  return std::string(1, form).append(*frame).append(parts.digests);
}

std::string PackPlainly(const RawStore::Blob& blob) {
  return std::string(1, kForm).append(Join(blob));
}

absl::StatusOr<RawStore::Blob> UnpackState(std::string_view packed, std::string_view id) {
  if (packed.empty()) return RawStore::Blob();
  const char form = packed[0];
  packed.remove_prefix(1);
  if (form == kForm) return Divide(std::string(packed));
  if ((form & ~kAllForms) != kForm || (form & kCompressed) == 0) return NotPacked();
  std::string digests;
  absl::StatusOr<std::string> body = Decompress(packed, digests);
  if (!body.ok()) return body.status();
  if (!digests.empty() && (form & kDigestsOut) == 0) return NotPacked();
  if ((form & kDigestsOut) != 0 && !PutBackHexDigests(digests, *body)) return NotPacked();
  if ((form & kIdWordsOut) != 0) PutBackIdWords(id, *body);
  return Divide(*std::move(body));
}

}  // namespace fuju::chassis
