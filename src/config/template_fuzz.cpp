#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.hpp"
#include "config/findings.hpp"
#include "config/sql_text.hpp"

namespace {

using namespace leat::config;

/// The marks below cannot come out of an input without them, so what is between them is the value.
constexpr std::string_view kValue = "\x01 ' \" ; -- /* $$ \\ \x02";

}  // namespace

/// Whatever the SQL is, a value stands in it as one whole literal, and every byte has a place.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string sql(reinterpret_cast<const char*>(data), size);
  if (sql.find_first_of("\x01\x02") != std::string::npos) return 0;
  Values values;
  values.set("a", {ValueType::text, std::string(kValue)});
  values.set("n.b", {ValueType::integer, "-7"});
  Findings findings;
  const auto text = sql_of_file(sql, "fuzz.sql", values, findings);
  LEAT_ASSERT(text.has_value() == findings.empty());
  if (!text) return 0;
  const auto literal = sql_literal({ValueType::text, std::string(kValue)});
  for (auto at = text->text.find('\x01'); at != std::string::npos;
       at = text->text.find('\x01', at + 1)) {
    LEAT_ASSERT(at >= 1 && text->text.compare(at - 1, literal.size(), literal) == 0);
  }
  for (std::size_t at = 0; at <= text->text.size(); ++at) {
    LEAT_ASSERT(text->place_at(at).line >= 1);
  }
  return 0;
}
