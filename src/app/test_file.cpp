#include "app/test_file.hpp"

#include "config/yaml.hpp"
#include "io/files.hpp"

namespace leat::app {
namespace {

struct Keys {
  config::Located<std::string> pipeline;
  std::vector<std::pair<config::Located<std::string>, TestCase>> tests;
};

const config::OptionTable<TestCase>& case_table() {
  using config::option;
  static const auto table = config::option_table<TestCase>({
      option("params", &TestCase::params, "Values of the pipeline's params.")
          .example("{state: MA}"),
      option("given", &TestCase::given,
             "Rows of each source, as a list of maps; a source that is not named has none.")
          .example("{orders: [{id: 1, day: 2024-01-31}]}"),
      option("expect", &TestCase::expect,
             "Rows of a source, model or sink, in any order; columns that no row names do not "
             "count.")
          .required()
          .example("{priced: [{id: 1, amount: 9.00}]}"),
      option("quarantined", &TestCase::quarantined, "How many rows of a dataset are set aside.")
          .example("{orders: 1}"),
  });
  return table;
}

const config::OptionTable<Keys>& file_table() {
  using config::option;
  static const auto table = config::option_table<Keys>({
      option("pipeline", &Keys::pipeline, "Name of the pipeline that is tested.")
          .required()
          .example("orders"),
      option("tests", &Keys::tests, "Tests by name.", case_table()).required(),
  });
  return table;
}

}  // namespace

TestFile read_test_file(const std::filesystem::path& path, config::Findings& findings) {
  TestFile file;
  file.path = path;
  const auto shown = path.string();
  const auto text = io::read_text(io::local_files(), path, config::YamlLimits{}.bytes_max);
  if (!text.ok()) {
    findings.add(Place{shown, 0, 0}, text.error().text(), text.error().hint_text());
    return file;
  }
  auto root = config::parse_yaml(*text, shown, findings);
  if (!root) return file;
  file.tree = std::make_shared<const config::Node>(std::move(*root));
  Keys keys;
  file_table().read(*file.tree, keys, findings);
  file.pipeline = keys.pipeline;
  file.tests = std::move(keys.tests);
  return file;
}

const config::OptionSet& test_options() { return file_table(); }

}  // namespace leat::app
