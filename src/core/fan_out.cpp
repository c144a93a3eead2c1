#include "core/fan_out.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "base/names.hpp"
#include "core/addresses.hpp"
#include "core/carried_types.hpp"
#include "core/chain.hpp"
#include "core/inputs.hpp"
#include "core/item_texts.hpp"
#include "core/ordered_rows.hpp"
#include "core/reads_texts.hpp"

namespace leat {
namespace {

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
                    std::to_string(part << kChainFileBits) + " + CAST(" + or_zero(scan.order_sql) +
                    " AS BIGINT) AS leat_part_order FROM " + scan.from_sql;
  }
  all.from_sql += ")";
  return all;
}

constexpr const char* kOthers = "";  ///< No item: what was read by sources that these are now.

/// What a position tells a fan-out: where its items stand, and what items that are no more, or
/// sources of another kind, have read.
class FanOutPast {
 public:
  FanOutPast(const Position& position, std::filesystem::path root) : x_root(std::move(root)) {
    std::vector<Position> others;
    for (const auto& part : parts_of(position)) {
      const auto json = nlohmann::json::parse(part.text, nullptr, false);
      if (!is_fan_out(json)) {
        others.push_back(part);
        continue;
      }
      for (const auto& [key, text] : json.items()) {
        const Position at{text.get<std::string>()};
        const auto added = x_items.emplace(key, at);
        if (!added.second) added.first->second = together({added.first->second, at});
      }
    }
    if (!others.empty()) x_items[kOthers] = together({x_items[kOthers], together(others)});
  }

  Position at(const std::string& key) const {
    const auto found = x_items.find(key);
    return found == x_items.end() ? Position{} : found->second;
  }
  void move(const std::string& key, const Position& to) { x_items[key] = to; }

  /// Of all but these items.
  std::vector<Input> read_by_others(const std::set<std::string>& keys) const {
    std::vector<Input> inputs;
    for (const auto& [key, position] : x_items) {
      if (keys.contains(key)) continue;
      for (auto& input : inputs_of(position, x_root)) inputs.push_back(std::move(input));
    }
    return inputs;
  }

  std::string text() const {
    auto json = nlohmann::json::object();
    for (const auto& [key, position] : x_items) {
      if (!position.is_start()) json[key] = position.text;
    }
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }

 private:
  static bool is_fan_out(const nlohmann::json& json) {
    return json.is_object() && std::all_of(json.begin(), json.end(),
                                           [](const auto& member) { return member.is_string(); });
  }

  std::filesystem::path x_root;
  std::map<std::string, Position> x_items;
};

/// Whose a file is.
class ItemFiles {
 public:
  /// Is a file, by its name, one of the item?
  using Reads = std::function<bool(const std::string& file)>;
  explicit ItemFiles(std::vector<Reads> items) : x_items(std::move(items)) {}

  /// The item that reads it; of several the first.
  std::optional<std::size_t> item_of(const std::string& file) {
    const auto [at, fresh] = x_known.try_emplace(file);
    if (!fresh) return at->second;
    for (std::size_t i = 0; i < x_items.size() && !at->second; ++i) {
      if (x_items[i](file)) at->second = i;
    }
    return at->second;
  }

 private:
  std::vector<Reads> x_items;
  std::map<std::string, std::optional<std::size_t>> x_known;
};

class FanOutSource final : public Source, public ReadsInOrder, public ReadsTexts {
 public:
  struct Item {
    std::string key;
    std::unique_ptr<Source> source;
  };
  FanOutSource(std::vector<Item> items, std::optional<data::Schema> columns,
               std::filesystem::path root, std::vector<ItemFiles::Reads> reads)
      : x_items(std::move(items)),
        x_columns(std::move(columns)),
        x_root(std::move(root)),
        x_files(std::make_shared<ItemFiles>(std::move(reads))) {}

