#include "run/part_footer.hpp"

#include <cstring>
#include <nlohmann/json.hpp>
#include <string_view>

namespace leat::run {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

constexpr std::string_view kEnd = "LEATPART";
constexpr std::size_t kTailBytes = sizeof(std::uint32_t) + 8;
constexpr std::uint32_t kFooterBytesMax = 64 << 20;

json text_or_null(const std::optional<std::string>& text) {
  return text ? json(*text) : json(nullptr);
}

std::optional<std::string> text_at(const json& object, const char* key) {
  const auto& value = object.at(key);
  if (value.is_null()) return std::nullopt;
  return value.get<std::string>();
}

std::optional<PartFooter> parse_footer(const std::string& text) {
  const auto object = json::parse(text, nullptr, false);
  if (!object.is_object()) return std::nullopt;
  try {
    PartFooter footer;
    auto& part = footer.part;
    object.at("number").get_to(part.bounds.number);
    part.bounds.after = text_at(object, "after");
    part.bounds.upto = text_at(object, "upto");
    object.at("form").get_to(part.bounds.form);
    object.at("state").get_to(part.bounds.state);
    object.at("rows").get_to(part.rows);
    object.at("bytes").get_to(part.bytes);
    object.at("digest").get_to(part.digest);
    object.at("sealed_at").get_to(part.sealed_at);
    object.at("pipeline").get_to(footer.identity.pipeline);
    object.at("columns").get_to(footer.identity.columns);
    object.at("heads").get_to(footer.identity.heads);
    object.at("source").get_to(footer.identity.source);
    return footer;
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

}  // namespace

std::string footer_of(const SealedPart& part, const ExtractIdentity& identity) {
  const json object{{"number", part.bounds.number},
                    {"after", text_or_null(part.bounds.after)},
                    {"upto", text_or_null(part.bounds.upto)},
                    {"form", part.bounds.form},
                    {"state", part.bounds.state},
                    {"rows", part.rows},
                    {"bytes", part.bytes},
                    {"digest", part.digest},
                    {"sealed_at", part.sealed_at},
                    {"pipeline", identity.pipeline},
                    {"columns", identity.columns},
                    {"heads", identity.heads},
                    {"source", identity.source}};
  auto text = object.dump(-1, ' ', false, json::error_handler_t::replace);
  const auto size = std::uint32_t(text.size());
  text.append(reinterpret_cast<const char*>(&size), sizeof size);
  return text.append(kEnd);
}

std::string difference(const ExtractIdentity& theirs, const ExtractIdentity& own) {
  if (theirs.heads != own.heads) return "something was published since";
  if (theirs.pipeline != own.pipeline) return "the pipeline has changed";
  if (theirs.columns != own.columns) return "the columns of its contract have changed";
  if (theirs.source != own.source) return "what it reads is another table or has other columns";
  return "";
}

Result<std::optional<PartFooter>> read_footer(io::FileSystem& files, const fs::path& path) {
  TRY(auto file, files.open(path, io::Open::read));
  TRY(const auto stat, file->stat());
  if (stat.size < kTailBytes) return std::optional<PartFooter>();
  char tail[kTailBytes];
  TRY(const auto got, file->read_at(stat.size - kTailBytes, tail, kTailBytes));
  std::uint32_t size = 0;
  std::memcpy(&size, tail, sizeof size);
  const std::string_view end(tail + sizeof size, kEnd.size());
  if (got != kTailBytes || end != kEnd || size > kFooterBytesMax || size > stat.size - kTailBytes) {
    return std::optional<PartFooter>();
  }
  std::string text(size, '\0');
  const auto rows = stat.size - kTailBytes - size;
  TRY(const auto read, file->read_at(rows, text.data(), size));
  auto footer = read == size ? parse_footer(text) : std::nullopt;
  if (footer && footer->part.bytes != rows) return std::optional<PartFooter>();
  return footer;
}

}  // namespace leat::run
