#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

struct XML_ParserStruct;

namespace leat::xml {

struct Attribute {
  std::string_view name;
  std::string_view value;
};

/// Who is told what stands in a document, in its order.
class Events {
 public:
  virtual ~Events() = default;
  virtual void start(std::string_view name, std::span<const Attribute> attributes) = 0;
  virtual void end(std::string_view name) = 0;
  /// Text may come in pieces.
  virtual void text(std::string_view text) = 0;
};

/// Reads one XML document piece by piece.
///
/// Calls     `feed` until the last piece; whenever an event called `pause`, `resume` first.
/// Threads   one at a time.
/// Shape     names as they are written, prefix included. Texts are UTF-8, whatever the document's
///           encoding was.
/// Promise   no entity but the five that XML has is ever known, since a document type is refused:
///           nothing grows, nothing outside of the document is looked at.
/// Errors    external  no well-formed XML, with its line and column.
///           config    a document type; elements that nest too deep.
class Parser {
 public:
  explicit Parser(Events& events);
  ~Parser();
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  Status feed(std::string_view bytes, bool is_last);
  Status resume();
  /// From within an event: the running call ends behind it.
  void pause();
  bool is_paused() const { return x_is_paused; }

  /// Where the event stands that is being told; bytes from the start of the document.
  std::uint64_t line() const;
  std::uint64_t first_byte() const;
  std::uint64_t end_byte() const;

 private:
  struct Hooks;

  Status judge(int status);
  void refuse(Error error);

  Events& x_events;
  XML_ParserStruct* x_parser;
  std::uint64_t x_fed = 0;
  std::size_t x_depth = 0;
  bool x_is_paused = false;
  std::vector<Attribute> x_attributes;
  std::unique_ptr<Error> x_refusal;
};

/// A name without its prefix.
std::string_view local_name(std::string_view name);

}  // namespace leat::xml
