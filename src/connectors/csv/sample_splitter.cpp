#include "connectors/csv/sample_splitter.hpp"

namespace leat::connectors::csv {

SampleSplitter::SampleSplitter(std::string_view text, const SampleForm& form, bool is_inside)
    : x_text(text), x_form(form), x_inside(is_inside), x_is_new(!is_inside) {
  for (const char c : {'\n', '\r', form.delimiter[0]}) {
    x_is_special[static_cast<unsigned char>(c)] = true;
  }
}

bool SampleSplitter::next() {
  if (x_has_ended) {
    x_record.assign(1, "");
    x_is_new = true;
    x_has_ended = false;
  }
  while (x_at < x_text.size()) {
    if (x_inside) {
      step_inside();
    } else if (step()) {
      return true;
    }
  }
  return false;
}

QuotesSeen SampleSplitter::quotes() const {
  auto seen = x_quotes;
  seen.closed += x_is_closed;
  if (x_inside) seen.lines_lost += x_lines_open;
  return seen;
}

void SampleSplitter::step_inside() {
  const char c = x_text[x_at];
  const bool has_next = x_at + 1 < x_text.size();
  const char next = has_next ? x_text[x_at + 1] : '\0';
  const bool is_own = x_form.escape != x_form.quote && next == x_form.escape;
  if (has_next && c == x_form.escape && (next == x_form.quote || is_own)) {
    x_record.back() += next;
    ++x_at;
  } else if (c == x_form.quote) {
    x_inside = false;
    x_is_closed = true;
  } else {
    const bool is_line_end = c == '\n' || (c == '\r' && next != '\n');
    x_lines_open += is_line_end;
    x_quotes.lines_within += is_line_end;
    x_record.back() += c;
  }
  ++x_at;
}

bool SampleSplitter::step() {
  const char c = x_text[x_at];
  x_is_new = false;
  if (c == x_form.quote && x_record.back().empty() && !x_is_closed) {
    x_inside = true;
    x_lines_open = 0;
    ++x_at;
  } else if (c == x_form.delimiter[0] && x_text.substr(x_at).starts_with(x_form.delimiter)) {
    x_record.emplace_back();
    x_at += x_form.delimiter.size();
    end_field();
  } else if (c == '\n' || c == '\r') {
    ++x_at;
    end_field();
    x_is_new = x_record.size() == 1 && x_record.back().empty();
    x_has_ended = !x_is_new;
    return x_has_ended;
  } else {
    take_data();
  }
  return false;
}

void SampleSplitter::end_field() {
  x_quotes.closed += x_is_closed;
  x_is_closed = false;
}

void SampleSplitter::take_data() {
  x_quotes.torn += x_is_closed;
  if (x_is_closed) x_quotes.lines_lost += x_lines_open;
  x_is_closed = false;
  x_quotes.foreign += x_record.back().empty() && x_text[x_at] == (x_form.quote == '"' ? '\'' : '"');
  const auto start = x_at++;
  while (x_at < x_text.size() && !x_is_special[static_cast<unsigned char>(x_text[x_at])]) ++x_at;
  x_record.back().append(x_text.substr(start, x_at - start));
}

}  // namespace leat::connectors::csv
