#include "connectors/postgres/numeric.hpp"

#include <gtest/gtest.h>

#include "connectors/postgres/copy_file.hpp"
#include "connectors/postgres/encode.hpp"
#include "support/temporary_folder.hpp"

namespace leat::connectors::postgres {
namespace {

using kernels::Int128;
using kernels::UInt128;

/// A numeric's bytes without their length.
std::string bytes_of(Int128 value, int scale) {
  WireBytes out;
  const bool is_negative = value < 0;
  put_numeric(out, is_negative ? UInt128(0) - UInt128(value) : UInt128(value), is_negative, scale);
  return std::string(out.view().substr(4));
}

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    constexpr const char* kDigits = "0123456789abcdef";
    text += kDigits[(c >> 4) & 15];
    text += kDigits[c & 15];
  }
  return text;
}

TEST(Numerics, are_the_bytes_that_the_server_sends_itself) {
  // What `COPY (SELECT n::numeric) TO STDOUT (FORMAT binary)` has for these.
  EXPECT_EQ(hex(bytes_of(0, 0)), "0000000000000000");
  EXPECT_EQ(hex(bytes_of(1250, 2)), "0002000000000002000c1388");
  EXPECT_EQ(hex(bytes_of(-5, 2)), "0001ffff4000000201f4");
  EXPECT_EQ(hex(bytes_of(10000, 0)), "00010001000000000001");
  EXPECT_EQ(hex(bytes_of(123456789, 0)),
            "000300020000000000010929"
            "1a85");
  EXPECT_EQ(hex(bytes_of(5, 8)), "0001fffe000000080005");
}

TEST(Numerics, of_every_scale_come_back_as_they_were) {
  Int128 value = 1;
  for (int digits = 1; digits <= 38; ++digits) {
    for (int scale = 0; scale <= digits; ++scale) {
      for (const Int128 one : {value, -value, value - 1, value + digits}) {
        const auto back = numeric_value(bytes_of(one, scale), 38, scale);
        ASSERT_TRUE(back.has_value()) << digits << " " << scale;
        EXPECT_TRUE(*back == one) << digits << " " << scale;
        EXPECT_EQ(numeric_value(bytes_of(one, scale), digits, scale), back) << digits;
      }
    }
    if (digits < 38) value *= 10;
  }
}

TEST(Numerics, that_do_not_fit_are_none) {
  EXPECT_TRUE(numeric_value(bytes_of(999, 0), 3, 0).has_value());
  EXPECT_FALSE(numeric_value(bytes_of(1000, 0), 3, 0).has_value());
  EXPECT_FALSE(numeric_value(bytes_of(125, 2), 9, 1).has_value());
  EXPECT_TRUE(numeric_value(bytes_of(120, 2), 9, 1).has_value());
  EXPECT_FALSE(numeric_value("", 9, 1).has_value());
  EXPECT_FALSE(numeric_value(std::string("\x00\x05\x00\x00\x00\x00\x00\x00", 8), 9, 1).has_value());
  const std::string not_a_number("\x00\x00\x00\x00\xC0\x00\x00\x00", 8);
  EXPECT_FALSE(numeric_value(not_a_number, 9, 1).has_value());
  // 2^128 + 5, and widths of a part of a digit of the server's.
  const std::string beyond(
      "\x00\x0a\x00\x09\x00\x00\x00\x00\x01\x54\x0b\x07\x1a\x24\x03\xaa\x12\x1a\x18\xc1\x11"
      "\xff\x10\xdd\x1a\xa5\x05\xb5",
      28);
  EXPECT_EQ(numeric_text(beyond), "340282366920938463463374607431768211461");
  EXPECT_FALSE(numeric_value(beyond, 38, 0).has_value());
  for (int width = 2; width <= 38; ++width) {
    Int128 least = 1;
    for (int i = 0; i < width; ++i) least *= 10;
    EXPECT_FALSE(numeric_value(bytes_of(least, 0), width, 0).has_value()) << width;
    EXPECT_FALSE(numeric_value(bytes_of(least, 2), width, 2).has_value()) << width;
    EXPECT_TRUE(numeric_value(bytes_of(least - 1, 2), width, 2).has_value()) << width;
  }
  EXPECT_EQ(numeric_text(not_a_number), "NaN");
}

