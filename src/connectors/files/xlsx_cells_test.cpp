#include "connectors/files/xlsx_cells.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace leat::connectors::files {
namespace {

using testing::HasSubstr;

std::string shown(double serial, XlsxLook look, bool from_1904 = false) {
  XlsxCell cell;
  cell.look = look;
  cell.has_value = true;
  cell.text = std::to_string(serial);
  const auto text = text_of(cell, {}, from_1904);
  return text.fault.empty() ? text.text : text.fault;
}

std::string number(const std::string& text) {
  XlsxCell cell;
  cell.has_value = true;
  cell.text = text;
  const auto out = text_of(cell, {}, false);
  return out.fault.empty() ? out.text : out.fault;
}

TEST(XlsxLook, is_told_by_the_letters_that_are_not_only_shown) {
  for (const auto* code : {"yyyy\\-mm\\-dd", "[$-409]d-mmm-yy;@", "mmm", "d/m/yyyy", "\"h\"dd"}) {
    EXPECT_EQ(look_of_code(code), XlsxLook::date) << code;
  }
  for (const auto* code : {"h:mm", "[h]:mm:ss", "mm:ss.0", "[mm]", "h:mm AM/PM"}) {
    EXPECT_EQ(look_of_code(code), XlsxLook::time) << code;
  }
  for (const auto* code : {"yyyy-mm-dd hh:mm", "m/d/yy h:mm"}) {
    EXPECT_EQ(look_of_code(code), XlsxLook::moment) << code;
  }
  for (const auto* code : {"General", "0.00", "#,##0 \"days\"", "[Red]0.00", "0.00E+00", "0\\d",
                           "_-* #,##0", "@", "", "\"open", "[open", "0;yyyy"}) {
    EXPECT_EQ(look_of_code(code), XlsxLook::number) << code;
  }
}

TEST(XlsxText, of_a_boolean_is_told_by_its_digit_or_its_word) {
  const auto boolean = [](const std::string& text) {
    XlsxCell cell;
    cell.kind = XlsxCell::Kind::boolean;
    cell.has_value = true;
    cell.text = text;
    const auto out = text_of(cell, {}, false);
    return out.fault.empty() ? out.text : out.fault;
  };
  EXPECT_EQ(boolean("0") + boolean("1") + boolean("false") + boolean("true"), "falsetruefalsetrue");
  EXPECT_EQ(boolean("2"), "`2` is neither true nor false");
}

TEST(XlsxText, of_a_day_counts_from_1900_with_the_day_that_never_was_or_from_1904) {
  EXPECT_EQ(shown(1, XlsxLook::date), "1900-01-01");
  EXPECT_EQ(shown(59, XlsxLook::date), "1900-02-28");
  EXPECT_THAT(shown(60, XlsxLook::date), HasSubstr("the number of no day"));
  EXPECT_EQ(shown(61, XlsxLook::date), "1900-03-01");
  EXPECT_EQ(shown(45351, XlsxLook::date), "2024-02-29");
  EXPECT_EQ(shown(2958465, XlsxLook::date), "9999-12-31");
  EXPECT_THAT(shown(2958466, XlsxLook::date), HasSubstr("no day"));
  EXPECT_THAT(shown(-1, XlsxLook::date), HasSubstr("no day"));
  EXPECT_EQ(shown(0, XlsxLook::date, true), "1904-01-01");
  EXPECT_EQ(shown(43889, XlsxLook::date, true), "2024-02-29");
}

TEST(XlsxText, of_a_moment_is_rounded_to_milliseconds_and_loses_no_time) {
  EXPECT_EQ(shown(45351.25, XlsxLook::moment), "2024-02-29 06:00:00");
  EXPECT_EQ(shown(45351, XlsxLook::moment), "2024-02-29 00:00:00");
  EXPECT_EQ(shown(45351.5, XlsxLook::date), "2024-02-29 12:00:00");
  EXPECT_EQ(shown(0.25, XlsxLook::time), "06:00:00");
  EXPECT_EQ(shown(1.25, XlsxLook::time), "30:00:00");
  EXPECT_EQ(number("45351.99999999999"), "45351.99999999999");
}

TEST(XlsxText, of_a_number_is_its_shortest_form) {
  EXPECT_EQ(number("0.10000000000000001"), "0.1");
  EXPECT_EQ(number("1E5"), "100000");
  EXPECT_EQ(number("12345678901234567890"), "12345678901234567890");
  EXPECT_EQ(number("-7"), "-7");
  EXPECT_EQ(number("1e300"), "1e+300");
  EXPECT_EQ(number("1E-3"), "0.001");
  EXPECT_THAT(number("x"), HasSubstr("is no number"));
  EXPECT_THAT(number("1e999"), HasSubstr("is no number"));
}

TEST(XlsxPlace, is_read_from_letters_and_digits) {
  EXPECT_EQ(parse_place("A1")->column, 0U);
  EXPECT_EQ(parse_place("ab12")->column, 27U);
  EXPECT_EQ(parse_place("XFD1048576")->row, 1'048'576U);
  EXPECT_EQ(parse_place("7")->column, std::nullopt);
  for (const auto* text : {"", "XFE1", "A0", "A-1", "1A", "A1B", "AAAAAAAAAAAAAAAA1"}) {
    EXPECT_FALSE(parse_place(text)) << text;
  }
  for (const std::uint32_t column : {0U, 25U, 26U, 701U, 702U, 16383U}) {
    EXPECT_EQ(parse_place(letters_of(column))->column, column);
  }
}

}  // namespace
}  // namespace leat::connectors::files
