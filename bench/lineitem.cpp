#include "lineitem.hpp"

#include <bit>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "base/assert.hpp"

namespace leat::bench {
namespace {

constexpr std::string_view kHeader =
    "l_orderkey,l_partkey,l_suppkey,l_linenumber,l_quantity,l_extendedprice,l_discount,l_tax,"
    "l_returnflag,l_linestatus,l_shipdate,l_commitdate,l_receiptdate,l_shipinstruct,l_shipmode,"
    "l_comment\n";
constexpr std::array<std::string_view, 4> kInstructions{"DELIVER IN PERSON", "COLLECT COD", "NONE",
                                                        "TAKE BACK RETURN"};
constexpr std::array<std::string_view, 7> kModes{"AIR",  "RAIL", "SHIP",   "TRUCK",
                                                 "MAIL", "FOB",  "REG AIR"};
constexpr std::array<std::string_view, 16> kWords{
    "carefully", "final",    "deposits", "sleep",      "quickly", "ironic",
    "packages",  "above",    "the",      "furiously",  "regular", "accounts",
    "haggle",    "blithely", "express",  "theodolites"};
constexpr std::size_t kShipDays = 2526;  // 1992-01-02 to 1998-12-01
constexpr std::size_t kBufferBytes = 1 << 20;
constexpr std::size_t kRowBytesMax = 512;

/// Days from 1992-01-01 as text.
std::vector<std::array<char, 10>> date_texts() {
  using namespace std::chrono_literals;
  std::vector<std::array<char, 10>> texts;
  auto day = std::chrono::sys_days(1992y / 1 / 1);
  for (; day < std::chrono::sys_days(2000y / 1 / 1); day += std::chrono::days(1)) {
    const std::chrono::year_month_day date(day);
    char text[16];
    std::snprintf(text, sizeof(text), "%04d-%02u-%02u", int(date.year()), unsigned(date.month()),
                  unsigned(date.day()));
    std::memcpy(texts.emplace_back().data(), text, 10);
  }
  return texts;
}

/// One row's values, before they are text.
struct Row {
  std::uint64_t order = 0;
  std::uint64_t part = 0;
  std::uint64_t supplier = 0;
  std::uint64_t line = 0;
  std::uint64_t quantity = 0;
  std::uint64_t cents = 0;
  std::uint64_t discount = 0;
  std::uint64_t tax = 0;
  std::size_t ship = 0;
  std::size_t commit = 0;
  std::size_t receipt = 0;
  std::uint64_t bits = 0;  ///< For the words.
  int bad = -1;            ///< A kind of Bad, or none.
};

class Generator {
 public:
  explicit Generator(const LineitemPlan& plan)
      : x_plan(plan), x_orders_mask(std::bit_ceil(plan.rows / 4 + 2) - 1), x_state(plan.seed) {}

  Row next(std::uint64_t number) {
    const auto a = random();
    const auto b = random();
    Row row;
    row.order = number / 4 + 1;
    if (x_plan.scattered) row.order = (row.order * kOddFactor) & x_orders_mask;
    row.line = number % 4 + 1;
    row.part = a % 2'000'000 + 1;
    row.supplier = (a >> 24) % 100'000 + 1;
    row.quantity = (a >> 44) % 50 + 1;
    row.cents = row.quantity * (90'000 + b % 110'000);
    row.discount = (b >> 20) % 11;
    row.tax = (b >> 26) % 9;
    row.ship = 1 + (b >> 32) % kShipDays;
    row.commit = row.ship + (b >> 46) % 60;
    row.receipt = row.ship + 1 + (b >> 54) % 30;
    row.bits = random();
    if (row.bits % 100 == 0) row.bad = int((row.bits >> 8) % kBadKinds);
    return row;
  }

  LineitemCounts counts;

  void count(const Row& row, std::size_t last_ship) {
    if (row.bad >= 0 && !x_plan.clean) {
      ++counts.bad[std::size_t(row.bad)];
    } else {
      ++(row.ship > last_ship ? counts.filtered : counts.published);
    }
  }

 private:
  std::uint64_t random() {
    auto z = (x_state += 0x9e3779b97f4a7c15ull);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
  }

  /// Odd, so that no two orders below a power of two meet.
  static constexpr std::uint64_t kOddFactor = 0x9e3779b97f4a7c15ull;

  LineitemPlan x_plan;
  std::uint64_t x_orders_mask;
  std::uint64_t x_state;
};

/// Puts rows into a buffer as CSV.
class Writer {
 public:
  Writer(const std::filesystem::path& path, bool clean)
      : x_file(std::fopen(path.c_str(), "wb"), std::fclose),
        x_clean(clean),
        x_dates(date_texts()),
        x_buffer(kBufferBytes + kRowBytesMax) {
    LEAT_ASSERT(x_file != nullptr);
    put(kHeader);
  }

