#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "clients/text_values/type_guess.hpp"
#include "data/schema.hpp"

namespace leat::connectors::files {

/// Columns by the texts that were seen under their names, in the order in which the names came.
class GuessedColumns {
 public:
  struct Column {
    text_values::TypeGuess guess;
    std::vector<std::string> texts;  ///< That `guess` has not seen yet.
    std::uint64_t last_record = 0;
    bool is_list = false;  ///< Some record has several: they are read as json.
  };

  Column& of(const std::string& name);
  bool knows(std::string_view name) const { return x_columns.find(name) != x_columns.end(); }
  std::size_t size() const { return x_names.size(); }
  std::size_t name_bytes() const { return x_name_bytes; }
  /// Shows the guesses what was seen since the last time, and lets go of it.
  void guess();
  /// No columns when nothing was seen. Errors: config, two names that differ only in letter case.
  Result<data::Schema> schema() const;

 private:
  std::map<std::string, Column, std::less<>> x_columns;
  std::vector<std::string> x_names;
  std::size_t x_name_bytes = 0;
};

}  // namespace leat::connectors::files
