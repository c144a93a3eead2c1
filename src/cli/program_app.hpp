#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "cli/arguments.hpp"
#include "cli/completion.hpp"

namespace leat::cli {

inline constexpr const char* kSecretAgain =
    "A parameter that was kept nowhere, since its name tells of a secret: name=value";

/// Flags as they were typed, before they become arguments.
struct Typed {
  Arguments arguments;
  std::string format = "text";
  std::vector<std::string> variables;
  std::string shell;
  bool no_color = false;
};

/// Declares every command and flag, once.
class Program {
 public:
  Program();
  int run(int argc, char** argv);

 private:
  void parse(int argc, char** argv);
  bool is_command(const std::string& word) const;
  int report(const Error& error) const;
  CLI::App* add(CLI::App& parent, const char* name, const char* summary, Command command);
  CLI::App* loading(CLI::App* sub);
  void variables(CLI::App* sub, const char* summary);
  CLI::App* between(CLI::App* sub);
  CLI::Option* targets(CLI::App* sub, const char* name, const char* summary, bool required,
                       const char* kind = "files");
  void limit(CLI::App* sub, const char* what);
  CLI::App* selecting(CLI::App* sub);
  void project(CLI::App* sub);
  void of_quarantine(CLI::App* sub);
  void where(CLI::App* sub);
  void develop();
  void test_commands();
  void start();
  void change();
  void operate();
  void set_aside();
  void steer();
  void understand();
  void meta();
  CommandWords words() const;
  void add_words(CommandWords& all, const CLI::App& sub, const std::string& name) const;
  Status settle();

  CLI::App x_app;
  Typed x_typed;
  std::map<const CLI::App*, std::string> x_kinds;
  std::function<int()> x_chosen;
};

}  // namespace leat::cli
