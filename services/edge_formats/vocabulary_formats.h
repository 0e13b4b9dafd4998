#pragma once

#include "chassis/rpc/validation.h"
#include "chassis/values/clock.h"
#include "vocabulary/region.h"

namespace fuju::edge_formats {

// Registers every format that proto/fuju/**/*.proto names in (fuju.type.v1.field).format, beside
// "request_id", "sha256" and "label", which are built in:
//   person_name, resident_id, certificate_number, phone  a person's data (domain.md 2.1, 2.2); the
//                                                        complaint never repeats the text
//   person_key        64 lower-case hex digits
//   date              YYYY-MM-DD, a day that exists
//   county_code       a reviewing office of `regions`
//   office_code       a reviewing office, a prefecture or the province of `regions`
//   item_code         one capital letter and two digits, such as M01
//   device_division   six digits of ISO 9999; device_class: two (class) or four (subclass)
//   uscc              unified social credit code, GB 32100
//   serial_number     letters, digits and . _ / -, a letter or digit at both ends
//   signature_method  handwritten, sms_code, voice, witness
//   reason_code       a code of vocabulary/review_reason.h
// An empty text is right in all of them: whether a field is required is said beside the format.
//
// `regions` and `clock` (birth dates must not lie in the future) outlive the registry and all its
// copies. The checks are pure otherwise, and thread-safe.
void RegisterVocabularyFormats(chassis::FormatRegistry& registry,
                               const vocabulary::RegionTable& regions, const chassis::Clock& clock);

}  // namespace fuju::edge_formats
