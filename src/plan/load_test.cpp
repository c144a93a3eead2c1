#include "plan/load.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/render.hpp"
#include "plan/fake_surroundings.hpp"

namespace leat::plan {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr const char* kSmall = R"(
pipeline: small
sources:
  in: {csv: {path: "data/{{ params.state }}.csv"}}
models:
  out: {query: "SELECT * FROM in WHERE s = {{ params.state }}", key: id}
sinks:
  file: {parquet: {path: out.parquet}, from: out, strategy: append}
params: {state: {type: string, default: "25", choices: ["25", "02"]}}
)";

class Load : public testing::Test {
 protected:
  Load() {
    files.texts["/p/leat.yml"] = "project: p\n";
    files.texts["/p/pipelines/small.yml"] = kSmall;
  }

  Result<LoadedPipeline> load(const std::string& name = "small") {
    LoadOptions options;
    options.working_folder = "/p";
    options.environment = environment;
    options.vars = vars;
    options.run_id = "R1";
    options.stand_ins = stand_ins;
    options.variables = &variables;
    options.files = &files;
    return Loader(options).load("pipelines/" + name + ".yml");
  }

  LoadedPipeline good(const std::string& name = "small") {
    auto loaded = load(name);
    EXPECT_TRUE(loaded.ok()) << shown(loaded);
    return loaded.ok() ? std::move(loaded).value() : LoadedPipeline{};
  }

  /// Loads `yaml` as pipelines/x.yml and gives "file:line:column message | hint" of every finding.
  std::vector<std::string> complaints(const std::string& yaml) {
    files.texts["/p/pipelines/x.yml"] = yaml;
    return complaints_of(load("x"));
  }

  static std::vector<std::string> complaints_of(const Result<LoadedPipeline>& loaded) {
    std::vector<std::string> out;
    if (loaded.ok()) return out;
    for (const auto& d : loaded.error().diagnostics()) {
      auto text = d.place.file;
      if (d.place.line > 0) {
        text += ":" + std::to_string(d.place.line) + ":" + std::to_string(d.place.column);
      }
      out.push_back(text + " " + d.message + (d.hint.empty() ? "" : " | " + d.hint));
    }
    return out;
  }

  static std::string shown(const Result<LoadedPipeline>& loaded) {
    return loaded.ok() ? "" : config::render(loaded.error().diagnostics());
  }

  FakeFiles files;
  FakeEnvironment variables;
  std::string environment;
  VarList vars;
  bool stand_ins = false;
};

TEST_F(Load, GivesTheGraphWithItsConnectorsStillClosed) {
  const auto loaded = good();
  ASSERT_THAT(loaded.file.sources, SizeIs(1));
  EXPECT_EQ(loaded.file.sources[0].node.connector, "csv");
  EXPECT_EQ(loaded.file.sources[0].node.options->find("path")->text, "data/25.csv");
  ASSERT_THAT(loaded.file.models, SizeIs(1));
  EXPECT_EQ(loaded.file.models[0].sql->text, "SELECT * FROM in WHERE s = '25'");
  EXPECT_THAT(loaded.file.models[0].unique_key, ElementsAre("id"));
  EXPECT_EQ(loaded.file.sinks[0].from, "out");
  EXPECT_EQ(loaded.file.sinks[0].strategy, Strategy::append);
  EXPECT_EQ(loaded.project->root, "/p");
  EXPECT_EQ(loaded.project->artifacts, "/p/.leat/artifacts");
  EXPECT_EQ(loaded.shown_as, "pipelines/small.yml");
}

TEST_F(Load, ReadsModelsFromTheirFiles) {
  files.texts["/p/models/a.sql"] = "SELECT {{ run.id }}";
  files.texts["/p/sql/b.sql"] = "SELECT 2";
  files.texts["/p/pipelines/x.yml"] =
      "pipeline: x\nsources: {in: {csv: {path: a.csv}}}\nmodels: {a: , b: {sql: sql/b.sql}}\n";
  const auto loaded = good("x");
  EXPECT_EQ(loaded.file.models[0].sql->text, "SELECT 'R1'");
  EXPECT_EQ(loaded.file.models[0].sql->place_at(0).file, "models/a.sql");
  EXPECT_EQ(loaded.file.models[1].sql->text, "SELECT 2");
}

