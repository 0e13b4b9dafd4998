#ifndef FUJU_VOCABULARY_DISABILITY_CERTIFICATE_H_
#define FUJU_VOCABULARY_DISABILITY_CERTIFICATE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

#include "vocabulary/resident_id.h"

namespace fuju::vocabulary {

// Category of a certificate, GB/T 26341-2010. The number is the digit in the certificate number and
// the number of fuju.type.v1.DisabilityCategory.
enum class DisabilityCategory {
  kVisual = 1,
  kHearing = 2,
  kSpeech = 3,
  kPhysical = 4,
  kIntellectual = 5,
  kPsychiatric = 6,
  kMultiple = 7,
};

// "肢体" and "physical".
absl::string_view CategoryZh(DisabilityCategory category);
absl::string_view CategoryEn(DisabilityCategory category);

// A disability certificate number (残疾人证号): resident id, category digit, grade digit, and from
// the first re-issue on B1..B9. A person's number changes with category and grade, so it identifies
// a certificate and never a person. Its text is personal data: no error message repeats it.
class DisabilityCertificate {
 public:
  // Accepts 20 or 22 characters, lower-case x and b too. INVALID_ARGUMENT names the part that is
  // wrong; the resident id inside is checked as ResidentId::Parse does. Whether the registry knows
  // the certificate and agrees on category and grade is for the caller to find out.
  static absl::StatusOr<DisabilityCertificate> Parse(absl::string_view text, absl::CivilDay today);

  // The normalised 20 or 22 characters, in clear.
  const std::string& text() const { return text_; }

  const ResidentId& resident_id() const { return resident_id_; }
  DisabilityCategory category() const { return category_; }

  // 1 (heaviest) to 4; for kMultiple the heaviest of the grades.
  int grade() const { return grade_; }

  // 0 for a first issue, n for suffix Bn.
  int reissue() const { return reissue_; }

  // Grade 1 or 2 (重度).
  bool IsSevere() const { return grade_ <= 2; }

  bool BelongsTo(const ResidentId& person) const { return resident_id_ == person; }

  // "肢体三级" and "physical, grade 3".
  std::string DescriptionZh() const;
  std::string DescriptionEn() const;

  // First four and last four characters, as MaskResidentId.
  std::string Masked() const;

 private:
  DisabilityCertificate(std::string text, ResidentId resident_id, DisabilityCategory category,
                        int grade, int reissue);

  std::string text_;
  ResidentId resident_id_;
  DisabilityCategory category_;
  int grade_;
  int reissue_;
};

}  // namespace fuju::vocabulary

#endif  // FUJU_VOCABULARY_DISABILITY_CERTIFICATE_H_