  void write(const Row& row) {
    const auto bad = [&](Bad kind) { return !x_clean && row.bad == int(kind); };
    bad(Bad::null_order) ? put(",") : number(row.order, ',');
    bad(Bad::null_part) ? put(",") : number(row.part, ',');
    number(row.supplier, ',');
    number(row.line, ',');
    number(bad(Bad::quantity_range) ? 51 + row.quantity : row.quantity, ',');
    bad(Bad::price_number) ? put("1234.x5,") : hundredths(row.cents);
    hundredths(bad(Bad::discount_range) ? 99 : row.discount);
    hundredths(row.tax);
    put(bad(Bad::return_flag) ? "X," : row.ship > 1200 ? "N," : row.bits & 256 ? "A," : "R,");
    put(row.ship > 1200 ? "O," : "F,");
    bad(Bad::ship_date) ? put("1995-13-45,") : date(row.ship);
    date(row.commit);
    date(bad(Bad::dates_order) ? row.ship - 1 : row.receipt);
    put(bad(Bad::instruction_pattern) ? "drop it" : kInstructions[(row.bits >> 9) % 4]);
    put(",");
    put(bad(Bad::ship_mode) ? "TELEPORT" : kModes[(row.bits >> 12) % 7]);
    put(",");
    comment(row.bits);
    if (x_size >= kBufferBytes) flush();
  }

  std::uint64_t close() {
    flush();
    LEAT_ASSERT(std::fflush(x_file.get()) == 0);
    return x_bytes;
  }

 private:
  void put(std::string_view text) {
    std::memcpy(x_buffer.data() + x_size, text.data(), text.size());
    x_size += text.size();
  }

  void number(std::uint64_t value, char after) {
    char* const at = x_buffer.data() + x_size;
    const auto end = std::to_chars(at, at + 20, value).ptr;
    *end = after;
    x_size += std::size_t(end - at) + 1;
  }

  void hundredths(std::uint64_t value) {
    number(value / 100, '.');
    const auto rest = value % 100;
    const char digits[3] = {char('0' + rest / 10), char('0' + rest % 10), ','};
    put({digits, 3});
  }

  void date(std::size_t day) {
    put({x_dates[day].data(), 10});
    put(",");
  }

  /// Two to five words; one in twenty quoted, with a comma and quotes inside.
  void comment(std::uint64_t bits) {
    const bool quoted = (bits >> 16) % 20 == 0;
    const bool broken = quoted && (bits >> 24) % 200 == 0;
    if (quoted) put("\"");
    put(kWords[(bits >> 32) % 16]);
    if (quoted) put(broken ? ",\nsaid \"\"" : ", said \"\"");
    if (!quoted) put(" ");
    put(kWords[(bits >> 36) % 16]);
    for (std::uint64_t i = 0; i < (bits >> 40) % 4; ++i) {
      put(" ");
      put(kWords[(bits >> (44 + 4 * i)) % 16]);
    }
    put(quoted ? "\"\"\"\n" : "\n");
  }

  void flush() {
    LEAT_ASSERT(std::fwrite(x_buffer.data(), 1, x_size, x_file.get()) == x_size);
    x_bytes += x_size;
    x_size = 0;
  }

  std::unique_ptr<std::FILE, int (*)(std::FILE*)> x_file;
  bool x_clean;
  std::vector<std::array<char, 10>> x_dates;
  std::vector<char> x_buffer;
  std::size_t x_size = 0;
  std::uint64_t x_bytes = 0;
};

/// Its number of days from 1992-01-01.
std::size_t day_of(std::string_view date) {
  const auto texts = date_texts();
  for (std::size_t day = 0; day < texts.size(); ++day) {
    if (std::string_view(texts[day].data(), 10) == date) return day;
  }
  return texts.size();
}

}  // namespace

std::uint64_t LineitemCounts::bad_rows() const {
  std::uint64_t sum = 0;
  for (const auto count : bad) sum += count;
  return sum;
}

LineitemCounts write_lineitem(const LineitemPlan& plan, const std::filesystem::path& path) {
  Generator generator(plan);
  Writer writer(path, plan.clean);
  const auto last_ship = day_of(kLastShipDate);
  for (std::uint64_t number = 0; number < plan.rows; ++number) {
    const auto row = generator.next(number);
    generator.count(row, last_ship);
    writer.write(row);
  }
  generator.counts.bytes = writer.close();
  return generator.counts;
}

}  // namespace leat::bench
