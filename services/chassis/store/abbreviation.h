#pragma once

#include <string>
#include <string_view>

namespace fuju::chassis {

// What is stored beside an aggregate often names it: the correlation id of nearly every aggregate
// is "applications/<id>" with an id that its own id contains. That part is not stored twice.

// `text`, with its last segment (behind the last '/') replaced by the place where `id` has it; as
// it is if that saves nothing. Pure.
std::string Abbreviated(std::string_view text, std::string_view id);

// The inverse, with the same `id`. Pure.
std::string Expanded(std::string_view abbreviated, std::string_view id);

}  // namespace fuju::chassis
