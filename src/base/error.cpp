#include "base/error.hpp"

namespace leat {

std::string_view name_of(Fault fault) {
  switch (fault) {
    case Fault::config: return "config";
    case Fault::data: return "data";
    case Fault::external: return "external";
    case Fault::internal: return "internal";
  }
  return "internal";
}

std::string text_of(const Place& place) {
  if (place.line == 0) return place.file;
  return place.file + ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
}

Error Error::of(std::vector<Diagnostic> diagnostics) {
  const auto count = diagnostics.size();
  Error error(Fault::config,
              count == 1 ? diagnostics.front().message : std::to_string(count) + " errors");
  error.x_diagnostics = std::move(diagnostics);
  return error;
}

Error Error::with(std::string key, std::string value) && {
  x_facts.emplace_back(std::move(key), std::move(value));
  return std::move(*this);
}

Error Error::during(std::string step) && {
  x_trail.push_back(std::move(step));
  return std::move(*this);
}

Error Error::hint(std::string hint) && {
  x_hint = std::move(hint);
  return std::move(*this);
}

Error Error::retry_after(std::chrono::milliseconds delay) && {
  x_retry_after = delay;
  return std::move(*this);
}

Error Error::busy() && {
  x_busy = true;
  return std::move(*this);
}

Error Error::refused() && {
  x_refused = true;
  return std::move(*this);
}

Error Error::cancelled() && {
  x_cancelled = true;
  return std::move(*this);
}

Error Error::grave() && {
  x_grave = true;
  return std::move(*this);
}

std::string Error::text() const {
  std::string out = x_message;
  for (const auto& [key, value] : x_facts) {
    out += (out.empty() ? "[" : " [") + key + "=" + value + "]";
  }
  for (const auto& step : x_trail) {
    out += ", " + step;
  }
  return out;
}

}  // namespace leat
