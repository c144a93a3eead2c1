#include "connectors/postgres/careful_load.hpp"

namespace leat::connectors::postgres {
namespace {

constexpr std::size_t kReadBlockBytes = 256 * 1024;
constexpr std::size_t kRefusedMax = 100'000;

/// A row of a block, by its bytes.
struct Row {
  std::size_t start = 0;
  std::size_t size = 0;
};

class Loader {
 public:
  explicit Loader(const CarefulLoad& load)
      : x_load(load), x_signature(signature_of(load.columns)), x_header(copy_header()) {}

  Result<Staged> run() {
    const auto kept = x_load.rows.string() + ".kept";
    TRY(x_kept, CopyFile::create(x_load.files, kept, x_signature));
    TRY(read_rows(x_load.files, x_load.rows, x_signature, kReadBlockBytes,
                  [this](std::string_view block) { return take(block); }));
    TRY(x_kept->finish());
    TRY(x_load.files.rename(kept, x_load.rows));
    return std::move(x_staged);
  }

 private:
  Status take(std::string_view block) {
    std::vector<Row> rows;
    for (std::size_t at = 0; at < block.size();) {
      const auto size = row_size(block.substr(at));
      rows.push_back({at, size});
      at += size;
    }
    return load(block, rows.data(), rows.size());
  }

  /// Halves what is refused.
  Status load(std::string_view block, const Row* rows, std::size_t count) {
    const auto start = rows[0].start;
    const auto bytes = block.substr(start, rows[count - 1].start + rows[count - 1].size - start);
    auto taken = copy(bytes);
    if (taken.ok()) {
      if (*taken != count) return x_load.other_rows(count, *taken);
      x_staged.rows += count;
      x_staged.bytes += bytes.size();
      return x_kept->append(pack_rows(bytes));
    }
    if (taken.error().fault() != Fault::data) return std::move(taken).error();
    if (count == 1) return refuse(bytes, taken.error());
    TRY(load(block, rows, count / 2));
    return load(block, rows + count / 2, count - count / 2);
  }

  Result<std::uint64_t> copy(std::string_view rows) {
    auto& server = x_load.server;
    TRY(server.execute("SAVEPOINT leat_block"));
    TRY(server.begin_copy_in(x_load.copy_sql));
    TRY(server.put(x_header));
    TRY(server.put(rows));
    TRY(server.put(copy_end()));
    auto taken = server.end_copy_in();
    if (taken.ok() && x_load.settle) taken = x_load.settle();
    if (!taken.ok() && server.is_lost()) return taken;
    TRY(server.execute(taken.ok()
                           ? "RELEASE SAVEPOINT leat_block"
                           : "ROLLBACK TO SAVEPOINT leat_block; RELEASE SAVEPOINT leat_block"));
    return taken;
  }

  Status refuse(std::string_view row, const Error& why) {
    if (x_staged.refused.size() == kRefusedMax) {
      return Error(Fault::data, "the server refuses more than " + std::to_string(kRefusedMax) +
                                    " rows, the last of them since: " + why.message())
          .hint("add a check for it to the dataset: such rows then go to quarantine at once");
    }
    x_staged.refused.push_back({why.message(), row_json(row, x_load.columns)});
    return {};
  }

  const CarefulLoad& x_load;
  std::string x_signature;
  std::string x_header;
  std::unique_ptr<CopyFile> x_kept;
  Staged x_staged;
};

}  // namespace

Result<Staged> load_carefully(const CarefulLoad& load) { return Loader(load).run(); }

}  // namespace leat::connectors::postgres
