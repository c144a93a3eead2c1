#include "kernels/fraction.hpp"

#include <gtest/gtest.h>

namespace leat::kernels {
namespace {

std::string text_of(std::string_view text) {
  const auto number = Fraction::parse(text);
  return number ? number->text() : "nothing";
}

int compared(std::string_view text, std::string_view bound) {
  return Fraction::parse(text)->compare(bound).value();
}

TEST(Fraction, IsASumOfProductsOverANumber) {
  EXPECT_EQ(text_of("12.50"), "12.5");
  EXPECT_EQ(text_of("-0"), "0");
  EXPECT_EQ(text_of("-3e2+7"), "-293");
  EXPECT_EQ(text_of("3*0.25+-5*0.75"), "-3");
  EXPECT_EQ(text_of("7*1+-7*1"), "0");
  EXPECT_EQ(text_of("1e3/8"), "125");
  EXPECT_EQ(text_of("-1/3"), "-0.333333333333333333");
  EXPECT_EQ(text_of("0.02/3"), "0.00666666666666666666");
  EXPECT_EQ(text_of("0/3"), "0");
  EXPECT_EQ(text_of("1.5e+2+1"), "151");
  EXPECT_EQ(text_of("17014118346046923173e19+31687303715884105727"),
            "170141183460469231761687303715884105727");
}

TEST(Fraction, SaysThatMoreDigitsFollow) {
  EXPECT_EQ(text_of("1/1e30"), "0.000000000000000001");
  EXPECT_EQ(text_of("1000000000000000000000000000001/1e30"), "1.000000000000000001");
}

TEST(Fraction, IsComparedWithAllItsDigits) {
  EXPECT_EQ(compared("1/3", "0.333333333333333333333333333333333333333333333"), 1);
  EXPECT_EQ(compared("1/3", "0.333333333333333333333333333333333333333333334"), -1);
  EXPECT_EQ(compared("-1/3", "-0.333333333333333333333333333333333333333333333"), -1);
  EXPECT_EQ(compared("300000000000000000000000000000000000000000003/3", "1e44"), 1);
  EXPECT_EQ(compared("300000000000000000000000000000000000000000000/3", "1e44"), 0);
  EXPECT_EQ(compared("0*5", "-0"), 0);
  EXPECT_EQ(compared("-5", "+5"), -1);
  EXPECT_FALSE(Fraction::parse("5")->compare("five").has_value());
}

TEST(Fraction, IsNothingOfOtherTexts) {
  for (const char* text : {"", "+", "1+", "1/0", "1/-2", "1//2", "a", "1*", "inf", "1 2"}) {
    EXPECT_FALSE(Fraction::parse(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace leat::kernels
