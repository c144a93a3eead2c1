#pragma once

#include <exception>
#include <new>
#include <string>

#include <duckdb.hpp>
#include "engine/internals/engine_internals.h"

namespace leat {
namespace internals {

void set_fault(leat_fault* fault, const duckdb::ErrorData& error);

/// Where an error points, or -1.
int64_t offset_of(const duckdb::ErrorData& error);

/// Runs `work`; an exception becomes the fault, and false the answer.
template <typename Work>
bool guarded(leat_fault* fault, Work&& work) {
  try {
    work();
    return true;
  } catch (const std::bad_alloc&) {
    set_fault(fault, duckdb::ErrorData(duckdb::ExceptionType::OUT_OF_MEMORY, "out of memory"));
  } catch (const std::exception& caught) {
    set_fault(fault, duckdb::ErrorData(caught));
  } catch (...) {
    set_fault(fault, duckdb::ErrorData(duckdb::ExceptionType::INTERNAL, "unknown exception"));
  }
  return false;
}

inline duckdb::Connection& as_connection(duckdb_connection connection) {
  return *reinterpret_cast<duckdb::Connection*>(connection);
}
inline duckdb::LogicalType& as_type(duckdb_logical_type type) {
  return *reinterpret_cast<duckdb::LogicalType*>(type);
}
inline duckdb::Vector& as_vector(duckdb_vector vector) {
  return *reinterpret_cast<duckdb::Vector*>(vector);
}

}  // namespace internals
}  // namespace leat
