#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/node.hpp"

namespace leat::imports::dbt {

/// What could not be translated, and where it stands.
struct Left {
  std::string file;
  int line = 0;
  std::string what;
};

/// What a project says of its models, seeds or tests beside their text: `+enabled` and its like.
///
/// Missing   a setting that says nothing of the rows (tags, meta, docs) is passed by; one that has
///           no translation goes to the list.
class Settings {
 public:
  /// A section of dbt_project.yml: settings of all, then by project, folder and file.
  void read_section(const config::Node& section, const std::string& project,
                    std::vector<Left>& left);
  /// The `config` of one entry of a schema file.
  void read_config(const config::Node& config, const std::string& name, std::vector<Left>& left);

  /// Of the file `name` at `path`, as the nearest place says it; null: nobody does.
  const config::Node* find(std::string_view key, const std::string& name,
                           const std::string& path) const;

 private:
  using Keys = std::map<std::string, config::Node, std::less<>>;

  void read_folder(const config::Node& folder, const std::string& path, std::vector<Left>& left);
  static void take(Keys& keys, const std::string& key, const config::Node& value,
                   const Place& place, const std::string& of, std::vector<Left>& left);

  std::map<std::string, Keys> x_by_path;  ///< Below the paths of the project, without ending.
  std::map<std::string, Keys> x_by_name;
};

/// Does a setting switch off? Jinja in it does not.
bool is_off(const config::Node* setting);

}  // namespace leat::imports::dbt
