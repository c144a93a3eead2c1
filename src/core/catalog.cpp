#include "core/catalog.hpp"

#include "base/assert.hpp"

namespace leat {
namespace {

template <typename Entries, typename Entry>
void add_once(Entries& entries, Entry entry) {
  auto name = entry.name;
  const bool added = entries.emplace(std::move(name), std::move(entry)).second;
  LEAT_ASSERT(added);
}

template <typename Entries>
auto find_in(const Entries& entries, std::string_view name) -> decltype(&entries.begin()->second) {
  const auto found = entries.find(name);
  return found == entries.end() ? nullptr : &found->second;
}

}  // namespace

void Catalog::add(SourceEntry entry) { add_once(x_sources, std::move(entry)); }
void Catalog::add(SinkEntry entry) { add_once(x_sinks, std::move(entry)); }
void Catalog::add(CheckEntry entry) { add_once(x_checks, std::move(entry)); }
void Catalog::add(ConnectionEntry entry) { add_once(x_connections, std::move(entry)); }

void Catalog::add_later_check(std::string name) {
  LEAT_ASSERT(x_checks.find(name) == x_checks.end());
  x_later_checks.insert(std::move(name));
}

const SourceEntry* Catalog::source(std::string_view name) const { return find_in(x_sources, name); }

const SinkEntry* Catalog::sink(std::string_view name) const { return find_in(x_sinks, name); }

const CheckEntry* Catalog::check(std::string_view name) const { return find_in(x_checks, name); }

const ConnectionEntry* Catalog::connection(std::string_view name) const {
  return find_in(x_connections, name);
}

bool Catalog::is_later_check(std::string_view name) const {
  return x_later_checks.find(name) != x_later_checks.end();
}

}  // namespace leat