TEST_F(Load, WorksOnOneFileWithoutAProject) {
  files.texts.erase("/p/leat.yml");
  const auto loaded = good();
  EXPECT_EQ(loaded.project->root, "/p/pipelines");
  EXPECT_TRUE(loaded.project->file.empty());
}

TEST_F(Load, TellsAllMistakesOfAllFilesAtOnce) {
  files.texts["/p/leat.yml"] = "project: p\nstat: sqlite\n";
  files.texts["/p/models/m.sql"] = "SELECT\n  {{ params.staet }}\n";
  EXPECT_THAT(
      complaints(R"(pipeline: y
version: 2
schedule: {cron: "0 6 * * *"}
sources:
  a: {csv: {path: x}, archive: true}
  b: {}
  c: {csv: {}, json: {}}
models:
  m:
  A: {query: "SELECT 1"}
  n: {sql: gone.sql}
  1x: {query: SELECT 1, sql: b.sql}
sinks:
  s: {parquet: {}, from: m, strateg: append}
  t: {duckdb: {}, strategy: upsert}
checks:
  a: {not_null: [x]}
  b: [row_count]
  c:
    - range:
      columns: [x]
policy: {max_quarantine: lots, on_breach: fallback:x, weights: {validty: 1}, max_change: {}}
resources: {memory: 0%, threads: 0}
delivery: exactly-once
params: {state: {default: "{{ env }}"}}
)"),
      ElementsAre(
          "leat.yml:2:1 unknown key `stat` | did you mean `state`?",
          "models/m.sql:2:3 unknown name `params.staet` | did you mean `params.state`?",
          HasSubstr("x.yml:1:11 `y` is not the name of its file | write `pipeline: x`"),
          "pipelines/x.yml:2:10 `2` is not between 1 and 1",
          HasSubstr("x.yml:3:1 `schedule` is not built yet"),
          HasSubstr("x.yml:5:23 `archive` is not built yet"),
          HasSubstr("x.yml:6:3 source `b` names no connector"),
          HasSubstr("x.yml:7:16 source `c` has a second connector `json` beside `csv`"),
          HasSubstr("x.yml:10:3 the name `A` is taken | `a` stands in line 5"),
          HasSubstr("x.yml:11:12 the SQL of model `n`, gone.sql, cannot be read"),
          HasSubstr("x.yml:12:3 `1x` cannot be a name"),
          HasSubstr("x.yml:12:15 a model has `sql` or `query`, not both"),
          HasSubstr("x.yml:14:29 unknown key `strateg` | did you mean `strategy`?"),
          HasSubstr("x.yml:15:6 `from` is missing"),
          HasSubstr("x.yml:15:29 `upsert` is not one of"),
          HasSubstr("x.yml:17:6 expected a list of checks, found a map"),
          HasSubstr("x.yml:18:7 expected a check, found `row_count`"),
          HasSubstr("x.yml:21:7 one check has one name, and this is a second key beside `range`"
                    " | indent the options of `range` below it"),
          HasSubstr("x.yml:22:26 `lots` is not a share"),
          HasSubstr("x.yml:22:43 it is not said which source `x` is read in place of"),
          HasSubstr("x.yml:22:65 there is no dimension `validty` | did you mean `validity`?"),
          HasSubstr("x.yml:22:90 `max_change` allows any change"),
          HasSubstr("x.yml:23:21 expected bytes such as 2GB or a share such as 25%, found `0%`"),
          HasSubstr("x.yml:23:34 expected a number of threads, 1 to 1024, or `all`, found `0`"),
          HasSubstr("x.yml:24:11 `exactly-once` is not one of exactly_once"),
          HasSubstr("x.yml:25:28 unknown name `env`")));
}

