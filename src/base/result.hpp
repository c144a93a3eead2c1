#pragma once

#include <optional>
#include <utility>
#include <variant>

#include "base/assert.hpp"
#include "base/error.hpp"

namespace leat {

/// A value, or the reason why there is none.
///
/// Promise   never empty; reading the side that is not there stops the program.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : x_state(std::in_place_index<0>, std::move(value)) {}      // NOLINT: conversion
  Result(Error error) : x_state(std::in_place_index<1>, std::move(error)) {}  // NOLINT

  bool ok() const { return x_state.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & { return LEAT_ASSERT(ok()), std::get<0>(x_state); }
  const T& value() const& { return LEAT_ASSERT(ok()), std::get<0>(x_state); }
  T&& value() && { return LEAT_ASSERT(ok()), std::get<0>(std::move(x_state)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const& { return LEAT_ASSERT(!ok()), std::get<1>(x_state); }
  Error&& error() && { return LEAT_ASSERT(!ok()), std::get<1>(std::move(x_state)); }

 private:
  std::variant<T, Error> x_state;
};

/// Success without a value, or the reason why not.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : x_error(std::move(error)) {}  // NOLINT: conversion is the point

  bool ok() const { return !x_error.has_value(); }
  explicit operator bool() const { return ok(); }
  void value() const { LEAT_ASSERT(ok()); }
  const Error& error() const& { return LEAT_ASSERT(!ok()), *x_error; }
  Error&& error() && { return LEAT_ASSERT(!ok()), std::move(*x_error); }

 private:
  std::optional<Error> x_error;
};

using Status = Result<void>;

}  // namespace leat

#define LEAT_CONCAT_(a, b) a##b
#define LEAT_CONCAT(a, b) LEAT_CONCAT_(a, b)

#define LEAT_TRY_VOID(expr)                                         \
  do {                                                              \
    auto leat_status_ = (expr);                                     \
    if (!leat_status_.ok()) return std::move(leat_status_).error(); \
  } while (false)

#define LEAT_TRY_VALUE(tmp, decl, ...)          \
  auto tmp = (__VA_ARGS__);                     \
  if (!tmp.ok()) return std::move(tmp).error(); \
  decl = std::move(tmp).value()

#define LEAT_TRY_PICK(_1, _2, _3, _4, _5, _6, name, ...) name
#define LEAT_TRY_DECL(...) LEAT_TRY_VALUE(LEAT_CONCAT(leat_result_, __LINE__), __VA_ARGS__)

/// TRY(expression) returns its error from the calling function;
/// TRY(auto x, expression) also gives its value a name.
#define TRY(...)                                                                         \
  LEAT_TRY_PICK(__VA_ARGS__, LEAT_TRY_DECL, LEAT_TRY_DECL, LEAT_TRY_DECL, LEAT_TRY_DECL, \
                LEAT_TRY_DECL, LEAT_TRY_VOID)                                            \
  (__VA_ARGS__)
