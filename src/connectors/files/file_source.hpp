#pragma once

#include "core/catalog.hpp"

namespace leat::connectors::files {

SourceEntry parquet_source();

}  // namespace leat::connectors::files
