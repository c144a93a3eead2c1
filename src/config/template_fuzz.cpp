#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.hpp"
#include "config/template.hpp"

namespace {

leat::config::Values values() {
  using leat::config::ValueType;
  leat::config::Values out;
  out.set("params.text", {ValueType::text, "it's; -- $$ \"x\" /*"});
  out.set("params.n", {ValueType::integer, "-25"});
  out.set("run.day", {ValueType::date, "2026-01-31"});
  return out;
}

}  // namespace

/// Any text with templates in it is rendered, with pieces that cover it in order, or refused with
/// complaints that point into it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const auto known = values();
  const std::string_view sql(reinterpret_cast<const char*>(bytes), size);
  const auto rendered = leat::config::render_sql(sql, known);
  for (const auto& complaint : rendered.complaints) {
    LEAT_ASSERT(complaint.offset <= sql.size());
    LEAT_ASSERT(!complaint.message.empty());
  }
  if (!rendered.complaints.empty()) return 0;
  std::size_t written = 0;
  std::size_t reached = 0;
  for (const auto& piece : rendered.pieces) {
    LEAT_ASSERT(piece.rendered >= reached && piece.rendered <= rendered.text.size());
    LEAT_ASSERT(piece.written >= written && piece.written <= sql.size());
    reached = piece.rendered;
    written = piece.written;
  }
  return 0;
}
