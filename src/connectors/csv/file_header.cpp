#include "connectors/csv/file_header.hpp"

#include <algorithm>
#include <utility>

#include "base/names.hpp"
#include "connectors/csv/file_lane.hpp"
#include "core/bad_row.hpp"

namespace leat::connectors::csv {
namespace {

data::Schema columns_in_file(const ReadPlan& plan) {
  data::Schema out = plan.schema;
  out.columns.resize(out.size() - plan.folders);
  return out;
}

/// A file among others may lack a declared column, but one that has none of them is another kind of
/// file, or has another delimiter: all its values would be null.
Status require_some_column(const Preamble& preamble, const Layout& layout, const ReadPlan& plan) {
  if (!plan.is_declared || !preamble.has_header || !plan.format.widths.empty()) return {};
  const bool has_some = std::any_of(layout.fields.begin(), layout.fields.end(),
                                    [](std::int32_t field) { return field != Layout::kMissing; });
  if (has_some || layout.fields.empty()) return {};
  return Error(Fault::config, "none of the declared columns is in the header `" +
                                  join_names(preamble.names, plan.format.dialect.delimiter_text()) +
                                  "`")
      .hint("its delimiter may be another one, or it does not belong to these files");
}

}  // namespace

FileHeaders::FileHeaders(const ReadPlan& plan) : x_plan(plan), x_in_file(columns_in_file(plan)) {}

Result<std::shared_ptr<const FileHeader>> FileHeaders::understand(const Preamble& preamble) {
  const std::lock_guard held(x_mutex);
  if (x_last && x_last->is_there == preamble.has_header && x_last->names == preamble.names) {
    return x_last;
  }
  FileHeader header{preamble.names, preamble.has_header, {}, std::string(kRawFields)};
  TRY(header.layout, make_layout(preamble, x_plan.format, x_in_file, x_plan.is_declared));
  TRY(require_some_column(preamble, header.layout, x_plan));
  for (const auto& name : header.names) header.raw_form += kFieldMark + name;
  x_last = std::make_shared<const FileHeader>(std::move(header));
  return x_last;
}

}  // namespace leat::connectors::csv