TEST_F(Load, TellsAFileThatIsNotThereOrEmpty) {
  EXPECT_THAT(complaints_of(load("gone")),
              ElementsAre("pipelines/gone.yml cannot be read: No such file or directory"));
  EXPECT_THAT(complaints(""), ElementsAre("pipelines/x.yml:1:1 the file is empty | "
                                          "start with `pipeline: x`"));
  EXPECT_THAT(complaints("[a]"), Not(IsEmpty()));
  EXPECT_THAT(complaints("just words"), Not(IsEmpty()));
}

TEST_F(Load, TypesTheVarsOfTheCommandLine) {
  files.texts["/p/pipelines/x.yml"] =
      "pipeline: x\nparams:\n  n: {type: int, min: -5, max: 10}\n"
      "  d: {type: date, default: 2026-01-31, min: 2020-01-01}\n"
      "sources: {in: {csv: {path: a.csv}}}\n"
      "models: {m: {query: \"SELECT {{ params.n }}, {{ params.d }}\"}}\n";
  vars = {{"n", "-3"}};
  EXPECT_EQ(good("x").file.models[0].sql->text, "SELECT (-3), DATE '2026-01-31'");
  vars = {{"n", "11"}, {"d", "yesterday"}};
  EXPECT_THAT(complaints_of(load("x")),
              ElementsAre("--var d param `d` is a date such as 2026-01-31, found `yesterday`",
                          "--var n `11` is more than the largest `n`, 10"));
  vars = {{"m", "1"}};
  EXPECT_THAT(complaints_of(load("x")),
              testing::Contains("--var the pipeline has no param `m` | did you mean `n`?"));
  vars = {};
  EXPECT_THAT(complaints_of(load("x")),
              ElementsAre("pipelines/x.yml:3:3 param `n` has no value | give one: --var n=…"));
  stand_ins = true;
  EXPECT_EQ(good("x").file.models[0].sql->text, "SELECT (-5), DATE '2026-01-31'");
}

TEST_F(Load, ChecksTheDeclarationOfAParam) {
  EXPECT_THAT(complaints("pipeline: x\nparams:\n  a: {type: int, default: x}\n"
                         "  b: {type: string, default: \"1\", min: 1}\n"
                         "  c: {type: strng}\n  d: {default: z, choices: [x, y]}\n"
                         "  e f: {default: 1}\n  g: 7\n"),
              ElementsAre(HasSubstr(":3:27 param `a` is a whole number, found `x`"),
                          HasSubstr(":4:40 only numbers, dates and timestamps have"),
                          HasSubstr(":5:13 `strng` is not one of string"),
                          HasSubstr(":6:16 `z` is not one of x or y"),
                          HasSubstr(":7:3 `e f` cannot be a name"),
                          HasSubstr(":8:6 expected a map of options, found `7`")));
}

TEST_F(Load, RefusesByNameWhatNothingWouldHonour) {
  EXPECT_THAT(complaints("pipeline: x\nmodels: {m: {query: SELECT 1, materialize: table}}\n"
                         "sinks: {s: {csv: {path: a}, from: m, timeout: 5m}}\n"
                         "resources: {temp: 5%}\n"),
              ElementsAre(HasSubstr(":2:44 `table` is not built yet"),
                          HasSubstr(":3:38 `timeout` is not built yet"),
                          HasSubstr(":4:13 `temp` is not built yet")));
}

TEST_F(Load, LetsVariablesOverrideTheFile) {
  variables.variables = {{"LEAT__POLICY__MIN_SCORE", "90"},
                         {"LEAT__SOURCES__IN__CSV__PATH", "other.csv"},
                         {"LEAT__PARAMS__STATE", "02"},
                         {"LEAT__ARTIFACTS", "store"}};
  auto loaded = good();
  EXPECT_EQ(loaded.file.policy.min_score, 90);
  EXPECT_EQ(loaded.file.sources[0].node.options->find("path")->text, "other.csv");
  EXPECT_EQ(loaded.file.models[0].sql->text, "SELECT * FROM in WHERE s = '02'");
  EXPECT_EQ(loaded.project->artifacts, "/p/store");
  vars = {{"state", "25"}};
  EXPECT_EQ(good().params[0].value.text, "25");
}

