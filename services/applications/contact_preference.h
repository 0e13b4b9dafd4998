#pragma once

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "fuju/applications/v1/application.pb.h"

namespace fuju::applications {

// How an applicant is told, as the person chose and as it can be done. Pure.

// Takes a field below the applicant, and what is wrong with it in both languages.
using Complain = std::function<void(absl::string_view field, const absl::Status& why)>;

// Writes the helper's data in its normal form, and complains of what is wrong.
void NormaliseContact(v1::ContactPreference& contact, const Complain& complain);

// Masks whom the preference names, for answers.
void MaskContact(v1::ContactPreference& contact);

// The channel that is used: the chosen one if its number is there; else, unless a letter was
// chosen, a text message to who helps; else a letter. A choice that was not made is a text message.
// Never UNSPECIFIED.
v1::ContactChannel ChannelFor(const v1::Applicant& applicant);

// The phone of who passes news on: the helper that the person named, else the guardian, else the
// entrusted agent; of the last two a mobile only. Empty if there is none.
std::string HelperPhoneFor(const v1::Applicant& applicant);

// "zh" if none was chosen.
std::string LanguageFor(const v1::Applicant& applicant);

}  // namespace fuju::applications
