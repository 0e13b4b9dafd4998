#include "applications/contact_preference.h"

#include "vocabulary/person_name.h"
#include "vocabulary/phone.h"

namespace fuju::applications {
namespace {

// `value` is what was parsed of a field, which gets its normal form.
template <typename Value>
void Normalise(const absl::StatusOr<Value>& value, absl::string_view path, std::string* field,
               const Complain& complain) {
  if (value.ok()) {
    *field = value->text();
  } else {
    complain(path, value.status());
  }
}

// A landline takes no text message.
bool IsMobile(const std::string& number) {
  const auto phone = vocabulary::Phone::Parse(number);
  return phone.ok() && phone->kind() == vocabulary::Phone::Kind::kMobile;
}

}  // namespace

void NormaliseContact(v1::ContactPreference& contact, const Complain& complain) {
  if (!contact.helper_name().empty()) {
    Normalise(vocabulary::PersonName::Parse(contact.helper_name()), "contact.helper_name",
              contact.mutable_helper_name(), complain);
  }
  if (!contact.helper_phone().empty()) {
    Normalise(vocabulary::Phone::Parse(contact.helper_phone()), "contact.helper_phone",
              contact.mutable_helper_phone(), complain);
  }
}

void MaskContact(v1::ContactPreference& contact) {
  if (!contact.helper_name().empty()) {
    contact.set_helper_name(vocabulary::MaskPersonName(contact.helper_name()));
  }
  if (!contact.helper_phone().empty()) {
    contact.set_helper_phone(vocabulary::MaskPhone(contact.helper_phone()));
  }
}

v1::ContactChannel ChannelFor(const v1::Applicant& applicant) {
  const auto else_helper = [&applicant](bool served, v1::ContactChannel chosen) {
    if (served) return chosen;
    return HelperPhoneFor(applicant).empty() ? v1::CONTACT_CHANNEL_LETTER
                                             : v1::CONTACT_CHANNEL_HELPER;
  };
  switch (applicant.contact().channel()) {
    case v1::CONTACT_CHANNEL_NONE:
      return v1::CONTACT_CHANNEL_NONE;
    case v1::CONTACT_CHANNEL_VOICE_CALL:
      return else_helper(!applicant.phone().empty(), v1::CONTACT_CHANNEL_VOICE_CALL);
    case v1::CONTACT_CHANNEL_HELPER:
      return else_helper(false, v1::CONTACT_CHANNEL_HELPER);
    case v1::CONTACT_CHANNEL_UNSPECIFIED:
    case v1::CONTACT_CHANNEL_SMS:
      return else_helper(IsMobile(applicant.phone()), v1::CONTACT_CHANNEL_SMS);
    default:
      return v1::CONTACT_CHANNEL_LETTER;
  }
}

std::string HelperPhoneFor(const v1::Applicant& applicant) {
  if (!applicant.contact().helper_phone().empty()) return applicant.contact().helper_phone();
  for (const v1::Relation relation : {v1::RELATION_GUARDIAN, v1::RELATION_AGENT}) {
    for (const v1::Representative& representative : applicant.representatives()) {
      if (representative.relation() == relation && IsMobile(representative.phone())) {
        return representative.phone();
      }
    }
  }
  return "";
}

std::string LanguageFor(const v1::Applicant& applicant) {
  const std::string& language = applicant.contact().language();
  return language.empty() ? "zh" : language;
}

}  // namespace fuju::applications
