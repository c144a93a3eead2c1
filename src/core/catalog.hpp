#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/cancel.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "config/findings.hpp"
#include "config/node.hpp"
#include "config/option_set.hpp"
#include "core/check.hpp"
#include "core/cursor.hpp"
#include "core/rehearsal.hpp"
#include "core/sink.hpp"
#include "core/source.hpp"

namespace leat::io {
class FileSystem;
}
namespace leat::engine {
class Session;
}

namespace leat {

class PartStore;
struct SealRule;

/// What a connector may use when it is built.
struct BuildContext {
  std::filesystem::path root;     ///< Relative paths of the pipeline start here.
  std::filesystem::path scratch;  ///< For temporary files; exists.
  io::FileSystem* files = nullptr;
  const Clock* clock = nullptr;
  engine::Session* session = nullptr;  ///< Null while only a plan is made without an engine.
  const SecretProvider* secrets = nullptr;
  std::filesystem::path artifacts = {};  ///< What is no target and must not be lost.
  Lane lane = {};                        ///< Of a sink: whose publishes it makes.
  /// Of a source that seals its extract: where. Null: nothing is sealed, as while only looking.
  PartStore* parts = nullptr;
  const CancelToken* cancel = nullptr;  ///< Of a sink that does long work of its own; null: none.
  /// Of a sink: what it may take beside the engine, which knows nothing of it. 0: nobody said.
  std::uint64_t memory_max = 0;
};

/// An option of a source that nobody wrote, as what it reads tells it.
struct FoundOption {
  std::string name;
  std::vector<std::string> values;  ///< One, or a list of them.
  std::string entry = {};           ///< Of an option that is a map, the key that has them.
};

/// What a look at what a source reads tells.
struct FoundOptions {
  std::vector<FoundOption> options;
  std::vector<std::string> open;  ///< What nothing told, and what says it: a sentence each.
};

/// A source's options, checked. Immutable; any thread.
class SourceSpec {
 public:
  virtual ~SourceSpec() = default;
  virtual Replay replay() const = 0;
  /// New rows may come after those that were read: several files, a counter.
  virtual bool grows() const = 0;
  /// The engine looks at what is there to tell its columns; without need none is started.
  virtual bool asks_engine() const { return false; }
  /// The schema as far as the file declares it; nothing when it must be discovered.
  virtual std::optional<data::Schema> declared() const = 0;
  /// Its columns can be told by another machine alone, so that nobody may ask while offline.
  virtual bool is_remote() const { return false; }
  /// Which of `files` (real paths, addresses) it would read if there: a sink must not write them.
  virtual std::vector<std::filesystem::path> would_read(
      const BuildContext& context, const std::vector<std::filesystem::path>& files) const {
    static_cast<void>(context);
    static_cast<void>(files);
    return {};
  }
  /// The same source, that reads columns of these names as these types instead of guessing what
  /// they are; null where nothing is guessed.
  virtual std::unique_ptr<SourceSpec> read_as(const data::Schema& types) const {
    static_cast<void>(types);
    return nullptr;
  }
  /// Options that are not written and differ from what they are then: a look at local files, where
  /// there are any. Once kept in a contract, they are as good as written.
  virtual Result<FoundOptions> find_options(const BuildContext& context) const {
    static_cast<void>(context);
    return FoundOptions();
  }
  /// What is to be said where a contract, and nobody else, has `kept` these options by name: empty,
  /// or one sentence.
  virtual std::string remark_on(const std::vector<std::string>& kept) const {
    static_cast<void>(kept);
    return "";
  }
  /// The same source, whose new rows are found by a column, so that it grows; null where it cannot.
  virtual std::unique_ptr<SourceSpec> with_cursor(const Cursor& cursor) const {
    static_cast<void>(cursor);
    return nullptr;
  }
  /// The same source, whose extract is sealed part by part; null where it cannot go on from one.
  virtual std::unique_ptr<SourceSpec> with_seal(const SealRule& rule) const {
    static_cast<void>(rule);
    return nullptr;
  }
  /// Null: nothing is sealed.
  virtual const SealRule* seal() const { return nullptr; }
  virtual Result<std::unique_ptr<Source>> build(const BuildContext& context) const = 0;
};

/// A sink's options, checked. Immutable; any thread.
class SinkSpec {
 public:
  virtual ~SinkSpec() = default;
  virtual bool supports(Strategy strategy) const = 0;
  /// `delete_insert` replaces whole partitions, and needs no `by`.
  virtual bool replaces_partitions() const { return false; }
  /// False: it counts rows and keeps none, so that what no check looks at need not be read for it.
  virtual bool keeps_rows() const { return true; }
  /// Can staged rows be compared with those that are there: does it ask PublishPlan::judge?
  virtual bool compares() const { return true; }
  /// Less than the entry's guarantee, with these options; empty: the entry's.
  virtual std::string guarantee() const { return ""; }
  /// Two sinks with the same key would write the same target: "file:/data/out.parquet".
  virtual std::string target_key(const BuildContext& context) const = 0;
  /// Real path of the file that it writes; nothing when its target is no local file.
  virtual std::optional<std::filesystem::path> target_file(const BuildContext& context) const {
    static_cast<void>(context);
    return std::nullopt;
  }
  /// The columns' types this target cannot hold are config errors here, before a run.
  virtual Status accepts(const data::Schema& schema) const = 0;
  /// The same of columns that would not come back as they went there, where rows of a run meet
  /// those of runs before.
  virtual Status can_meet(const data::Schema& schema) const {
    static_cast<void>(schema);
    return {};
  }
  /// What becomes another type in this target without loss, a sentence each: `check` tells them.
  virtual std::vector<std::string> changes(const data::Schema& schema) const {
    static_cast<void>(schema);
    return {};
  }
  virtual Result<std::unique_ptr<Sink>> build(const BuildContext& context) const = 0;
};

struct SourceEntry {
  std::string name;
  std::string summary;
  std::string example;  ///< YAML of one node: "sequence: {count: 1000}". Passes `check`.
  Replay replay = Replay::exact;
  const config::OptionSet* options = nullptr;
  /// Null when it added findings.
  std::function<std::unique_ptr<SourceSpec>(const config::Node&, config::Findings&)> parse;
};

struct SinkEntry {
  std::string name;
  std::string summary;
  std::string example;
  std::string guarantee;  ///< "exactly_once"
  const config::OptionSet* options = nullptr;
  std::function<std::unique_ptr<SinkSpec>(const config::Node&, config::Findings&)> parse;
  Rehearsal rehearsal = {};
};

/// Another system that connections of leat.yml may lead to.
struct ConnectionEntry {
  std::string name;
  /// Signs in, asks who is there, and says it in a line. The options are those of the connection.
  std::function<Result<std::string>(const config::Node&, const BuildContext&, config::Findings&)>
      reach;
};

/// A check with its options read, before the columns of its dataset are known.
class CheckSpec {
 public:
  virtual ~CheckSpec() = default;
  /// One check a column, mostly. Findings: unknown columns, types that do not fit.
  virtual std::vector<Check> compile(const data::Schema& schema,
                                     config::Findings& findings) const = 0;
};

struct CheckEntry {
  std::string name;
  std::string summary;
  std::string example;    ///< YAML of one check: "not_null: [a, b]"
  std::string null_rule;  ///< "a null passes"
  CheckClass check_class = CheckClass::stateless;
  Dimension dimension = Dimension::validity;
  const config::OptionSet* options = nullptr;  ///< Of the long form, shared ones included.
  /// `value` is what stands behind the name, short or long form.
  std::function<std::unique_ptr<CheckSpec>(const config::Node& value, config::Findings&)> parse;
};

/// Everything that can be named in a pipeline file. Filled once at start; then read only.
class Catalog {
 public:
  /// A name that is there already stops the program.
  void add(SourceEntry entry);
  void add(SinkEntry entry);
  void add(CheckEntry entry);
  void add(ConnectionEntry entry);
  /// A check that is known by name, and refused as not built yet.
  void add_later_check(std::string name);

  const SourceEntry* source(std::string_view name) const;
  const SinkEntry* sink(std::string_view name) const;
  const CheckEntry* check(std::string_view name) const;
  const ConnectionEntry* connection(std::string_view name) const;
  bool is_later_check(std::string_view name) const;
  const std::map<std::string, SourceEntry, std::less<>>& sources() const { return x_sources; }
  const std::map<std::string, SinkEntry, std::less<>>& sinks() const { return x_sinks; }
  const std::map<std::string, CheckEntry, std::less<>>& checks() const { return x_checks; }

 private:
  std::map<std::string, SourceEntry, std::less<>> x_sources;
  std::map<std::string, SinkEntry, std::less<>> x_sinks;
  std::map<std::string, CheckEntry, std::less<>> x_checks;
  std::map<std::string, ConnectionEntry, std::less<>> x_connections;
  std::set<std::string, std::less<>> x_later_checks;
};

}  // namespace leat
