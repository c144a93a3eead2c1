#include "connectors/files/file_sink.hpp"

#include "io/files.hpp"

namespace leat::connectors::files {

std::string FileSinkSpec::target_key(const BuildContext& context) const {
  return "file:" + target_file(context)->string();
}

std::optional<std::filesystem::path> FileSinkSpec::target_file(const BuildContext& context) const {
  return io::real_path(context.root / x_options.path);
}

Result<std::unique_ptr<Sink>> FileSinkSpec::build(const BuildContext& context) const {
  LEAT_ASSERT(context.files != nullptr);
  file_target::Target target;
  target.path = io::real_path(context.root / x_options.path);
  target.shown = x_options.path;
  target.overwrite = x_options.overwrite;
  return file_target::open_file_target(*context.files, std::move(target), make_format(context));
}

void check_path(const FileSinkOptions& options, const config::Node& node,
                config::Findings& findings) {
  if (options.path.starts_with("~/")) {
    const config::Node* at = node.find("path");
    findings.add(at != nullptr ? *at : node, "`~` is no home folder here",
                 "write ${HOME}" + options.path.substr(1));
  }
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
