#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

#include "chassis/store/raw_store.h"

namespace fuju::chassis {

// How an aggregate's state is kept in Redis, in one field of its hash: the message and the case
// that it belongs to, compressed by zstd with a dictionary of what the states of the house have in
// common, and without the long words of the aggregate's id (id_words.h) and digests
// (hex_digests.h): services/adr/0011-a-dictionary-for-states.md. All of it is pure and thread-safe.
// `id` is the aggregate's; the version of a blob takes no part.
std::string PackState(const RawStore::Blob& blob, std::string_view id);
// The same without any compression, for less work.
std::string PackPlainly(const RawStore::Blob& blob);
// What PackState compresses, as material for a dictionary.
std::string BodyOf(const RawStore::Blob& blob, std::string_view id);

// Of what either made; of nothing, as an aggregate has that does not exist, nothing. DATA_LOSS if
// it is none of them, or was packed with a dictionary that this binary lacks.
absl::StatusOr<RawStore::Blob> UnpackState(std::string_view packed, std::string_view id);

}  // namespace fuju::chassis
