#include "clients/text_values/decode.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <random>

#include "clients/text_values/parse_number.hpp"

/// What is read from text, held against the engine's own casts.
namespace leat::text_values {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;
using testing::UnorderedElementsAreArray;

using Texts = std::vector<std::string>;

/// A database in memory.
class Engine {
 public:
  Engine() {
    EXPECT_EQ(duckdb_open(nullptr, &x_database), DuckDBSuccess);
    EXPECT_EQ(duckdb_connect(x_database, &x_connection), DuckDBSuccess);
    query("SET TimeZone = 'UTC'");
  }
  ~Engine() {
    duckdb_disconnect(&x_connection);
    duckdb_close(&x_database);
  }
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  duckdb_connection connection() { return x_connection; }
  /// The first column, as text.
  Texts query(const std::string& sql) {
    duckdb_result result;
    EXPECT_EQ(duckdb_query(x_connection, sql.c_str(), &result), DuckDBSuccess)
        << duckdb_result_error(&result);
    Texts out;
    for (idx_t row = 0; row < duckdb_row_count(&result); ++row) {
      char* const text = duckdb_value_varchar(&result, 0, row);
      out.emplace_back(text == nullptr ? "NULL" : text);
      duckdb_free(text);
    }
    duckdb_destroy_result(&result);
    return out;
  }

 private:
  duckdb_database x_database = nullptr;
  duckdb_connection x_connection = nullptr;
};

/// Texts with the readable bytes behind them that cells need.
class PaddedTexts {
 public:
  explicit PaddedTexts(const Texts& texts) {
    for (const auto& text : texts) {
      x_offsets.push_back(x_text.size());
      x_text += text;
    }
    x_offsets.push_back(x_text.size());
    x_text.append(kPadding, 'x');  // Whatever follows must not be read as part of a value.
  }
  std::vector<Cell> cells() const {
    std::vector<Cell> out;
    for (std::size_t i = 0; i + 1 < x_offsets.size(); ++i) {
      out.push_back({x_text.data() + x_offsets[i],
                     static_cast<std::uint32_t>(x_offsets[i + 1] - x_offsets[i]),
                     Cell::Kind::plain});
    }
    return out;
  }

 private:
  std::string x_text;
  std::vector<std::size_t> x_offsets;
};

class Decoding : public testing::Test {
 protected:
  Engine engine;
  ValueFormat format;
  std::vector<RowFault> faults;

  /// Fills the table `t` with texts and what is read from them.
  void fill(const std::string& type_name, const Texts& texts) {
    const data::Column column{"c", data::parse_type(type_name).value(), true};
    const data::Type text_type{};
    engine.query("CREATE OR REPLACE TABLE t(text VARCHAR, v " + data::sql_of(column.type) + ")");
    duckdb_logical_type types[] = {data::type_to_engine(text_type),
                                   data::type_to_engine(column.type)};
    duckdb_data_chunk chunk = duckdb_create_data_chunk(types, 2);
    duckdb_appender appender = nullptr;
    duckdb_appender_create(engine.connection(), nullptr, "t", &appender);
    faults.clear();
    for (std::size_t first = 0; first < texts.size(); first += 2048) {
      const std::size_t last = std::min<std::size_t>(texts.size(), first + 2048);
      const PaddedTexts padded(Texts(texts.begin() + first, texts.begin() + last));
      auto cells = padded.cells();
      duckdb_data_chunk_reset(chunk);
      for (std::size_t i = 0; i < cells.size(); ++i) {
        duckdb_vector_assign_string_element_len(duckdb_data_chunk_get_vector(chunk, 0), i,
                                                cells[i].text, cells[i].size);
      }
      Arena arena;
      mark_nulls(cells, format, column.type.id == data::TypeId::varchar);
      decoder_of(column.type)(
          {cells, duckdb_data_chunk_get_vector(chunk, 1), column, format, true, arena, faults});
      duckdb_data_chunk_set_size(chunk, cells.size());
      EXPECT_EQ(duckdb_append_data_chunk(appender, chunk), DuckDBSuccess);
    }
    duckdb_appender_destroy(&appender);
    duckdb_destroy_data_chunk(&chunk);
    for (auto& type : types) duckdb_destroy_logical_type(&type);
  }

