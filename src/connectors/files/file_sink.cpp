#include "connectors/files/file_sink.hpp"

#include "base/assert.hpp"
#include "connectors/files/partitions.hpp"
#include "core/addresses.hpp"
#include "engine/file_literal.hpp"
#include "io/files.hpp"
#include "io/streams.hpp"

namespace leat::connectors::files {

std::string FileSinkSpec::target_key(const BuildContext& context) const {
  return "file:" + io::real_path(context.root / x_options.path).string();
}

std::optional<std::filesystem::path> FileSinkSpec::target_file(const BuildContext& context) const {
  auto path = io::real_path(context.root / x_options.path);
  if (x_options.partitions.empty()) return path;
  // One partition stands for all: whoever reads one of them reads what is published here.
  for (const auto& key : x_options.partitions) path /= key.name() + "=x";
  return path / ("data." + file_extension());
}

bool FileSinkSpec::supports(Strategy strategy) const {
  if (x_options.ordered && strategy != Strategy::replace) return strategy == Strategy::append;
  if (x_options.partitions.empty()) return true;
  return strategy != Strategy::merge && strategy != Strategy::scd2;
}

std::string FileSinkSpec::guarantee() const {
  return x_options.partitions.empty() ? "" : "idempotent";
}

Status FileSinkSpec::accepts(const data::Schema& schema) const {
  TRY(accepts_types(schema));
  return require_partition_columns(x_options.partitions, schema);
}

/// Partitions are joined or replaced whole.
Status FileSinkSpec::can_meet(const data::Schema& schema) const {
  return x_options.partitions.empty() ? types_can_meet(schema) : Status();
}

Result<std::unique_ptr<Sink>> FileSinkSpec::build(const BuildContext& context) const {
  LEAT_ASSERT(context.files != nullptr && context.session != nullptr);
  file_target::Target target;
  target.path = io::real_path(context.root / x_options.path);
  target.shown = x_options.path;
  target.overwrite = x_options.overwrite;
  auto format = make_format(context);
  if (x_options.partitions.empty()) {
    return file_target::open_file_target(*context.files, std::move(target), std::move(format));
  }
  return file_target::open_partitioned_target(
      *context.files, std::move(target), x_options.partitions,
      make_partition_format(std::move(format), x_options.partitions, *context.files,
                            *context.session));
}

void finish_options(FileSinkOptions& options, const config::Node& node,
                    config::Findings& findings) {
  options.partitions = read_partition_keys(options.partition_by, findings);
  options.partition_by = nullptr;
  const config::Node* path = node.find("path");
  const auto& place = path != nullptr ? *path : node;
  if (refused_address(options.path, PathReach::machine)) {
    return findings.add(place, "nothing is written to an address", "give a path on this machine");
  }
  if (options.path == io::kStandardInput) {
    return findings.add(place, "nothing is published to standard output",
                        "give a file; `leat preview` prints rows. A file of that name is ./-");
  }
  if (options.path.starts_with("~/")) {
    findings.add(place, "`~` is no home folder here", "write ${HOME}" + options.path.substr(1));
  }
  if (!options.partitions.empty() && options.ordered) {
    findings.add(*node.find("ordered"), "rows of partitions have no order",
                 "leave `ordered` out, or `partition_by`");
  }
  if (!options.partitions.empty()) {
    while (options.path.size() > 1 && options.path.ends_with('/')) options.path.pop_back();
    return;
  }
  if (!options.path.ends_with('/') && options.path != "." && options.path != "..") return;
  findings.add(place, "`" + options.path + "` names a folder",
               "name the file to be written, or say by `partition_by` how its folders are called");
}

Rehearsal rehearsal_of(std::string file_extension,
                       std::function<std::string(const config::Node&)> read) {
  Rehearsal rehearsal;
  rehearsal.redirect = with_path_in;
  rehearsal.rows = [extension = std::move(file_extension), read = std::move(read)](
                       const config::Node& options, engine::Session&) -> Result<std::string> {
    const std::filesystem::path path = option_text(options, "path");
    auto text = read(options);
    const auto at = text.find('$');
    LEAT_ASSERT(at != std::string::npos);
    if (options.find("partition_by") == nullptr) {
      return text.replace(at, 1, engine::file_literal(path) + ", hive_partitioning = false");
    }
    TRY(const auto files, io::expand_glob(io::local_files(), path, "**/data." + extension));
    return text.replace(
        at, 1,
        engine::file_literal(files) + ", hive_partitioning = true, hive_types_autocast = false");
  };
  return rehearsal;
}

Status require_text_form(const data::Schema& schema) {
  for (const data::Column& column : schema.columns) {
    const std::string& name = column.type.sql_name;
    if (column.type.id != data::TypeId::other) continue;
    for (const char* lost : {"UNION(", "VARIANT", "GEOMETRY"}) {
      if (name.find(lost) == std::string::npos) continue;
      return Error(Fault::config, "column `" + column.name + "` of type " + name +
                                      " cannot be written as text and read again")
          .hint("cast it to VARCHAR or JSON in the model");
    }
  }
  return {};
}

}  // namespace leat::connectors::files
