#pragma once

#include "core/catalog.hpp"

namespace leat::connectors::files {

SourceEntry parquet_source();
SourceEntry json_source();
SourceEntry arrow_source();
SourceEntry avro_source();
SourceEntry hdf5_source();
SourceEntry xml_source();
SourceEntry xlsx_source();

}  // namespace leat::connectors::files
