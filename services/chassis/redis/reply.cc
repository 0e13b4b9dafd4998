#include "chassis/redis/reply.h"

#include <utility>

#include "absl/strings/numbers.h"
#include <hiredis/hiredis.h>

namespace fuju::chassis::redis {

Reply Reply::From(const ::redisReply& reply) {
  Reply result;
  switch (reply.type) {
    case REDIS_REPLY_INTEGER:
      result.type_ = Type::kInteger;
      result.integer_ = reply.integer;
      break;
    case REDIS_REPLY_STRING:
      result.type_ = Type::kString;
      result.text_.assign(reply.str, reply.len);
      break;
    case REDIS_REPLY_STATUS:
      result.type_ = Type::kStatus;
      result.text_.assign(reply.str, reply.len);
      break;
    case REDIS_REPLY_ERROR:
      result.type_ = Type::kError;
      result.text_.assign(reply.str, reply.len);
      break;
    case REDIS_REPLY_ARRAY:
      result.type_ = Type::kArray;
      result.items_.reserve(reply.elements);
      for (size_t i = 0; i < reply.elements; ++i) result.items_.push_back(From(*reply.element[i]));
      break;
    default:
      break;
  }
  return result;
}

Reply Reply::Integer(int64_t value) {
  Reply reply;
  reply.type_ = Type::kInteger;
  reply.integer_ = value;
  return reply;
}

Reply Reply::String(std::string value) {
  Reply reply;
  reply.type_ = Type::kString;
  reply.text_ = std::move(value);
  return reply;
}

Reply Reply::Error(std::string value) {
  Reply reply;
  reply.type_ = Type::kError;
  reply.text_ = std::move(value);
  return reply;
}

Reply Reply::Array(std::vector<Reply> items) {
  Reply reply;
  reply.type_ = Type::kArray;
  reply.items_ = std::move(items);
  return reply;
}

int64_t Reply::integer() const {
  if (type_ == Type::kInteger) return integer_;
  int64_t value = 0;
  if (type_ != Type::kString || !absl::SimpleAtoi(text_, &value)) return 0;
  return value;
}

}  // namespace fuju::chassis::redis
