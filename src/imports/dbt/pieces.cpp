#include "imports/dbt/pieces.hpp"

#include <algorithm>

namespace leat::imports::dbt {
namespace {

constexpr std::string_view kBlank = " \t\r\n";

std::string_view without_blanks(std::string_view text) {
  const auto first = text.find_first_not_of(kBlank);
  if (first == text.npos) return "";
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

void take_blanks_off_the_end(std::string& text) {
  const auto last = text.find_last_not_of(kBlank);
  text.resize(last == text.npos ? 0 : last + 1);
}

struct Mark {
  std::string_view open;
  std::string_view close;
};
constexpr Mark kMarks[] = {{"{{", "}}"}, {"{%", "%}"}, {"{#", "#}"}};

/// Where `close` stands outside of quotes; of a comment the first one.
std::size_t find_close(std::string_view text, std::size_t at, std::string_view close) {
  if (close == "#}") return text.find(close, at);
  char quote = 0;
  for (; at < text.size(); ++at) {
    if (quote != 0) {
      if (text[at] == quote) quote = 0;
    } else if (text[at] == '"' || text[at] == '\'') {
      quote = text[at];
    } else if (text.substr(at).starts_with(close)) {
      return at;
    }
  }
  return text.npos;
}

class Cutter {
 public:
  explicit Cutter(std::string_view text) : x_text(text) {}

  Result<std::vector<Piece>> all() {
    for (auto open = next_open(); open != x_text.npos; open = next_open()) {
      add_text(open);
      TRY(add_mark(open));
    }
    add_text(x_text.size());
    return std::move(x_pieces);
  }

 private:
  std::size_t next_open() const {
    for (auto at = x_text.find('{', x_at); at != x_text.npos; at = x_text.find('{', at + 1)) {
      const char next = at + 1 < x_text.size() ? x_text[at + 1] : ' ';
      if (next == '{' || next == '%' || next == '#') return at;
    }
    return x_text.npos;
  }

  void add_text(std::size_t end) {
    std::string text(x_text.substr(x_at, end - x_at));
    if (x_trim_next) text.erase(0, std::min(text.find_first_not_of(kBlank), text.size()));
    if (!text.empty()) x_pieces.push_back({Piece::Kind::text, std::move(text), line_at(x_at)});
    x_at = end;
  }

  Status add_mark(std::size_t open) {
    const auto& mark =
        x_text[open + 1] == '{' ? kMarks[0] : kMarks[x_text[open + 1] == '%' ? 1 : 2];
    const auto close = find_close(x_text, open + 2, mark.close);
    if (close == x_text.npos) {
      return Error(Fault::config, std::to_string(line_at(open)) + ": `" + std::string(mark.open) +
                                      "` is never closed");
    }
    auto inside = x_text.substr(open + 2, close - open - 2);
    if (inside.starts_with('-')) {
      inside.remove_prefix(1);
      if (!x_pieces.empty() && x_pieces.back().kind == Piece::Kind::text) {
        take_blanks_off_the_end(x_pieces.back().text);
      }
    }
    x_trim_next = inside.ends_with('-');
    if (x_trim_next) inside.remove_suffix(1);
    x_at = close + 2;
    if (mark.open == "{#") return {};
    x_pieces.push_back({mark.open == "{{" ? Piece::Kind::output : Piece::Kind::statement,
                        std::string(without_blanks(inside)), line_at(open)});
    return {};
  }

  int line_at(std::size_t offset) const {
    return 1 + int(std::count(x_text.begin(), x_text.begin() + std::ptrdiff_t(offset), '\n'));
  }

  std::string_view x_text;
  std::size_t x_at = 0;
  bool x_trim_next = false;
  std::vector<Piece> x_pieces;
};

}  // namespace

std::string Piece::word() const { return text.substr(0, text.find_first_of(" \t\r\n(")); }

std::string Piece::rest() const {
  return std::string(without_blanks(std::string_view(text).substr(word().size())));
}

Result<std::vector<Piece>> pieces_of(std::string_view text) { return Cutter(text).all(); }

}  // namespace leat::imports::dbt
