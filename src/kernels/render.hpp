#pragma once

#include <string>
#include <string_view>

#include "data/type.hpp"
#include <duckdb.h>
#include "kernels/wide.hpp"

namespace leat::kernels {

/// A value as the engine prints its type. Times with zone in UTC.
std::string render_integer(UInt128 carrier, const data::Type& type);
std::string render_floating(double value, const data::Type& type);
std::string render_interval(duckdb_interval value);
std::string render_blob(std::string_view bytes);

}  // namespace leat::kernels
