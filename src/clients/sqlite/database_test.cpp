#include "clients/sqlite/database.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>

namespace leat::sqlite {
namespace {

/// The memory of SQLite, which ends after so many more requests.
struct Memory {
  sqlite3_mem_methods usual{};
  std::int64_t left = -1;  ///< Negative: it does not end.
  bool has_ended = false;
};
Memory& memory() {
  static Memory one;
  return one;
}

bool ends() {
  auto& all = memory();
  if (all.left < 0) return false;
  if (all.left > 0) {
    --all.left;
    return false;
  }
  all.has_ended = true;
  return true;
}
void* allocate(int bytes) { return ends() ? nullptr : memory().usual.xMalloc(bytes); }
void* reallocate(void* at, int bytes) {
  return ends() ? nullptr : memory().usual.xRealloc(at, bytes);
}

class DatabaseTest : public ::testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/leat-sqlite-XXXXXX";
    folder = ::mkdtemp(name);
    sqlite3_shutdown();
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &memory().usual);
    auto methods = memory().usual;
    methods.xMalloc = allocate;
    methods.xRealloc = reallocate;
    sqlite3_config(SQLITE_CONFIG_MALLOC, &methods);
    sqlite3_initialize();
  }
  void TearDown() override {
    sqlite3_shutdown();
    sqlite3_config(SQLITE_CONFIG_MALLOC, &memory().usual);
    std::filesystem::remove_all(folder);
  }
  /// What stands in it when all was done, in one line.
  Result<std::string> work() const {
    TRY(const auto database, open_database(folder / "a.db", Access::create));
    TRY(execute(database.get(), "CREATE TABLE t(id TEXT PRIMARY KEY, text TEXT NOT NULL)"));
    const std::string text(5000, 'x');
    for (const auto* id : {"a", "b"}) {
      TRY(execute(database.get(), "INSERT INTO t VALUES (?1, ?2)", {id, text}));
    }
    TRY(const auto rows, query(database.get(),
                               "SELECT id, text, length(text) * 1000 FROM t "
                               "WHERE text = ?1 ORDER BY id",
                               {text}));
    std::string said;
    for (const auto& row : rows) said += row[0] + " " + (row[1] == text ? row[2] : "cut") + " ";
    return said;
  }

  std::filesystem::path folder;
};

/// No file of this process may be longer; written beyond that the system says EFBIG.
class ShortFiles {
 public:
  explicit ShortFiles(rlim_t bytes) : x_handler(::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &x_usual);
    const rlimit most{bytes, x_usual.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &most);
  }
  ~ShortFiles() {
    ::setrlimit(RLIMIT_FSIZE, &x_usual);
    ::signal(SIGXFSZ, x_handler);
  }

 private:
  rlimit x_usual{};
  sighandler_t x_handler;
};

TEST_F(DatabaseTest, says_what_the_system_said_of_its_file) {
  const auto database = open_database(folder / "a.db", Access::create);
  ASSERT_TRUE(database.ok());
  ASSERT_TRUE(execute(database->get(), "CREATE TABLE t(text TEXT)").ok());
  const ShortFiles limit(8192);
  const auto said =
      execute(database->get(), "INSERT INTO t VALUES (?1)", {std::string(1 << 20, 'x')});
  ASSERT_FALSE(said.ok());
  EXPECT_NE(said.error().text().find("the file would be too large"), std::string::npos)
      << said.error().text();
  EXPECT_NE(said.error().text().find("a.db"), std::string::npos) << said.error().text();
  EXPECT_EQ(said.error().fault(), Fault::external);
}

TEST_F(DatabaseTest, says_out_of_memory_whichever_request_for_memory_fails) {
  std::int64_t failed = 0;
  for (std::int64_t n = 0;; ++n) {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directory(folder);
    memory().left = n;
    memory().has_ended = false;
    const auto said = work();
    memory().left = -1;
    if (said.ok()) {
      EXPECT_EQ(*said, "a 5000000 b 5000000 ") << "at request " << n;
    } else {
      EXPECT_NE(said.error().text().find("out of memory"), std::string::npos)
          << "at request " << n << ": " << said.error().text();
      EXPECT_EQ(said.error().fault(), Fault::external);
      ++failed;
    }
    if (!memory().has_ended) break;
  }
  EXPECT_GT(failed, 20);
}

}  // namespace
}  // namespace leat::sqlite
