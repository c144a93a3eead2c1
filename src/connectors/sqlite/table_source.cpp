#include "connectors/sqlite/table_source.hpp"

#include "base/names.hpp"
#include "clients/file_list/database_state.hpp"
#include "connectors/sqlite/table_opener.hpp"

namespace leat::connectors::sqlite {
namespace {

class TableSource final : public Source {
 public:
  TableSource(io::FileSystem& files, TableRead read)
      : x_files(files), x_table(files, std::move(read)) {}

  Result<data::Schema> schema() override { return x_table.schema(); }

  Result<std::optional<Slice>> next_slice(const Position& from, const SliceLimits&) override {
    auto past = inputs_of(from, {});
    // Positions of older versions tell the state alone.
    std::erase_if(past, [](const Input& input) { return input.kind == Input::Kind::state; });
    TRY(require_kind(past, Input::Kind::table, "a table"));
    auto now = input_of(x_table.read());
    TRY(now.state, state_of_file());
    Slice slice;
    slice.after = position_of({now});
    slice.spec = now.state;
    if (inputs_between(inputs_of(from, {}), {std::move(now)}).empty()) {
      return std::optional<Slice>();
    }
    slice.description = x_table.described();
    return std::optional<Slice>(std::move(slice));
  }

  Result<SliceRead> read(const Slice& slice, const ReadContext& context) override {
    TRY(auto opened, x_table.open());
    TRY(const auto columns, x_table.schema());
    // From here on SQLite shows this state, whatever is written meanwhile.
    TRY(const auto state, state_of_file());
    if (state != slice.spec) {
      return Error(Fault::external, x_table.read().shown + " has changed since it was looked at")
          .hint("run again");
    }
    return SliceRead(step_rows(std::move(opened), columns, x_table.read().shown, context.cancel));
  }

 private:
  Result<std::string> state_of_file() const {
    TRY(x_table.require_file());
    return file_list::database_state(x_files, x_table.read().file, "-wal");
  }

  io::FileSystem& x_files;
  TableOpener x_table;
};

}  // namespace

Input input_of(const TableRead& read) {
  Input input;
  input.kind = Input::Kind::table;
  input.place = read.file.string();
  input.part = read.table.empty() ? "query: " + read.query : to_lower(read.table);
  return input;
}

std::unique_ptr<Source> open_table_source(io::FileSystem& files, TableRead read) {
  return std::make_unique<TableSource>(files, std::move(read));
}

}  // namespace leat::connectors::sqlite
