#include "plan/seals.hpp"

#include "base/names.hpp"

namespace leat::plan {
namespace {

constexpr std::uint64_t kRowsDefault = 1'000'000;

bool has_order(const data::Type& type) {
  using data::TypeId;
  return (type.is_numeric() && !type.is_floating()) || type.id == TypeId::varchar ||
         type.id == TypeId::date || type.id == TypeId::timestamp ||
         type.id == TypeId::timestamp_tz || type.id == TypeId::uuid;
}

}  // namespace

std::optional<FileSeal> seal_of(const SealKeys& keys, const config::Node& node) {
  if (keys.key.text.empty()) return std::nullopt;
  FileSeal file;
  file.node = node.find("seal");
  file.key = keys.key;
  file.rule.key = keys.key.text;
  file.rule.rows = keys.rows;
  if (keys.bytes) file.rule.bytes = keys.bytes->count;
  if (keys.every) file.rule.every = keys.every->length;
  if (!keys.rows && !keys.bytes && !keys.every) file.rule.rows = kRowsDefault;
  return file;
}

void add_seal(const FileSource& file, DraftSource& source, config::Findings& findings) {
  if (!file.seal || !source.spec) return;
  const auto& at = *file.seal->node;
  if (file.cursor) {
    return findings.add(at,
                        "`seal` and `cursor` exclude each other: what a cursor brings is "
                        "published slice by slice",
                        "leave `seal` out and cut it: `slice: {rows: 1000000}`");
  }
  if (file.late_items || !file.items.empty()) {
    return findings.add(at, "`seal` does not go with `for_each`", "seal one source by itself");
  }
  if (std::shared_ptr<const SourceSpec> sealing = source.spec->with_seal(file.seal->rule)) {
    source.spec = std::move(sealing);
    return;
  }
  findings.add(at,
               "`" + file.node.connector +
                   "` cannot go on in the middle of an extract, so none of "
                   "it is sealed",
               "leave `seal` out; it is for tables and queries of postgres");
}

void judge_seal_key(const FileSource& file, const DraftSource& source, config::Findings& findings) {
  if (!file.seal || !source.judged) return;
  const auto& written = file.seal->key;
  const auto at = source.judged->find(written.text);
  if (!at) {
    return findings.add(written.place,
                        "`" + file.node.name + "` has no column `" + written.text + "`",
                        name_hint(written.text, source.judged->names()), written.length);
  }
  const auto& type = source.judged->columns[*at].type;
  if (has_order(type)) return;
  findings.add(written.place,
               "column `" + written.text + "` is " + data::sql_of(type) +
                   ", and an extract is cut by values that have an order",
               "name a whole number, a decimal, a date, a timestamp, a uuid or a text",
               written.length);
}

}  // namespace leat::plan
