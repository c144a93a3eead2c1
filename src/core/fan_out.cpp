#include "core/fan_out.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/names.hpp"

namespace leat {
namespace {

constexpr std::uint32_t kFileBits = 20;  ///< Of a file's number; the bits above tell the part.

/// One thread's hand on all parts, one after the other.
class ChainReader final : public ChunkReader {
 public:
  ChainReader(const std::vector<std::unique_ptr<ChunkSource>>& parts, std::vector<bool> wanted)
      : x_parts(parts), x_wanted(std::move(wanted)) {}

  Result<std::uint32_t> next(RowBatch& batch) override {
    for (;;) {
      if (x_readers.size() > x_at) {
        TRY(const auto rows, x_readers[x_at]->next(batch));
        if (rows > 0) return tell_part(batch, rows);
        ++x_at;
      }
      if (x_at == x_parts.size()) return std::uint32_t(0);
      if (x_readers.size() > x_at) continue;
      TRY(auto reader, x_parts[x_at]->make_reader(x_wanted));
      x_readers.push_back(std::move(reader));  // Kept: rows handed out may still point into it.
    }
  }
  std::string raw(std::uint32_t row) const override { return x_readers[x_at]->raw(row); }

 private:
  std::uint32_t tell_part(RowBatch& batch, std::uint32_t rows) const {
    for (auto& place : batch.places) place.file |= std::uint32_t(x_at) << kFileBits;
    return rows;
  }

  const std::vector<std::unique_ptr<ChunkSource>>& x_parts;
  std::vector<bool> x_wanted;
  std::vector<std::unique_ptr<ChunkReader>> x_readers;
  std::size_t x_at = 0;
};

class ChainSource final : public ChunkSource {
 public:
  explicit ChainSource(std::vector<std::unique_ptr<ChunkSource>> parts)
      : x_parts(std::move(parts)) {}

  std::size_t threads_max() const override {
    std::size_t most = 1;
    for (const auto& part : x_parts) most = std::max(most, part->threads_max());
    return most;
  }
  Result<std::unique_ptr<ChunkReader>> make_reader(const std::vector<bool>& wanted) override {
    return std::unique_ptr<ChunkReader>(std::make_unique<ChainReader>(x_parts, wanted));
  }
  std::uint64_t records_claimed() const override {
    return sum([](const ChunkSource& part) { return part.records_claimed(); });
  }
  std::uint64_t bytes_claimed() const override {
    return sum([](const ChunkSource& part) { return part.bytes_claimed(); });
  }
  std::uint64_t bytes_total() const override {
    return sum([](const ChunkSource& part) { return part.bytes_total(); });
  }
  std::string file_name(std::uint32_t file) const override {
    return x_parts[file >> kFileBits]->file_name(file & ((1u << kFileBits) - 1));
  }
  Status verify_unchanged() const override {
    for (const auto& part : x_parts) TRY(part->verify_unchanged());
    return {};
  }

 private:
  template <typename Count>
  std::uint64_t sum(Count count) const {
    std::uint64_t all = 0;
    for (const auto& part : x_parts) all += count(*part);
    return all;
  }

  std::vector<std::unique_ptr<ChunkSource>> x_parts;
};

/// Scans of the engine, one below the other.
EngineScan union_of(const std::vector<EngineScan>& scans, const std::vector<std::string>& names) {
  std::string list;
  for (const auto& name : names) list += quote_identifier(name) + ", ";
  const auto or_null = [](const std::string& sql) { return sql.empty() ? "NULL" : sql; };
  const auto or_zero = [](const std::string& sql) { return sql.empty() ? "0" : sql; };
  EngineScan all{"(", "leat_part_file", "leat_part_record", "leat_part_order"};
  for (std::size_t part = 0; part < scans.size(); ++part) {
    const auto& scan = scans[part];
    all.from_sql += (all.from_sql == "(" ? "SELECT " : " UNION ALL SELECT ") + list + "CAST(" +
                    or_null(scan.file_sql) + " AS VARCHAR) AS leat_part_file, CAST(" +
                    or_null(scan.record_sql) + " AS BIGINT) AS leat_part_record, " +
                    std::to_string(part << kFileBits) + " + CAST(" + or_zero(scan.order_sql) +
                    " AS BIGINT) AS leat_part_order FROM " + scan.from_sql;
  }
  all.from_sql += ")";
  return all;
}

class FanOutSource final : public Source {
 public:
  struct Item {
    std::string key;
    std::unique_ptr<Source> source;
  };
  FanOutSource(std::vector<Item> items, std::optional<data::Schema> columns)
      : x_items(std::move(items)), x_columns(std::move(columns)) {}

