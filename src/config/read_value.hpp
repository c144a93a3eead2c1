#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/findings.hpp"
#include "config/node.hpp"
#include "config/option_set.hpp"
#include "config/sql_text.hpp"
#include "config/values.hpp"

namespace leat::config {

/// Adds a finding where a value names a secret, or holds what only a run knows: for values that are
/// not read by a table.
bool refuse_secret(const Node& node, Findings& findings);

/// Does it hold `{{ nodes.… }}`?
bool waits_for_run(const Node& node);

/// Each reads one value by its declared type and the limits of its shape. False: a finding was
/// added and `out` is as it was. A secret is read by SecretRef alone.
bool read_value(const Node&, const ValueShape&, bool& out, Findings&);
bool read_value(const Node&, const ValueShape&, std::int64_t& out, Findings&);
bool read_value(const Node&, const ValueShape&, std::uint64_t& out, Findings&);
bool read_value(const Node&, const ValueShape&, double& out, Findings&);
bool read_value(const Node&, const ValueShape&, std::string& out, Findings&);
bool read_value(const Node&, const ValueShape&, Bytes& out, Findings&);
bool read_value(const Node&, const ValueShape&, Duration& out, Findings&);
bool read_value(const Node&, const ValueShape&, Share& out, Findings&);
bool read_value(const Node&, const ValueShape&, SecretRef& out, Findings&);
bool read_value(const Node&, const ValueShape&, SqlText& out, Findings&);
bool read_value(const Node&, const ValueShape&, Located<std::string>& out, Findings&);
bool read_value(const Node&, const ValueShape&, Node& out, Findings&);
bool read_value(const Node&, const ValueShape&, const Node*& out, Findings&);

/// Adds "expected …, found …".
void add_mismatch(const Node& node, std::string_view expected, Findings& findings);
/// False, with a finding, when the text is none of the choices.
bool check_choices(const Node& node, const ValueShape& shape, Findings& findings);
/// False, with a finding, when a list has too few or too many items.
bool check_items(const Node& node, const ValueShape& shape, std::size_t count, Findings& findings);
/// As a user would write it: whole numbers without a point.
std::string number_text(long double number);
/// A text as YAML would show it: quoted where it must be.
std::string yaml_text_of(const std::string& text);

/// The default of an option as YAML; empty when there is none to tell.
std::string default_text(bool value);
std::string default_text(std::int64_t value);
std::string default_text(std::uint64_t value);
std::string default_text(double value);
std::string default_text(const std::string& value);
std::string default_text(const Located<std::string>& value);
std::string default_text(const Bytes& value);
std::string default_text(const Duration& value);
std::string default_text(const Share& value);

/// Which kind of value a member type stands for.
template <typename T>
struct KindOf {
  static constexpr ValueKind kind = ValueKind::table;
};
template <>
struct KindOf<bool> {
  static constexpr ValueKind kind = ValueKind::boolean;
};
template <>
struct KindOf<std::int64_t> {
  static constexpr ValueKind kind = ValueKind::integer;
};
template <>
struct KindOf<std::uint64_t> {
  static constexpr ValueKind kind = ValueKind::integer;
};
template <>
struct KindOf<double> {
  static constexpr ValueKind kind = ValueKind::number;
};
template <>
struct KindOf<std::string> {
  static constexpr ValueKind kind = ValueKind::text;
};
template <>
struct KindOf<Bytes> {
  static constexpr ValueKind kind = ValueKind::bytes;
};
template <>
struct KindOf<Duration> {
  static constexpr ValueKind kind = ValueKind::duration;
};
template <>
struct KindOf<Share> {
  static constexpr ValueKind kind = ValueKind::share;
};
template <>
struct KindOf<SecretRef> {
  static constexpr ValueKind kind = ValueKind::secret;
};
template <>
struct KindOf<SqlText> {
  static constexpr ValueKind kind = ValueKind::sql;
};
template <>
struct KindOf<Located<std::string>> {
  static constexpr ValueKind kind = ValueKind::text;
};
template <>
struct KindOf<Node> {
  static constexpr ValueKind kind = ValueKind::any;
};
template <>
struct KindOf<const Node*> {
  static constexpr ValueKind kind = ValueKind::any;
};

}  // namespace leat::config
