#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include <google/protobuf/message.h>
#include <soci/blob.h>

#include "fuju/event/v1/event.pb.h"

namespace fuju::audit {

// OK if an event can be archived: it has an id "<subject>@<version>", a type, a source and a
// version. INVALID_ARGUMENT names what is wrong.
absl::Status CheckEnvelope(const event::v1::Event& event);

// The fact in an event; null if this program does not know its type or the bytes are none. Such an
// event is archived all the same.
std::unique_ptr<google::protobuf::Message> UnpackFact(const event::v1::Event& event);

// The field of this name and type in a fact, such as its application; null if it has none.
template <typename Field>
const Field* FieldOf(const google::protobuf::Message& fact, const std::string& name) {
  const auto* field = fact.GetDescriptor()->FindFieldByName(name);
  if (field == nullptr || field->is_repeated() || field->message_type() != Field::descriptor()) {
    return nullptr;
  }
  if (!fact.GetReflection()->HasField(fact, field)) return nullptr;
  return &static_cast<const Field&>(fact.GetReflection()->GetMessage(fact, field));
}

// The bytes of a message, the same for the same content.
std::string DeterministicBytes(const google::protobuf::Message& message);

// The bytes of a column. Throws soci::soci_error.
std::string BytesOf(soci::blob& blob);

}  // namespace fuju::audit