  /// Everything that is read is what the engine reads. Returns what only the engine takes.
  Texts only_the_engine_takes(const std::string& type, const Texts& texts) {
    fill(type, texts);
    const std::string cast = "TRY_CAST(text AS " + type + ")";
    EXPECT_THAT(engine.query("SELECT text || ' -> ' || v FROM t WHERE v IS NOT NULL AND v IS "
                             "DISTINCT FROM " +
                             cast),
                IsEmpty())
        << type;
    return engine.query("SELECT text FROM t WHERE v IS NULL AND " + cast + " IS NOT NULL");
  }
  /// What is read from each text, as the engine shows it.
  Texts read(const std::string& type, const Texts& texts) {
    fill(type, texts);
    return engine.query("SELECT v::varchar FROM t");
  }
};

Texts random_numbers(std::size_t count, bool with_point) {
  std::mt19937_64 random(7);
  Texts out;
  for (std::size_t i = 0; i < count; ++i) {
    std::string text = std::to_string(random() >> (random() % 64));
    if (random() % 8 == 0) text += std::to_string(random());
    if (random() % 3 == 0) text = "-" + text;
    if (with_point && random() % 4 != 0) text.insert(text.size() - random() % text.size(), ".");
    if (with_point && random() % 8 == 0) text += "e" + std::to_string(random() % 700);
    if (with_point && random() % 8 == 0) text += "e-" + std::to_string(random() % 400);
    if (random() % 40 == 0) text += "x";
    out.push_back(text);
  }
  return out;
}

/// Around the borders of every type, and what is no integer.
// clang-format off
constexpr const char* kIntegerEdges[] = {
    "0", "-0", "+5", "007", "127", "128", "-128", "-129", "255", "256", "32767", "32768",
    "-32768", "-32769", "65535", "65536", "2147483647", "2147483648", "-2147483648",
    "-2147483649", "4294967295", "4294967296", "9223372036854775807", "9223372036854775808",
    "-9223372036854775808", "-9223372036854775809", "18446744073709551615",
    "18446744073709551616", "12345678", "123456789",
    "170141183460469231731687303715884105727", "170141183460469231731687303715884105728",
    "-170141183460469231731687303715884105728", "-170141183460469231731687303715884105729",
    "340282366920938463463374607431768211455", "340282366920938463463374607431768211456",
    "", " ", "-", "+", "--1", "1-", "1 2", "0x10", "1,000", " 42", "42 ", "\t42"};
// clang-format on

TEST_F(Decoding, ReadsIntegersAsTheEngineDoes) {
  Texts texts = random_numbers(20'000, false);
  for (const auto edge : kIntegerEdges) texts.emplace_back(edge);
  for (const char* type : {"tinyint", "smallint", "integer", "bigint", "hugeint", "utinyint",
                           "usmallint", "uinteger", "ubigint", "uhugeint"}) {
    const auto stricter = only_the_engine_takes(type, texts);
    for (const auto& text : stricter) EXPECT_THAT(text, testing::AnyOf("0x10")) << type;
  }
}

TEST_F(Decoding, TakesNoFractionForAnInteger) {
  EXPECT_THAT(only_the_engine_takes("bigint", {"1.0", "1.5", "1e3", ".5", "5.", "1_000", "5"}),
              UnorderedElementsAre("1.0", "1.5", "1e3", ".5", "5.", "1_000"));
}

TEST_F(Decoding, ReadsFloatsAsTheEngineDoes) {
  Texts texts = random_numbers(30'000, true);
  for (const char* edge : {"0",
                           "-0.0",
                           "1.5",
                           ".5",
                           "5.",
                           "1e5",
                           "1E-5",
                           "+1.5",
                           "+1e3",
                           "nan",
                           "inf",
                           "-inf",
                           "Infinity",
                           "0.1",
                           "0.2",
                           "0.3",
                           "9007199254740993",
                           "1.7976931348623157e308",
                           "1.8e308",
                           "5e-324",
                           "4.35",
                           "16777217",
                           "3.4028235e38",
                           "3.5e38",
                           "1e",
                           "e5",
                           ".",
                           "1.2.3",
                           "--1",
                           "",
                           " 1 "}) {
    texts.emplace_back(edge);
  }
  // What is beyond the type becomes no number here; the engine rounds it to infinity or zero.
  for (const char* type : {"double", "float"}) {
    for (const auto& text : only_the_engine_takes(type, texts)) {
      const bool is_beyond = text.find('e') != std::string::npos || text.size() > 38;
      EXPECT_TRUE(is_beyond) << type << " " << text;
    }
  }
}

TEST_F(Decoding, ReadsDecimalsExactlyOrNotAtAll) {
  const Texts edges{"0",
                    "1.5",
                    "-1.5",
                    "+2.25",
                    "12345678.91",
                    "9999999999.99",
                    "10000000000",
                    "1.500",
                    "1.505",
                    ".5",
                    "5.",
                    "-0.00",
                    "00012.3",
                    ".",
                    "",
                    "-",
                    "1e2",
                    "1.2.3",
                    "999999999999999999999999999999999999.99",
                    "123456789012345678901234567.5",
                    "0.000000000000000000000000000000000000010"};
  EXPECT_THAT(read("decimal(12,2)", edges),
              ElementsAre("0.00", "1.50", "-1.50", "2.25", "12345678.91", "9999999999.99", "NULL",
                          "1.50", "NULL", "0.50", "5.00", "0.00", "12.30", "NULL", "NULL", "NULL",
                          "NULL", "NULL", "NULL", "NULL", "NULL"));
  for (const char* type : {"decimal(4,1)", "decimal(9,4)", "decimal(18,0)", "decimal(38,10)",
                           "decimal(38,38)", "decimal(19,19)"}) {
    only_the_engine_takes(type, edges);
    only_the_engine_takes(type, random_numbers(5'000, true));
  }
}

TEST_F(Decoding, FindsThePointWhereverItStands) {
  const std::string digits = "1234567890123456789012";
  Texts texts;
  for (std::size_t size = 1; size < digits.size(); ++size) {
    for (std::size_t point = 0; point <= size; ++point) {
      std::string text = digits.substr(0, size);
      text.insert(point, ".");
      for (const auto* sign : {"", "-", "+"}) texts.push_back(sign + text);
      text[(point + size / 2) % text.size()] = '.';
      texts.push_back(text);
      text[point / 2] = 'x';
      texts.push_back(text);
    }
  }
  for (const auto* type : {"decimal(38,19)", "decimal(18,9)", "decimal(18,17)", "double"}) {
    only_the_engine_takes(type, texts);
  }
  EXPECT_THAT(
      read("decimal(38,19)", {"1234.5", "12345678.9012345", "123456789.", ".1234567890123456"}),
      ElementsAre("1234.5000000000000000000", "12345678.9012345000000000000",
                  "123456789.0000000000000000000", "0.1234567890123456000"));
}

TEST_F(Decoding, ReadsDatesAndTimesAsTheEngineDoes) {
  Texts dates{"0001-01-01", "1582-10-15", "1899-12-31", "1900-02-28",  "1900-02-29", "1969-12-31",
              "1970-01-01", "2000-02-29", "2100-02-29", "9999-12-31",  "2024-00-10", "2024-13-01",
              "2024-01-00", "2024-04-31", "24-01-01",   "2024-1-1",    "2024/01/01", "2024-01-01x",
              "0000-01-01", "20a4-01-01", "",           " 2024-01-31 "};
  for (int day = 0; day < 3'000; ++day) {
    dates.push_back(engine.query("SELECT DATE '1600-01-01' + " + std::to_string(day * 101))[0]);
  }
  EXPECT_THAT(
      only_the_engine_takes("date", dates),
      UnorderedElementsAre("24-01-01", "2024-1-1", "2024/01/01", "0000-01-01", "2024-01-01x"));
  const Texts times{"00:00:00",   "23:59:59",         "23:59:59.999999",  "12:30",
                    "24:00:00",   "12:60:00",         "12:00:60",         "1:00:00",
                    "12:00:00.1", "12:00:00.1234567", "12:00:00.1000000", "12:00:00.",
                    "x"};
  EXPECT_THAT(read("time", times),
              ElementsAre("00:00:00", "23:59:59", "23:59:59.999999", "12:30:00", "NULL", "NULL",
                          "NULL", "NULL", "12:00:00.1", "NULL", "12:00:00.1", "NULL", "NULL"));
  only_the_engine_takes("time", {"00:00:00", "23:59:59.999999", "12:30:01.5"});
}

TEST_F(Decoding, ReadsTimestampsAsTheEngineDoes) {
  const Texts texts{"2024-02-29 23:59:59.999999",
                    "2024-02-29T23:59:59",
                    "2024-02-29",
                    "2024-02-29 12:30",
                    "1969-12-31 23:59:59.5",
                    "2024-02-29T12:30:00Z",
                    "2024-02-30 00:00:00",
                    "2024-02-29 24:00:00",
                    "2024-02-29  12:30:00",
                    "2024-02-29 12:30:00+02",
                    "2024-02-29 12:30:00 UTC",
                    "",
                    "x"};
  EXPECT_THAT(only_the_engine_takes("timestamp", texts),
              testing::IsSubsetOf(
                  {"2024-02-29 24:00:00", "2024-02-29  12:30:00", "2024-02-29 12:30:00+02"}));
  EXPECT_THAT(
      read("timestamptz",
           {"2024-02-29 12:30:00+02", "2024-02-29T12:30:00Z", "2024-02-29 12:30:00-05:30",
            "2024-02-29 12:30:00", "2024-02-29 12:30:00+0200", "2024-02-29 12:30:00 +01"}),
      ElementsAre("2024-02-29 10:30:00+00", "2024-02-29 12:30:00+00", "2024-02-29 18:00:00+00",
                  "NULL", "2024-02-29 10:30:00+00", "2024-02-29 11:30:00+00"));
  EXPECT_EQ(faults.size(), 1u);
}

TEST_F(Decoding, ReadsUuidsBlobsAndJson) {
  EXPECT_THAT(only_the_engine_takes("uuid", {"00000000-0000-0000-0000-000000000000",
                                             "ffffffff-FFFF-ffff-ffff-ffffffffffff",
                                             "0192f3c4-1234-7abc-8def-0123456789ab",
                                             "0192f3c4-1234-7abc-8def-0123456789ag", "x"}),
              IsEmpty());
  EXPECT_THAT(only_the_engine_takes("blob", {"abc", "\\x00\\xFFz", "a long text beyond twelve",
                                             "\\", "\\x0", "\\xzz", ""}),
              ElementsAre(""));
  EXPECT_THAT(read("json", {"{\"a\": 1}", "", "not checked"}),
              ElementsAre("{\"a\": 1}", "NULL", "not checked"));
}

TEST_F(Decoding, ReadsBooleansByTheWordsOfTheFormat) {
  const Texts texts{"true", "F", "YES", "n", "1", "0", "maybe", "", "2", " true "};
  EXPECT_THAT(read("boolean", texts), ElementsAre("true", "false", "true", "false", "true", "false",
                                                  "NULL", "NULL", "NULL", "true"));
  format.true_values = {"ja"};
  EXPECT_THAT(read("boolean", {"ja", "true", "false", "Ja"}),
              ElementsAre("true", "NULL", "false", "NULL"));
}

TEST_F(Decoding, ReadsTextOfEveryLength) {
  Texts texts;
  for (std::size_t size = 1; size < 40; ++size) texts.push_back(std::string(size, 'a') + "é");
  fill("varchar", texts);
  EXPECT_THAT(engine.query("SELECT text FROM t WHERE text IS DISTINCT FROM v"), IsEmpty());
  EXPECT_THAT(read("varchar", {"\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82", "ok"}),
              ElementsAre("NULL", "NULL", "NULL", "NULL", "ok"));
  EXPECT_EQ(faults.at(3).message, "`\\xE2\\x82` is not valid UTF-8");
}

TEST_F(Decoding, TakesGroupsOfThreeDigitsOnly) {
  format.thousands = ',';
  EXPECT_THAT(read("bigint", {"1,234", "-1,234,567", "12,34", "1234,567", "1,2345", ",123",
                              "1,,234", "1234", "1,234.5", "999,999,999,999,999,999,999"}),
              ElementsAre("1234", "-1234567", "NULL", "NULL", "NULL", "NULL", "NULL", "1234",
                          "NULL", "NULL"));
  EXPECT_THAT(read("double", {"1,234.5", "0.5", "1,23.4"}), ElementsAre("1234.5", "0.5", "NULL"));
}

TEST_F(Decoding, TakesBlanksThatBindForABlankBetweenGroups) {
  format.thousands = " ";
  format.decimal = ',';
  format.signs = {"€"};
  EXPECT_THAT(
      read("double", {"1 234,5", "1\u00A0234,5", "1\u202F234\u00A0567,25", "12 34", "1  234"}),
      ElementsAre("1234.5", "1234.5", "1234567.25", "NULL", "NULL"));
  EXPECT_THAT(read("double", {"1\u202F234,50\u00A0€", "€\u00A05"}), ElementsAre("1234.5", "5.0"));
  format.thousands = "’";
  EXPECT_THAT(read("bigint", {"1’234", "1 234"}), ElementsAre("1234", "NULL"));
}

TEST_F(Decoding, ReadsADecimalComma) {
  format.decimal = ',';
  EXPECT_THAT(read("double", {"1,5", "-0,25", "1.5", "3", "1e2", "1,2,3"}),
              ElementsAre("1.5", "-0.25", "NULL", "3.0", "100.0", "NULL"));
  format.thousands = '.';
  EXPECT_THAT(read("decimal(9,2)", {"1.234,5", "1.234", "1.23,4", "1,234"}),
              ElementsAre("1234.50", "1234.00", "NULL", "NULL"));
  EXPECT_THAT(read("bigint", {"1.234", "1.5"}), ElementsAre("1234", "NULL"));
}

TEST_F(Decoding, TakesOneSignOffNumbersAlone) {
  format.signs = {"$", "€", "%", "USD"};
  format.thousands = ',';
  EXPECT_THAT(read("decimal(9,2)", {"$1,234.50", "-$3", "$-3", "3 €", "12.5%", "USD 7", "8"}),
              ElementsAre("1234.50", "-3.00", "-3.00", "3.00", "12.50", "7.00", "8.00"));
  EXPECT_THAT(read("double", {"$", "$$1", "$1%", "-$-1", "- $1", "£1", "1$2"}),
              ElementsAre("NULL", "NULL", "NULL", "NULL", "NULL", "NULL", "NULL"));
  EXPECT_THAT(read("bigint", {"$5", "€ 1,000"}), ElementsAre("5", "1000"));
  EXPECT_THAT(read("varchar", {"$5"}), ElementsAre("$5"));
}

TEST_F(Decoding, TakesMarkersForNull) {
  format.nulls = {"-999", "n/a"};
  EXPECT_THAT(read("bigint", {"-999", "n/a", "999", ""}),
              ElementsAre("NULL", "NULL", "999", "NULL"));
  EXPECT_THAT(faults, IsEmpty());
  EXPECT_THAT(read("varchar", {"-999", ""}), ElementsAre("NULL", ""));
}

TEST_F(Decoding, FollowsPatternsOfDatesAndTimes) {
  format.date = TimeFormat::make("%d.%m.%Y").value();
  EXPECT_THAT(read("date", {"31.01.2024", "1.2.2024", "31.02.2024", "2024-01-31", "1.2.24"}),
              ElementsAre("2024-01-31", "2024-02-01", "NULL", "NULL", "NULL"));
  format.date = TimeFormat::make("%a, %b %e, %y").value();
  EXPECT_THAT(read("date", {"Mon, Jan  5, 70", "wednesday, JANUARY 31, 24", "x, Jan 1, 24"}),
              ElementsAre("1970-01-05", "2024-01-31", "NULL"));
  format.date = TimeFormat::make("%Y%j").value();
  EXPECT_THAT(read("date", {"2024366", "2023366", "2024000"}),
              ElementsAre("2024-12-31", "NULL", "NULL"));
  format.timestamp = TimeFormat::make("%D %I:%M:%S.%f %p %z").value();
  EXPECT_THAT(read("timestamptz", {"01/31/24 12:05:06.5 AM +0100", "01/31/24 13:05:06.5 PM Z"}),
              ElementsAre("2024-01-30 23:05:06.5+00", "NULL"));
}

TEST(TimeFormatTest, NamesTheDirectiveThatItDoesNotKnow) {
  const auto made = TimeFormat::make("%Y-%Q");
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().fault(), Fault::config);
  EXPECT_THAT(made.error().message(), testing::HasSubstr("`%Q`"));
  EXPECT_FALSE(TimeFormat::make("100%").ok());
}

}  // namespace
}  // namespace leat::text_values