TEST_F(Load, RefusesAnOverrideOfWhatIsNotThere) {
  variables.variables = {{"LEAT__POLCY__MIN_SCORE", "1"},
                         {"LEAT__SOURCES__INN__CSV__PATH", "x"},
                         {"LEAT__POLICY__MIN_SCOR", "1"},
                         {"LEAT__RESOURCES__THREADS", "many"}};
  EXPECT_THAT(complaints_of(load()),
              ElementsAre("LEAT__POLCY__MIN_SCORE no file has a key `polcy` | "
                          "did you mean `policy`?",
                          "LEAT__POLICY__MIN_SCOR unknown key `min_scor` | "
                          "did you mean `min_score`?",
                          HasSubstr("LEAT__RESOURCES__THREADS expected a number of threads"),
                          "LEAT__SOURCES__INN__CSV__PATH nothing in this file is named `inn` | "
                          "did you mean `in`?"));
}

TEST_F(Load, LaysTheEnvironmentOverTheConnections) {
  files.texts["/p/leat.yml"] =
      "project: p\nconnections:\n  dw: {postgres: {host: localhost, user: etl}}\n"
      "environments:\n  dev: {}\n"
      "  prod: {protected: true, connections: {dw: {postgres: {host: db.internal}}}}\n";
  EXPECT_EQ(good().project->connections[0].options->find("host")->text, "localhost");
  variables.variables = {{"LEAT_ENV", "prod"}};
  const auto prod = good();
  EXPECT_TRUE(prod.project->is_protected);
  EXPECT_EQ(prod.project->environment, "prod");
  ASSERT_THAT(prod.project->connections, SizeIs(1));
  EXPECT_EQ(prod.project->connections[0].connector, "postgres");
  EXPECT_EQ(prod.project->connections[0].options->find("host")->text, "db.internal");
  EXPECT_EQ(prod.project->connections[0].options->find("user")->text, "etl");
  environment = "prdo";
  EXPECT_THAT(complaints_of(load()), ElementsAre("environment there is no environment `prdo` | "
                                                 "did you mean `prod`?"));
}

TEST_F(Load, KeepsTheStateInOneServerWhateverTheEnvironment) {
  files.texts["/p/leat.yml"] =
      "project: p\nstate: dw\nconnections:\n  dw: {postgres: {host: localhost}}\n"
      "environments: {prod: {connections: {dw: {postgres: {host: db.internal}}}}}\n";
  environment = "prod";
  const auto loaded = good();
  ASSERT_TRUE(loaded.project->store.has_value());
  EXPECT_EQ(loaded.project->store->name, "dw");
  EXPECT_EQ(loaded.project->store->options->find("host")->text, "localhost");
  EXPECT_EQ(loaded.project->connections[0].options->find("host")->text, "db.internal");
  files.texts["/p/leat.yml"] =
      "project: p\nstate: dw\nconnections: {dw: {duckdb: {path: a.duckdb}}}\n";
  environment = "";
  EXPECT_THAT(complaints_of(load()), ElementsAre(HasSubstr("connection `dw` is neither")));
}

