#include "connectors/files/xml_text.hpp"

#include <gtest/gtest.h>

#include <random>

namespace leat::connectors::files {
namespace {

std::string in_sheet(std::string_view text) {
  std::string out;
  append_sheet_text(out, text);
  return out;
}

TEST(SheetText, StandsForWhatXmlCannotHold) {
  EXPECT_EQ(in_sheet("a\x01"
                     "b\r\n\t"),
            "a_x0001_b_x000D_\n\t");
  EXPECT_EQ(in_sheet("\xEF\xBF\xBE\xEF\xBF\xBF\xEF\xBF\xBD"), "_xFFFE__xFFFF_\xEF\xBF\xBD");
  EXPECT_EQ(in_sheet("<a & b>"), "&lt;a &amp; b&gt;");
}

TEST(SheetText, KeepsWhatOnlyLooksSo) {
  EXPECT_EQ(in_sheet("_x0041_"), "_x005F_x0041_");
  EXPECT_EQ(in_sheet("_x00_ _x_ _xGGGG_ _x0041"), "_x00_ _x_ _xGGGG_ _x0041");
  EXPECT_EQ(plain_sheet_text("_x00e9_ _xD800_ _x00"), "\xC3\xA9 _xD800_ _x00");
}

TEST(SheetText, ComesBackAsItWas) {
  std::mt19937_64 random(7);
  constexpr std::string_view kLetters = "_x0041F\x01\r\n \xC3\xA9";
  for (int turn = 0; turn < 20'000; ++turn) {
    std::string text;
    for (auto left = random() % 24; left > 0; --left) {
      const auto at = random() % (kLetters.size() - 1);
      text += at >= kLetters.size() - 2 ? std::string("\xC3\xA9") : std::string(1, kLetters[at]);
    }
    const auto written = in_sheet(text);
    EXPECT_EQ(find_no_xml(written), std::string_view::npos) << written;
    EXPECT_EQ(plain_sheet_text(written), text) << written;
  }
}

TEST(XmlText, FindsWhatNoDocumentHolds) {
  EXPECT_EQ(find_no_xml("a\tb\r\n\xC3\xA9\xEF\xBF\xBD"), std::string_view::npos);
  EXPECT_EQ(find_no_xml(std::string_view("ab\0", 3)), 2u);
  EXPECT_EQ(find_no_xml("\xEF\xBF\xBF"), 0u);
  std::string out;
  append_xml_text(out, "1 < 2 &\r\n3 > ]]>");
  EXPECT_EQ(out, "1 &lt; 2 &amp;&#13;\n3 &gt; ]]&gt;");
}

}  // namespace
}  // namespace leat::connectors::files
