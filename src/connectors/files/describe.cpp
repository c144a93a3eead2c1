#include "connectors/files/describe.hpp"

#include "connectors/files/file_sink.hpp"
#include "connectors/files/file_source.hpp"
#include "core/catalog.hpp"

namespace leat::connectors::files {

void describe(Catalog& catalog) {
  catalog.add(parquet_source());
  catalog.add(json_source());
  catalog.add(arrow_source());
  catalog.add(avro_source());
  catalog.add(hdf5_source());
  catalog.add(xml_source());
  catalog.add(xlsx_source());
  catalog.add(parquet_sink());
  catalog.add(csv_sink());
  catalog.add(ndjson_sink());
  catalog.add(arrow_sink());
  catalog.add(avro_sink());
  catalog.add(hdf5_sink());
  catalog.add(xlsx_sink());
  catalog.add(xml_sink());
}

}  // namespace leat::connectors::files
