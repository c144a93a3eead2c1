#include "clients/xml/parser.hpp"

#include <expat.h>

#include <utility>

#include "base/assert.hpp"

namespace leat::xml {
namespace {

constexpr std::size_t kDepthMax = 256;
/// A tag that has not ended is read again with every piece, so it must end some time.
constexpr std::uint64_t kTagBytesMax = 4 << 20;

}  // namespace

/// What expat calls.
struct Parser::Hooks {
  static void start(void* user, const XML_Char* name, const XML_Char** attributes) {
    auto& parser = *static_cast<Parser*>(user);
    if (++parser.x_depth > kDepthMax) {
      parser.refuse(Error(
          Fault::config, "its elements nest deeper than " + std::to_string(kDepthMax) + " levels"));
      return;
    }
    parser.x_attributes.clear();
    for (; *attributes != nullptr; attributes += 2) {
      parser.x_attributes.push_back({attributes[0], attributes[1]});
    }
    parser.x_events.start(name, parser.x_attributes);
  }
  static void end(void* user, const XML_Char* name) {
    auto& parser = *static_cast<Parser*>(user);
    --parser.x_depth;
    if (parser.x_refusal == nullptr) parser.x_events.end(name);
  }
  static void text(void* user, const XML_Char* text, int size) {
    auto& parser = *static_cast<Parser*>(user);
    parser.x_events.text({text, static_cast<std::size_t>(size)});
  }
  static void doctype(void* user, const XML_Char*, const XML_Char*, const XML_Char*, int) {
    static_cast<Parser*>(user)->refuse(
        Error(Fault::config, "it has a document type (DOCTYPE), which is not read")
            .hint("a document type can make a small file endless; take it out of the file"));
  }
};

Parser::Parser(Events& events) : x_events(events), x_parser(XML_ParserCreate(nullptr)) {
  LEAT_ASSERT(x_parser != nullptr);
  XML_SetUserData(x_parser, this);
  XML_SetElementHandler(x_parser, Hooks::start, Hooks::end);
  XML_SetCharacterDataHandler(x_parser, Hooks::text);
  XML_SetStartDoctypeDeclHandler(x_parser, Hooks::doctype);
}

Parser::~Parser() { XML_ParserFree(x_parser); }

Status Parser::feed(std::string_view bytes, bool is_last) {
  LEAT_ASSERT(!x_is_paused && bytes.size() < (1u << 30));
  x_fed += bytes.size();
  TRY(judge(XML_Parse(x_parser, bytes.data(), static_cast<int>(bytes.size()), is_last ? 1 : 0)));
  const auto at = XML_GetCurrentByteIndex(x_parser);
  if (x_is_paused || at < 0 || x_fed - static_cast<std::uint64_t>(at) <= kTagBytesMax) return {};
  return Error(Fault::config, "a tag has more than 4 MiB").with("line", std::to_string(line()));
}

Status Parser::resume() {
  LEAT_ASSERT(x_is_paused);
  x_is_paused = false;
  return judge(XML_ResumeParser(x_parser));
}

void Parser::pause() {
  x_is_paused = true;
  XML_StopParser(x_parser, XML_TRUE);
}

void Parser::refuse(Error error) {
  x_refusal = std::make_unique<Error>(std::move(error).with("line", std::to_string(line())));
  XML_StopParser(x_parser, XML_FALSE);
}

Status Parser::judge(int status) {
  if (x_refusal != nullptr) return *x_refusal;
  if (status != XML_STATUS_ERROR) return {};
  const auto code = XML_GetErrorCode(x_parser);
  const char* said = XML_ErrorString(code);
  auto error = Error(Fault::external, std::string("the XML is broken: ") +
                                          (said == nullptr ? "out of memory" : said))
                   .with("line", std::to_string(line()))
                   .with("column", std::to_string(XML_GetCurrentColumnNumber(x_parser) + 1));
  const bool is_cut = code == XML_ERROR_NO_ELEMENTS || code == XML_ERROR_UNCLOSED_TOKEN;
  return is_cut ? std::move(error).hint("was the file cut off? fetch it again") : std::move(error);
}

std::uint64_t Parser::line() const { return XML_GetCurrentLineNumber(x_parser); }

std::uint64_t Parser::first_byte() const {
  const auto at = XML_GetCurrentByteIndex(x_parser);
  return at < 0 ? 0 : static_cast<std::uint64_t>(at);
}

std::uint64_t Parser::end_byte() const {
  return first_byte() + static_cast<std::uint64_t>(XML_GetCurrentByteCount(x_parser));
}

std::string_view local_name(std::string_view name) {
  const auto colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

}  // namespace leat::xml
