#include "plan/cursors.hpp"

#include <algorithm>
#include <charconv>

#include "base/names.hpp"
#include "base/quantity.hpp"

namespace leat::plan {
namespace {

using data::TypeId;

bool is_time(const data::Type& type) {
  return type.id == TypeId::date || type.id == TypeId::timestamp || type.id == TypeId::timestamp_tz;
}

/// A time, or a whole number; false when it is neither.
bool read_lookback(const std::string& text, Cursor& cursor) {
  std::int64_t number = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(text.data(), end, number);
  if (code == std::errc() && stop == end) {
    cursor.lookback_by = number;
    return number > 0;
  }
  const auto time = parse_duration(text);
  if (!time.ok()) return false;
  cursor.lookback = *time;
  return time->count() > 0;
}

/// The source that a sink takes the new rows of, and how it may not.
void judge_sink(const FileSource& file, const SinkNode& sink, config::Findings& findings) {
  const auto& name = file.node.name;
  const auto& at = *file.cursor->node;
  if (sink.strategy == Strategy::delete_insert) {
    findings.add(at,
                 "sink `" + sink.name +
                     "` replaces all rows with a value of `by` that comes, and "
                     "`" +
                     name + "` brings the new ones of them alone",
                 "use `strategy: merge` with a key");
  }
  const bool meets = sink.strategy == Strategy::merge || sink.strategy == Strategy::scd2;
  if (file.cursor->lookback_node != nullptr && !meets) {
    findings.add(*file.cursor->lookback_node,
                 "`lookback` reads rows again, and sink `" + sink.name + "` would " +
                     std::string(name_of(sink.strategy)) + " them again",
                 "use `strategy: merge` with a key, or leave `lookback` out");
  }
}

bool has_cursor(const LoadedPipeline& loaded, const std::string& source) {
  const auto& sources = loaded.file.sources;
  return std::any_of(sources.begin(), sources.end(), [&](const FileSource& file) {
    return file.cursor && file.node.name == source;
  });
}

/// Two streams of new rows do not meet: what one brings would find only the new rows of the other.
void refuse_joins(const LoadedPipeline& loaded, const SinkNode& sink, config::Findings& findings) {
  std::vector<std::string> names;
  for (const auto& name : sink.upstream) {
    if (has_cursor(loaded, name)) names.push_back(name);
  }
  if (names.size() < 2) return;
  for (const auto& file : loaded.file.sources) {
    if (!file.cursor || file.node.name != names[1]) continue;
    findings.add(*file.cursor->node,
                 "sink `" + sink.name + "` joins " + join_names(names, " and ") +
                     ", and only one of them can bring new rows alone",
                 "leave `cursor` out at all but one: the others are read whole each time");
  }
}

}  // namespace

std::optional<FileCursor> cursor_of(const CursorKeys& keys, const config::Node& node,
                                    config::Findings& findings) {
  FileCursor file;
  file.node = node.find("cursor");
  file.column = keys.column;
  file.cursor.column = keys.column.text;
  if (file.cursor.column.empty()) return std::nullopt;
  if (!keys.lookback) return file;
  file.lookback_node = file.node->find("lookback");
  if (read_lookback(keys.lookback->text, file.cursor)) return file;
  findings.add(keys.lookback->place,
               "expected a time such as 1h, or a whole number, found `" + keys.lookback->text + "`",
               "", keys.lookback->length);
  return std::nullopt;
}

void add_cursor(const FileSource& file, DraftSource& source, config::Findings& findings) {
  if (!file.cursor || !source.spec) return;
  if (file.late_items) {
    return findings.add(*file.cursor->node, "`cursor` goes with written items alone",
                        "use `for_each: {values: [..]}`");
  }
  if (std::shared_ptr<const SourceSpec> reading = source.spec->with_cursor(file.cursor->cursor)) {
    source.spec = std::move(reading);
    return;
  }
  findings.add(*file.cursor->node,
               "`" + file.node.connector + "` has no cursor: it finds what is new by itself",
               "leave `cursor` out; it is for tables and queries of sqlite and postgres");
}

void judge_cursor_column(const FileSource& file, const DraftSource& source,
                         config::Findings& findings) {
  if (!file.cursor || !source.judged) return;
  const auto& written = file.cursor->column;
  const auto add = [&](const std::string& message, const std::string& hint) {
    findings.add(written.place, message, hint, written.length);
  };
  const auto at = source.judged->find(written.text);
  if (!at) {
    return add("`" + file.node.name + "` has no column `" + written.text + "`",
               name_hint(written.text, source.judged->names()));
  }
  const auto& type = source.judged->columns[*at].type;
  const bool has_order = is_time(type) || type.id == TypeId::varchar ||
                         (type.is_numeric() && !type.is_floating()) ||
                         (type.is_floating() && !source.spec->is_remote());
  if (!has_order) {
    return add("column `" + written.text + "` is " + data::sql_of(type) +
                   ", and a cursor needs values that only grow",
               "name a whole number, a decimal, a date, a timestamp or a text");
  }
  if (file.cursor->lookback_node == nullptr || !source.spec->is_remote()) return;
  const bool fits = file.cursor->cursor.lookback ? is_time(type) : type.is_numeric();
  if (fits) return;
  findings.add(*file.cursor->lookback_node,
               "`lookback` cannot count back in a column of type " + data::sql_of(type),
               type.is_numeric() ? "write a number: `lookback: 1000`"
               : is_time(type)   ? "write a time: `lookback: 1h`"
                                 : "it needs a number, a date or a timestamp");
}

void judge_cursors(const LoadedPipeline& loaded, const Plan& plan, config::Findings& findings) {
  for (const auto& sink : plan.sinks) refuse_joins(loaded, sink, findings);
  for (const auto& file : loaded.file.sources) {
    if (!file.cursor) continue;
    bool is_taken = false;
    bool is_needed = false;
    for (const auto& sink : plan.sinks) {
      is_needed = is_needed || Plan::needs(sink, file.node.name);
      if (sink.growing_source != file.node.name) continue;
      is_taken = true;
      judge_sink(file, sink, findings);
    }
    if (is_taken || !is_needed) continue;
    findings.add(*file.cursor->node,
                 "no sink takes the new rows of `" + file.node.name + "` alone: it is read whole",
                 "use `strategy: append` or `merge`, or leave `cursor` out");
  }
}

}  // namespace leat::plan