TEST_F(Load, TellsWhatIsWrongInTheProject) {
  files.texts["/p/leat.yml"] =
      "state: dw\nartifacts: s3://bucket/x\nsecrets: [vault, {vault: {}}, {fil: x}]\n"
      "connections: {a: {}, b: 7}\ndefaults: {}\n";
  EXPECT_THAT(complaints_of(load()),
              ElementsAre(HasSubstr("leat.yml:1:1 `project` is missing"),
                          HasSubstr("leat.yml:1:8 there is no connection `dw` | known: sqlite"),
                          HasSubstr("leat.yml:2:12 artifacts in an object store are not built"),
                          HasSubstr("leat.yml:3:11 expected `env` or {file: path}, found `vault`"),
                          HasSubstr("leat.yml:3:19 `vault` is not built yet"),
                          HasSubstr("leat.yml:3:32 unknown key `fil` | did you mean `file`?"),
                          HasSubstr("leat.yml:4:15 connection `a` names no connector"),
                          HasSubstr("leat.yml:4:25 expected a map with one connector, found `7`"),
                          HasSubstr("leat.yml:5:1 `defaults` is not built yet")));
}

TEST_F(Load, ChecksThatSecretsExistWithoutShowingThem) {
  files.texts["/p/leat.yml"] =
      "project: p\nconnections: {dw: {postgres: {password: \"${secret:dw}\"}}}\n";
  EXPECT_THAT(complaints_of(load()),
              ElementsAre(HasSubstr("leat.yml:2:41 there is no secret `dw` | set LEAT_SECRET_DW; "
                                    "looked in: environment, then file .leat/secrets.yml")));
  files.texts["/p/.leat/secrets.yml"] = "dw: canary77\n";
  EXPECT_EQ(good().project->secrets->find("dw")->value().reveal(), "canary77");
  EXPECT_THAT(good().canonical, Not(HasSubstr("canary77")));
  files.open = true;
  const auto refused = shown(load());
  EXPECT_THAT(refused, HasSubstr("may be read by others than its owner"));
  EXPECT_THAT(refused, HasSubstr("chmod 600"));
  files.open = false;
  files.texts["/p/.leat/secrets.yml"] = "other: [canary77\ndw: canary77: canary77\n";
  const auto broken = shown(load());
  EXPECT_THAT(broken, HasSubstr(".leat/secrets.yml"));
  EXPECT_THAT(broken, Not(HasSubstr("canary77")));
}

TEST_F(Load, RefusesASecretWhereNoneBelongsWithoutShowingIt) {
  variables.variables = {{"LEAT_SECRET_KEY", "canary77"}};
  files.texts["/p/pipelines/x.yml"] =
      "pipeline: x\ndescription: \"${secret:key}\"\nowner: \"by ${secret:key}\"\n"
      "models: {m: {query: \"${secret:key}\"}}\n";
  const auto text = shown(load("x"));
  EXPECT_THAT(text, HasSubstr("x.yml:2:14: error: a secret may only stand in an option"));
  EXPECT_THAT(text, HasSubstr("x.yml:3:12: error: a secret stands alone"));
  EXPECT_THAT(text, HasSubstr("x.yml:4:21: error: a secret may only stand in an option"));
  EXPECT_THAT(text, Not(HasSubstr("canary77")));
}

TEST_F(Load, MakesTheSameCanonicalTextForTheSameMeaning) {
  const auto first = good().canonical;
  files.texts["/p/pipelines/small.yml"] = std::string("# a comment\n") + kSmall;
  EXPECT_EQ(good().canonical, first);
  vars = {{"state", "02"}};
  EXPECT_NE(good().canonical, first);
  vars = {};
  environment = "dev";
  EXPECT_EQ(good().canonical, first);
  files.texts["/p/pipelines/small.yml"] = std::string(kSmall) + "policy: {min_score: 1}\n";
  EXPECT_NE(good().canonical, first);
}

TEST_F(Load, CountsTheSqlOfAModelInItsCanonicalText) {
  files.texts["/p/models/a.sql"] = "SELECT 1";
  files.texts["/p/pipelines/x.yml"] =
      "pipeline: x\nsources: {in: {csv: {path: a.csv}}}\nmodels: {a: }\n";
  const auto first = good("x").canonical;
  files.texts["/p/models/a.sql"] = "SELECT 2";
  EXPECT_NE(good("x").canonical, first);
}

}  // namespace
}  // namespace leat::plan