TEST(Numerics, are_written_out_as_a_person_would) {
  EXPECT_EQ(numeric_text(bytes_of(-5, 2)), "-0.05");
  EXPECT_EQ(numeric_text(bytes_of(120000, 2)), "1200.00");
  EXPECT_EQ(numeric_text(bytes_of(5, 8)), "0.00000005");
  EXPECT_EQ(numeric_text(bytes_of(100000000, 0)), "100000000");
  EXPECT_EQ(numeric_text(bytes_of(0, 3)), "0.000");
}

/// Rows of one text column.
std::string rows_of(std::initializer_list<std::string_view> texts) {
  WireBytes out;
  for (const auto text : texts) {
    out.put_number(std::int16_t{1});
    out.put_number(std::int32_t(text.size()));
    out.put(text);
  }
  return std::string(out.view());
}

TEST(CopyFiles, hand_out_whole_rows_however_small_the_pieces) {
  const test::TemporaryFolder folder;
  const std::string long_text(5000, 'x');
  const std::string huge_text(20'000'000, 'y');
  const auto first = rows_of({"a", long_text, ""});
  const auto rows = first + rows_of({huge_text, "b"});
  auto file = CopyFile::create(io::local_files(), folder / "rows", "s").value();
  ASSERT_TRUE(file->append(pack_rows(first)).ok());
  ASSERT_TRUE(file->append(pack_rows(rows.substr(first.size()))).ok());
  ASSERT_TRUE(file->finish().ok());
  for (const std::size_t piece : {1u, 10u, 4096u, 1u << 20}) {
    std::string all;
    const auto read =
        read_rows(io::local_files(), folder / "rows", "s", piece, [&](std::string_view some) {
          all += some;
          return Status();
        });
    ASSERT_TRUE(read.ok()) << read.error().text();
    EXPECT_EQ(all, rows) << piece;
  }
}

TEST(CopyFiles, of_other_columns_or_cut_off_are_refused) {
  const test::TemporaryFolder folder;
  const auto ignore = [](std::string_view) { return Status(); };
  auto file = CopyFile::create(io::local_files(), folder / "rows", "s").value();
  ASSERT_TRUE(file->append(pack_rows(rows_of({"abc"}))).ok());
  ASSERT_TRUE(file->finish().ok());
  EXPECT_TRUE(read_rows(io::local_files(), folder / "rows", "t", 100, ignore).error().is_refused());
  const auto whole = io::read_text(io::local_files(), folder / "rows").value();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    folder.write("cut", whole.substr(0, size));
    EXPECT_FALSE(read_rows(io::local_files(), folder / "cut", "s", 100, ignore).ok()) << size;
  }
  for (std::size_t at = 0; at < whole.size(); ++at) {
    auto other = whole;
    other[at] = char(~other[at]);
    folder.write("other", other);  // Whatever it says: it says something.
    (void)read_rows(io::local_files(), folder / "other", "s", 100, ignore);
  }
  folder.write("none", "PG");
  EXPECT_FALSE(read_rows(io::local_files(), folder / "none", "s", 100, ignore).ok());
}

TEST(PgTypes, hold_what_is_no_wider_than_they_are) {
  const auto holds = [](const char* ours, const PgType& there) {
    return carriage(*data::parse_type(ours), there).has_value();
  };
  const PgType narrow = type_for(*data::parse_type("decimal(10,2)"));
  EXPECT_EQ(narrow.sql, "numeric(10,2)");
  EXPECT_TRUE(holds("decimal(9,1)", narrow));
  EXPECT_FALSE(holds("decimal(10,3)", narrow));
  EXPECT_FALSE(holds("bigint", narrow));
  EXPECT_TRUE(holds("utinyint", narrow));
  EXPECT_TRUE(holds("int", {"int8", "bigint"}));
  EXPECT_FALSE(holds("bigint", {"int4", "integer"}));
  EXPECT_TRUE(holds("hugeint", {"numeric", "numeric"}));
  EXPECT_TRUE(holds("varchar", {"inet", "inet"}));
  EXPECT_FALSE(holds("varchar", {"date", "date"}));
  for (const auto& name : data::type_names()) {
    const auto type = data::parse_type(name);
    ASSERT_TRUE(type.ok()) << name;
    EXPECT_TRUE(carriage(*type, type_for(*type)).has_value()) << name;
  }
}

}  // namespace
}  // namespace leat::connectors::postgres