  void read_in_order() override {
    for (auto& item : x_items) {
      if (auto* inner = dynamic_cast<ReadsInOrder*>(item.source.get())) inner->read_in_order();
    }
  }
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
    FanOutPast past(from, x_root);
    const auto others = read_by_others(past);
    nlohmann::json parts = nlohmann::json::array();
    Slice slice;
    const bool limited = limits.rows || limits.bytes;
    for (std::size_t i = 0; i < x_items.size(); ++i) {
      auto& item = x_items[i];
      auto at = without_others(item, past.at(item.key), others);
      if (!at.ok()) return std::move(at).error().during("while looking at item " + item.key);
      auto found = item.source->next_slice(at.value(), limits);
      if (!found.ok()) return std::move(found).error().during("while looking at item " + item.key);
      if (!found.value()) continue;
      if (limited && !parts.empty()) {
        slice.more = true;
        break;
      }
      const auto& part = *found.value();
      past.move(item.key, part.after);
      slice.more = slice.more || part.more;
      slice.description += (parts.empty() ? "" : ", ") + item.key + ": " + part.description;
      parts.push_back({{"item", i}, {"spec", part.spec}, {"after", part.after.text}});
    }
    if (parts.empty() && !(x_items.empty() && from.is_start())) return std::optional<Slice>();
    if (x_items.empty()) slice.description = "no items";
    slice.after.text = past.text();
    slice.spec = parts.dump();
    return std::optional<Slice>(std::move(slice));
  }

  Result<SliceRead> read(const Slice& slice, const ReadContext& context) override {
    std::vector<EngineScan> scans;
    std::vector<std::unique_ptr<ChunkSource>> chunks;
    for (const auto& part : parts_of_slice(slice)) {
      auto& item = *part.item;
      auto read = item.source->read(part.slice, context);
      if (!read.ok()) return std::move(read).error().during("while reading item " + item.key);
      if (auto* scan = std::get_if<EngineScan>(&read.value())) {
        scans.push_back(std::move(*scan));
      } else {
        chunks.push_back(std::move(std::get<std::unique_ptr<ChunkSource>>(read.value())));
      }
    }
    if (scans.empty()) return SliceRead(chain(std::move(chunks)));
    TRY(const auto columns, schema());
    return SliceRead(union_of(scans, columns.names()));
  }

  Result<Position> position_after(const Slice& slice) override {
    FanOutPast past(slice.after, x_root);
    for (const auto& part : parts_of_slice(slice)) {
      auto after = part.item->source->position_after(part.slice);
      if (!after.ok())
        return std::move(after).error().during("while reading item " + part.item->key);
      past.move(part.item->key, after.value());
    }
    return Position{past.text()};
  }

  bool reads_texts_of(const std::string& file) const override {
    const auto item = x_files->item_of(file);
    return item && leat::reads_texts_of(*x_items[*item].source, file);
  }

  Result<std::unique_ptr<ChunkSource>> read_texts(NextRecord next, const data::Schema& columns,
                                                  const ReadContext& context) override {
    return ItemTexts::make(
        std::move(next),
        [files = x_files](const std::string& file) { return files->item_of(file); }, x_items.size(),
        [&](std::size_t item, NextRecord own) {
          return x_items[item].source->read_texts(std::move(own), columns, context);
        });
  }

  std::vector<std::string> take_warnings() override {
    std::vector<std::string> all;
    for (auto& item : x_items) {
      for (auto& said : item.source->take_warnings()) all.push_back(item.key + ": " + said);
    }
    return all;
  }

 private:
  struct Part {
    Item* item;
    Slice slice;
  };

  std::vector<Part> parts_of_slice(const Slice& whole) {
    std::vector<Part> parts;
    for (const auto& written : nlohmann::json::parse(whole.spec, nullptr, false)) {
      Part part{&x_items.at(written.value("item", std::size_t(0))), {}};
      part.slice.spec = written.value("spec", std::string());
      part.slice.after.text = written.value("after", std::string());
      parts.push_back(std::move(part));
    }
    return parts;
  }

  /// What these items have not read under their keys.
  InputIndex read_by_others(const FanOutPast& past) const {
    std::set<std::string> keys;
    for (const auto& item : x_items) keys.insert(item.key);
    return InputIndex(past.read_by_others(keys));
  }

  /// Where an item goes on, so that it does not read what others have: the item had another key
  /// then, or the source was no fan-out.
  Result<Position> without_others(Item& item, const Position& at, const InputIndex& others) const {
    if (others.empty()) return at;
    TRY(const auto slice, item.source->next_slice(at, SliceLimits{}));
    if (!slice) return at;
    const auto fresh = inputs_between(inputs_of(at, x_root), inputs_of(slice->after, x_root));
    if (!fresh.empty()) TRY(require_same_kind(others, fresh.front()));
    std::vector<Input> read;
    for (const auto& input : fresh) {
      const auto* other = others.find(input);
      if (other == nullptr) continue;
      if (other->part != input.part) return unclear(input);
      read.push_back(*other);
    }
    return together({at, position_of(read)});
  }

  /// Tables were once known by their state alone.
  static Status require_same_kind(const InputIndex& others, const Input& input) {
    auto known = others.inputs();
    std::erase_if(known, [&](const Input& other) {
      return input.kind == Input::Kind::table && other.kind == Input::Kind::state;
    });
    return require_kind(known, input.kind, "such items");
  }

  static Error unclear(const Input& input) {
    return Error(Fault::config, "rows of " + input.name + input.place + " were published, but of " +
                                    "which part of it is not known")
        .hint("give the sink another name and another target, or the item its former key");
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
  std::filesystem::path x_root;
  std::shared_ptr<ItemFiles> x_files;
};

/// As `would_read` wants it; an address is itself.
std::filesystem::path real_path_of(const std::filesystem::path& root, const std::string& file) {
  if (refused_address(file, PathReach::machine)) return file;
  std::error_code ignored;
  return std::filesystem::weakly_canonical(root / file, ignored);
}

class FanOutSpec final : public SourceSpec, public CarriesTypes {
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
  std::optional<data::Schema> declared_types() const override {
    if (x_items.empty()) return std::nullopt;
    const auto* first = dynamic_cast<const CarriesTypes*>(x_items.front().spec.get());
    return first != nullptr ? first->declared_types() : std::nullopt;
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
  std::unique_ptr<SourceSpec> with_cursor(const Cursor& cursor) const override {
    std::vector<FanOutItem> items;
    for (const auto& item : x_items) {
      std::shared_ptr<const SourceSpec> spec = item.spec->with_cursor(cursor);
      if (!spec) return nullptr;
      items.push_back({item.key, std::move(spec)});
    }
    if (items.empty()) return nullptr;
    return std::make_unique<FanOutSpec>(std::move(items), x_columns);
  }
  Result<std::unique_ptr<Source>> build(const BuildContext& context) const override {
    std::vector<FanOutSource::Item> items;
    std::vector<ItemFiles::Reads> files;
    for (const auto& item : x_items) {
      auto source = item.spec->build(context);
      if (!source.ok()) return std::move(source).error().during("while opening item " + item.key);
      items.push_back({item.key, std::move(source).value()});
      files.emplace_back([spec = item.spec, context](const std::string& file) {
        return !spec->would_read(context, {real_path_of(context.root, file)}).empty();
      });
    }
    std::optional<data::Schema> columns;
    if (x_columns) columns = x_columns->schema;
    return std::unique_ptr<Source>(std::make_unique<FanOutSource>(
        std::move(items), std::move(columns), context.root, std::move(files)));
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