  Result<data::Schema> schema() override {
    if (x_columns) {
      for (const auto& item : x_items) TRY(require_columns(item));
      return *x_columns;
    }
    TRY(auto first, x_items.front().source->schema());
    for (std::size_t i = 1; i < x_items.size(); ++i) {
      TRY(const auto other, x_items[i].source->schema());
      if (other == first) continue;
      return Error(Fault::config, "item `" + x_items[i].key + "` has other columns than item `" +
                                      x_items.front().key + "`")
          .hint("declare `columns`, so that all are read alike");
    }
    return first;
  }

  Result<std::optional<Slice>> next_slice(const Position& from,
                                          const SliceLimits& limits) override {
    auto after = nlohmann::json::parse(from.is_start() ? "{}" : from.text, nullptr, false);
    if (!after.is_object()) return Error(Fault::config, "the position of a fan-out is no object");
    nlohmann::json parts = nlohmann::json::array();
    Slice slice;
    const bool limited = limits.rows || limits.bytes;
    for (std::size_t i = 0; i < x_items.size(); ++i) {
      auto& item = x_items[i];
      auto found = item.source->next_slice(at_item(after, item.key), limits);
      if (!found.ok()) return std::move(found).error().during("while looking at item " + item.key);
      if (!found.value()) continue;
      if (limited && !parts.empty()) {
        slice.more = true;
        break;
      }
      const auto& part = *found.value();
      after[item.key] = part.after.text;
      slice.more = slice.more || part.more;
      slice.description += (parts.empty() ? "" : ", ") + item.key + ": " + part.description;
      parts.push_back({{"item", i}, {"spec", part.spec}, {"after", part.after.text}});
    }
    if (parts.empty() && !(x_items.empty() && from.is_start())) return std::optional<Slice>();
    if (x_items.empty()) slice.description = "no items";
    slice.after.text = after.dump();
    slice.spec = parts.dump();
    return std::optional<Slice>(std::move(slice));
  }

  Result<bool> has_read(const Position& position, const Stretch& stretch) override {
    const auto all = nlohmann::json::parse(position.text, nullptr, false);
    const auto from = nlohmann::json::parse(stretch.from.text, nullptr, false);
    const auto to = nlohmann::json::parse(stretch.to.value_or(Position{}).text, nullptr, false);
    for (auto& item : x_items) {
      Stretch part{at_item(from, item.key)};
      if (stretch.to) part.to = at_item(to, item.key);
      auto read = item.source->has_read(at_item(all, item.key), part);
      if (!read.ok()) return std::move(read).error().during("while looking at item " + item.key);
      if (read.value()) return true;
    }
    return false;
  }

  Result<SliceRead> read(const Slice& slice, const ReadContext& context) override {
    const auto parts = nlohmann::json::parse(slice.spec, nullptr, false);
    std::vector<EngineScan> scans;
    std::vector<std::unique_ptr<ChunkSource>> chunks;
    for (const auto& part : parts) {
      auto& item = x_items.at(part.value("item", std::size_t(0)));
      Slice inner;
      inner.spec = part.value("spec", std::string());
      inner.after.text = part.value("after", std::string());
      auto read = item.source->read(inner, context);
      if (!read.ok()) return std::move(read).error().during("while reading item " + item.key);
      if (auto* scan = std::get_if<EngineScan>(&read.value())) {
        scans.push_back(std::move(*scan));
      } else {
        chunks.push_back(std::move(std::get<std::unique_ptr<ChunkSource>>(read.value())));
      }
    }
    if (scans.empty()) return SliceRead(std::make_unique<ChainSource>(std::move(chunks)));
    TRY(const auto columns, schema());
    return SliceRead(union_of(scans, columns.names()));
  }

