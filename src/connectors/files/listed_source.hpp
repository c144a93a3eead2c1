#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "clients/file_list/file_list.hpp"
#include "config/findings.hpp"
#include "config/options.hpp"
#include "core/addresses.hpp"
#include "core/catalog.hpp"
#include "core/source.hpp"

namespace leat::connectors::files {

/// What a format does with the files of a source; which files there are, what is new of them and
/// where a run stands is not its concern.
///
/// Threads   any.
class FileFormat {
 public:
  virtual ~FileFormat() = default;
  /// `look` asks the engine.
  virtual bool asks_engine() const { return false; }
  /// The columns of files, which are one at least, as far as the files tell.
  virtual Result<data::Schema> look(const BuildContext& context,
                                    const std::vector<file_list::ListedFile>& listed) const = 0;
  /// The rows of all these files. What it is given outlives what it yields, but for `read`.
  virtual Result<SliceRead> read(const BuildContext& context, data::Schema columns,
                                 std::vector<file_list::ListedFile> listed,
                                 const ReadContext& read) const = 0;
};

struct ListedSettings {
  std::vector<std::string> paths;
  std::optional<data::Schema> declared;  ///< By the author; nothing: the files are looked at.
  std::vector<std::string> chosen;       ///< Of the columns that were found; none: all.
  bool is_guessed = false;               ///< Types that are not declared are guesses from text.
  data::Schema types;                    ///< What to read guessed columns as, by name.
  bool reads_streams = false;            ///< `format` reads each file once, from start to end.
  std::string part;                      ///< Which rows of a file, as positions tell it.
  std::shared_ptr<const FileFormat> format;
};

/// A source of listed files of one format.
std::unique_ptr<SourceSpec> listed_source(ListedSettings settings);

using DeclaredColumns =
    std::vector<std::pair<config::Located<std::string>, config::Located<std::string>>>;

/// What an author declared of columns that come as text; nothing when that is nothing. `where` is
/// the format's name.
std::optional<data::Schema> read_declared(const DeclaredColumns& columns, const std::string& where,
                                          config::Findings& findings);

/// The option that says which files.
template <typename Options>
auto files_option(std::vector<std::string> Options::* member, std::string example) {
  return within(PathReach::web,
                config::option("path", member, "File, pattern with * ? [ab] **, or a list of them.")
                    .required()
                    .items(1)
                    .length(1, 0)
                    .example(std::move(example)));
}

/// The option that says which columns of those that the files have.
template <typename Options>
auto chosen_option(std::vector<std::string> Options::* member) {
  return config::option("columns", member, "Names of the columns to read; default: all.")
      .example("[id, name]");
}

}  // namespace leat::connectors::files
