#include "run/segment_sql.hpp"

#include "base/names.hpp"

namespace leat::run {

std::string segment_rows_sql(const std::vector<SegmentPart>& parts) {
  std::string files;
  std::string gone;
  for (const auto& part : parts) {
    files += (files.empty() ? "" : ", ") + quote_literal(part.path.string());
    for (const auto& [first, end] : part.left_out.ranges()) {
      gone += (gone.empty() ? "(" : ", (") + quote_literal(part.publish_id) + ", " +
              std::to_string(first) + ", " + std::to_string(end) + ")";
    }
  }
  // Segments of older versions lack the last column.
  const auto all = "(SELECT * FROM read_parquet([" + files +
                   "], union_by_name = true, file_row_number = true) UNION ALL BY NAME SELECT"
                   " NULL::VARCHAR AS raw_form WHERE false)";
  if (gone.empty()) return all;
  return "(SELECT leat_all.* FROM " + all + " AS leat_all ASOF LEFT JOIN (VALUES " + gone +
         ") AS leat_gone(leat_publish, leat_first, leat_end) ON leat_all.publish_id ="
         " leat_gone.leat_publish AND leat_all.file_row_number >= leat_gone.leat_first WHERE"
         " leat_gone.leat_end IS NULL OR leat_all.file_row_number >= leat_gone.leat_end)";
}

}  // namespace leat::run
