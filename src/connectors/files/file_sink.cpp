#include "connectors/files/file_sink.hpp"

#include <system_error>

namespace leat::connectors::files {
namespace {

namespace fs = std::filesystem;

constexpr int kLinksMax = 40;

/// Absolute, with links resolved: a link is written through, not over, even where nothing is yet.
fs::path real_path(const fs::path& root, const std::string& path) {
  std::error_code error;
  fs::path real = fs::absolute(root / path, error);
  for (int links = 0; links < kLinksMax && fs::is_symlink(real, error); ++links) {
    real = real.parent_path() / fs::read_symlink(real, error);
  }
  const fs::path canonical = fs::weakly_canonical(real, error);
  return error ? real.lexically_normal() : canonical;
}

}  // namespace

std::string FileSinkSpec::target_key(const BuildContext& context) const {
  return "file:" + real_path(context.root, x_options.path).string();
}

Result<std::unique_ptr<Sink>> FileSinkSpec::build(const BuildContext& context) const {
  LEAT_ASSERT(context.files != nullptr);
  file_target::Target target;
  target.path = real_path(context.root, x_options.path);
  target.shown = x_options.path;
  target.overwrite = x_options.overwrite;
  return file_target::open_file_target(*context.files, std::move(target), make_format(context));
}

void check_path(const FileSinkOptions& options, const config::Node& node,
                config::Findings& findings) {
  if (!options.path.ends_with('/') && options.path != "." && options.path != "..") return;
  const config::Node* place = node.find("path");
  findings.add(place != nullptr ? *place : node, "`" + options.path + "` names a folder",
               "name the file to be written");
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
