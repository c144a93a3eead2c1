#include "run/spool_record.hpp"

#include <cstring>

#include "base/utf8.hpp"

namespace leat::run {
namespace {

void put_number(std::string& out, std::uint64_t number) {
  char bytes[sizeof number];
  std::memcpy(bytes, &number, sizeof number);
  out.append(bytes, sizeof bytes);
}

void put_text(std::string& out, std::string_view text) {
  put_number(out, text.size());
  out.append(text);
}

bool take_number(std::string_view& bytes, std::uint64_t& number) {
  if (bytes.size() < sizeof number) return false;
  std::memcpy(&number, bytes.data(), sizeof number);
  bytes.remove_prefix(sizeof number);
  return true;
}

bool take_text(std::string_view& bytes, std::string& text) {
  std::uint64_t size = 0;
  if (!take_number(bytes, size) || bytes.size() < size) return false;
  text.assign(bytes.substr(0, size));
  bytes.remove_prefix(size);
  return true;
}

}  // namespace

void append_record(std::string& out, const BadRow& row) {
  put_text(out, row.file);
  put_number(out, row.record);
  put_number(out, row.line);
  put_number(out, row.byte_offset);
  put_number(out, row.failed_checks.size());
  for (const auto& check : row.failed_checks) put_text(out, check);
  put_text(out, row.message);
  put_text(out, row.raw);
  put_text(out, row.raw_form);
}

bool take_record(std::string_view& bytes, BadRow& row) {
  auto rest = bytes;
  std::uint64_t checks = 0;
  if (!take_text(rest, row.file) || !take_number(rest, row.record) ||
      !take_number(rest, row.line) || !take_number(rest, row.byte_offset) ||
      !take_number(rest, checks)) {
    return false;
  }
  row.failed_checks.clear();
  for (std::uint64_t i = 0; i < checks; ++i) {
    if (!take_text(rest, row.failed_checks.emplace_back())) return false;
  }
  if (!take_text(rest, row.message) || !take_text(rest, row.raw) ||
      !take_text(rest, row.raw_form)) {
    return false;
  }
  bytes = rest;
  return true;
}

std::string escape_invalid_utf8(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size());
  while (!bytes.empty()) {
    if (const auto length = character_bytes(bytes); length > 0) {
      out.append(bytes.substr(0, length));
      bytes.remove_prefix(length);
      continue;
    }
    const auto byte = static_cast<unsigned char>(bytes[0]);
    out += "\\x";
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
    bytes.remove_prefix(1);
  }
  return out;
}

}  // namespace leat::run
