#include "chassis/rpc/message_digest.h"

#include <memory>

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <openssl/sha.h>

namespace fuju::chassis {
namespace {

using google::protobuf::FieldDescriptor;

void AppendSized(std::string& text, std::string_view part) {
  text.append(std::to_string(part.size()));
  text.push_back(':');
  text.append(part);
}

}  // namespace

std::string MessageDigest(std::string_view label, const google::protobuf::Message& message,
                          std::initializer_list<std::string_view> without) {
  const std::unique_ptr<google::protobuf::Message> copy(message.New());
  copy->CopyFrom(message);
  for (const std::string_view name : without) {
    const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(std::string(name));
    if (field != nullptr) message.GetReflection()->ClearField(copy.get(), field);
  }
  std::string text;
  AppendSized(text, label);
  AppendSized(text, message.GetDescriptor()->full_name());
  {
    google::protobuf::io::StringOutputStream stream(&text);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    copy->SerializeToCodedStream(&coded);
  }
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
  return digest;
}

std::string TextField(const google::protobuf::Message& message, std::string_view name) {
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(std::string(name));
  if (field == nullptr || field->is_repeated() || field->type() != FieldDescriptor::TYPE_STRING) {
    return "";
  }
  return message.GetReflection()->GetString(message, field);
}

}  // namespace fuju::chassis
