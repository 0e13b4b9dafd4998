#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct redisReply;

namespace fuju::chassis::redis {

// A Redis reply as a value (RESP2). Copyable, no reference into hiredis. Not thread-safe.
class Reply {
 public:
  enum class Type { kNil, kInteger, kString, kStatus, kError, kArray };

  Reply() = default;
  static Reply From(const ::redisReply& reply);
  static Reply Integer(int64_t value);
  static Reply String(std::string value);
  static Reply Error(std::string value);
  static Reply Array(std::vector<Reply> items);

  Type type() const { return type_; }
  bool is_nil() const { return type_ == Type::kNil; }
  bool is_error() const { return type_ == Type::kError; }
  bool is_integer() const { return type_ == Type::kInteger; }
  bool is_array() const { return type_ == Type::kArray; }
  // Value of an integer reply, or of a string that is an integer; 0 otherwise.
  int64_t integer() const;
  // Text of a string, status or error reply; empty otherwise.
  const std::string& text() const& { return text_; }
  std::string text() && { return std::move(text_); }
  // Items of an array reply; empty otherwise.
  const std::vector<Reply>& items() const& { return items_; }
  std::vector<Reply> items() && { return std::move(items_); }
  std::vector<Reply>& mutable_items() { return items_; }
  size_t size() const { return items_.size(); }
  const Reply& operator[](size_t i) const { return items_[i]; }

 private:
  Type type_ = Type::kNil;
  int64_t integer_ = 0;
  std::string text_;
  std::vector<Reply> items_;
};

}  // namespace fuju::chassis::redis
