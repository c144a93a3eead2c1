#include "plan/resolved.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plan/fake_surroundings.hpp"

namespace leat::plan {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

struct FileOptions {
  std::string path;
  std::int64_t skip = 2;
};

const config::OptionSet& file_options() {
  static const auto table = config::option_table<FileOptions>({
      config::option("path", &FileOptions::path, "Path.").required(),
      config::option("skip", &FileOptions::skip, "Lines."),
  });
  return table;
}

/// "path = value, from"
std::vector<std::string> resolved(FakeFiles& files, FakeEnvironment& variables, VarList vars) {
  Catalog catalog;
  SourceEntry csv;
  csv.name = "csv";
  csv.options = &file_options();
  catalog.add(std::move(csv));
  LoadOptions options;
  options.working_folder = "/p";
  options.vars = std::move(vars);
  options.files = &files;
  options.variables = &variables;
  auto loaded = Loader(options).load("x.yml");
  EXPECT_TRUE(loaded.ok());
  std::vector<std::string> out;
  if (!loaded.ok()) return out;
  for (const auto& value : resolved_values(*loaded, catalog)) {
    out.push_back(value.path + " = " + value.value + ", " + value.from);
  }
  return out;
}

TEST(Resolved, TellsEachValueAndWhoSaidIt) {
  FakeFiles files;
  FakeEnvironment variables;
  variables.variables = {
      {"LEAT__POLICY__MIN_SCORE", "90"}, {"DATA", "d"}, {"LEAT_SECRET_DW", "canary77"}};
  files.texts["/p/leat.yml"] =
      "project: p\nconnections: {dw: {postgres: {host: a, password: \"${secret:dw}\"}}}\n"
      "environments: {dev: {connections: {dw: {postgres: {host: b}}}}}\n";
  files.texts["/p/x.yml"] =
      "pipeline: x\nparams: {s: {default: a}, t: {type: int, default: 4}}\n"
      "sources:\n  in: {csv: {path: \"${DATA}/{{ params.s }}.csv\"}}\n"
      "checks: {in: [{not_null: [a, b]}]}\n"
      "sinks: {o: {parquet: {path: z}, from: in}}\npolicy: {on_breach: fail}\n";
  const auto values = resolved(files, variables, {{"s", "b"}});
  for (const auto* expected :
       {"pipeline = x, x.yml:1:11", "sources.in.csv.path = d/b.csv, x.yml:4:20",
        "sources.in.csv.skip = 2, default", "sinks.o.strategy = replace, default",
        "sinks.o.parquet.path = z, x.yml:6:29", "policy.on_breach = fail, x.yml:7:21",
        "policy.min_score = 90, LEAT__POLICY__MIN_SCORE", "policy.max_quarantine = none, default",
        "params.s = b, --var", "params.t = 4, x.yml:2:51",
        "project.connections.dw.postgres.host = b, leat.yml:3:58",
        "resources.threads = all, default", "checks.in = [{not_null: [a, b]}], x.yml:5:14"}) {
    EXPECT_THAT(values, Contains(std::string(expected)));
  }
  EXPECT_THAT(values, Contains(HasSubstr("${secret:dw}")));
  EXPECT_THAT(values, Not(Contains(HasSubstr("canary77"))));
}

TEST(Resolved, HidesAPasswordThatStandsInTheFile) {
  FakeFiles files;
  FakeEnvironment variables;
  files.texts["/p/leat.yml"] =
      "project: p\nsecrets: [env]\nconnections: {dw: {postgres: {db_password: canary77}}}\n";
  files.texts["/p/x.yml"] =
      "pipeline: x\nsources: {in: {csv: {path: a, token: canary77}}}\n"
      "checks: {in: [{odd: {api_key: canary77}}]}\n"
      "sinks: {o: {parquet: {path: z}, from: in}}\n";
  const auto values = resolved(files, variables, {});
  EXPECT_THAT(values, Contains(HasSubstr("project.connections.dw.postgres.db_password = …")));
  EXPECT_THAT(values, Contains(HasSubstr("project.secrets = [env]")));
  EXPECT_THAT(values, Not(Contains(HasSubstr("canary77"))));
}

}  // namespace
}  // namespace leat::plan