 private:
  /// The start, where the item is not in the position, or it is none of such items.
  static Position at_item(const nlohmann::json& position, const std::string& key) {
    const auto found = position.is_object() ? position.find(key) : position.end();
    return {found != position.end() && found->is_string() ? found->get<std::string>() : ""};
  }

  Status require_columns(const Item& item) const {
    auto found = item.source->schema();
    if (!found.ok()) return std::move(found).error().during("while looking at item " + item.key);
    if (*found == *x_columns) return {};
    const auto shown = [](const data::Schema& schema) {
      std::string list;
      for (const auto& column : schema.columns) {
        list += (list.empty() ? "" : ", ") + column.name + " " + data::sql_of(column.type);
      }
      return list;
    };
    return Error(Fault::config, "item `" + item.key + "` has the columns " + shown(*found) +
                                    ", not those that are declared: " + shown(*x_columns));
  }

  std::vector<Item> x_items;
  std::optional<data::Schema> x_columns;
};

class FanOutSpec final : public SourceSpec {
 public:
  explicit FanOutSpec(std::vector<FanOutItem> items,
                      std::optional<FanOutColumns> columns = std::nullopt)
      : x_items(std::move(items)), x_columns(std::move(columns)) {}

  Replay replay() const override {
    auto worst = x_columns ? x_columns->replay : Replay::exact;
    for (const auto& item : x_items) worst = std::max(worst, item.spec->replay());
    return worst;
  }
  bool grows() const override {
    return x_columns || std::any_of(x_items.begin(), x_items.end(),
                                    [](const auto& item) { return item.spec->grows(); });
  }
  bool asks_engine() const override {
    return std::any_of(x_items.begin(), x_items.end(),
                       [](const auto& item) { return item.spec->asks_engine(); });
  }
  std::optional<data::Schema> declared() const override {
    return x_columns ? x_columns->schema : x_items.front().spec->declared();
  }
  std::vector<std::filesystem::path> would_read(
      const BuildContext& context, const std::vector<std::filesystem::path>& files) const override {
    std::vector<std::filesystem::path> all;
    for (const auto& item : x_items) {
      for (auto& file : item.spec->would_read(context, files)) all.push_back(std::move(file));
    }
    return all;
  }
  std::unique_ptr<SourceSpec> read_as(const data::Schema& types) const override {
    if (x_columns) return nullptr;
    std::vector<FanOutItem> items;
    for (const auto& item : x_items) {
      std::shared_ptr<const SourceSpec> spec = item.spec->read_as(types);
      if (!spec) return nullptr;
      items.push_back({item.key, std::move(spec)});
    }
    return std::make_unique<FanOutSpec>(std::move(items));
  }
  Result<std::unique_ptr<Source>> build(const BuildContext& context) const override {
    std::vector<FanOutSource::Item> items;
    for (const auto& item : x_items) {
      auto source = item.spec->build(context);
      if (!source.ok()) return std::move(source).error().during("while opening item " + item.key);
      items.push_back({item.key, std::move(source).value()});
    }
    std::optional<data::Schema> columns;
    if (x_columns) columns = x_columns->schema;
    return std::unique_ptr<Source>(
        std::make_unique<FanOutSource>(std::move(items), std::move(columns)));
  }

 private:
  std::vector<FanOutItem> x_items;
  std::optional<FanOutColumns> x_columns;
};

}  // namespace

std::shared_ptr<const SourceSpec> fan_out(std::vector<FanOutItem> items) {
  return std::make_shared<FanOutSpec>(std::move(items));
}

std::shared_ptr<const SourceSpec> fan_out(std::vector<FanOutItem> items, FanOutColumns columns) {
  return std::make_shared<FanOutSpec>(std::move(items), std::move(columns));
}

}  // namespace leat
