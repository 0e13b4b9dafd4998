#include "audit/facts.h"

#include "absl/strings/str_cat.h"
#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

namespace fuju::audit {

absl::Status CheckEnvelope(const event::v1::Event& event) {
  if (event.type().empty() || event.source().empty() || event.subject().empty() ||
      event.aggregate_version() <= 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("event \"", event.id(), "\" lacks its type, source, subject or version"));
  }
  const std::string id = absl::StrCat(event.subject(), "@", event.aggregate_version());
  if (event.id() != id) {
    return absl::InvalidArgumentError(
        absl::StrCat("event \"", event.id(), "\" should have the id \"", id, "\""));
  }
  return absl::OkStatus();
}

std::unique_ptr<google::protobuf::Message> UnpackFact(const event::v1::Event& event) {
  const google::protobuf::Descriptor* descriptor =
      google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(event.type());
  if (descriptor == nullptr) return nullptr;
  const google::protobuf::Message* prototype =
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(descriptor);
  if (prototype == nullptr) return nullptr;
  std::unique_ptr<google::protobuf::Message> fact(prototype->New());
  // Any::UnpackTo also refuses data of another type than the envelope says.
  if (!event.data().UnpackTo(fact.get())) return nullptr;
  return fact;
}

std::string DeterministicBytes(const google::protobuf::Message& message) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  message.SerializeToCodedStream(&coded);
  coded.Trim();
  return bytes;
}

std::string BytesOf(soci::blob& blob) {
  std::string bytes(blob.get_len(), '\0');
  if (!bytes.empty()) blob.read(0, bytes.data(), bytes.size());
  return bytes;
}

}  // namespace fuju::audit
