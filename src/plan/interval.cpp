#include "plan/interval.hpp"

#include <algorithm>
#include <charconv>

#include "base/names.hpp"
#include "base/text.hpp"

namespace leat::plan {
namespace {

using std::chrono::floor;
using std::chrono::hours;

constexpr std::string_view kSecondsEnd = ":00";
constexpr std::size_t kDateSize = 10;

/// "2024-01-01T05:00:00Z"
std::string whole_seconds(Instant at) {
  return format_instant(floor<std::chrono::seconds>(at)).substr(0, 19) + "Z";
}

Error wrong(const std::string& key, const std::string& text, const std::string& what,
            const std::string& hint) {
  return Error(Fault::config, "`" + key + ": " + text + "` " + what).hint(hint);
}

/// A border as the file writes it, as a local timestamp: "2024-01-01 00:00:00".
Result<std::string> local_border(const std::string& key, const std::string& written,
                                 IntervalUnit unit) {
  auto text = std::string(trimmed(written));
  const auto day = parse_date(std::string_view(text).substr(0, kDateSize));
  const bool has_time = text.size() > kDateSize;
  if (!day.ok() || (has_time && unit != IntervalUnit::hour)) {
    return wrong(key, text, "is no border of a " + std::string(name_of(unit)),
                 unit == IntervalUnit::hour ? "write 2024-01-01 or 2024-01-01 06:00"
                                            : "write a date such as 2024-01-01");
  }
  if (unit == IntervalUnit::month && !text.ends_with("-01")) {
    return wrong(key, text, "is no first day of a month", "write " + text.substr(0, 8) + "01");
  }
  if (!has_time) return text + " 00:00:00";
  text[kDateSize] = ' ';
  if (text.size() == kDateSize + 6) text += kSecondsEnd;
  const bool is_whole = text.size() == 19 && text.ends_with(":00:00") &&
                        parse_instant(text.substr(0, kDateSize) + "T" + text.substr(11) + "Z").ok();
  if (is_whole) return text;
  return wrong(key, written, "is no full hour", "write 2024-01-01 06:00");
}

std::string step_of(IntervalUnit unit) { return "INTERVAL 1 " + std::string(name_of(unit)); }

Result<Instant> instant_of_micros(const std::string& micros) {
  std::int64_t number = 0;
  const auto* end = micros.data() + micros.size();
  const auto [stop, code] = std::from_chars(micros.data(), end, number);
  if (code == std::errc() && stop == end) return Instant(Micros(number));
  return Error(Fault::internal, "the engine told no instant").with("text", micros);
}

/// What the clock in a zone shows at some instants, or the other way round.
class Zone {
 public:
  Zone(std::string name, engine::Session& session) : x_name(std::move(name)), x_session(session) {}

  Status require() const {
    TRY(const auto found,
        x_session.query("SELECT 1 FROM pg_timezone_names() WHERE name = " + quote_literal(x_name),
                        1));
    if (!found.rows.empty()) return {};
    TRY(const auto all, x_session.query("SELECT name FROM pg_timezone_names() ORDER BY 1"));
    std::vector<std::string> names;
    for (const auto& row : all.rows) names.push_back(row[0].value_or(""));
    const auto nearest = nearest_name(x_name, names);
    return Error(Fault::config, "there is no time zone `" + x_name + "`")
        .hint(nearest ? "did you mean `" + *nearest + "`?"
                      : "write a name such as Europe/Berlin, America/New_York or UTC");
  }

  /// Borders from one local time to another, in steps.
  Result<std::vector<Instant>> borders(const std::string& from, const std::string& to_sql,
                                       const std::string& step) const {
    TRY(const auto found,
        x_session.query("SELECT CAST(epoch_us(timezone(" + quote_literal(x_name) +
                        ", border)) AS VARCHAR) FROM (SELECT unnest(generate_series(TIMESTAMP " +
                        quote_literal(from) + ", " + to_sql + ", " + step +
                        ")) AS border) ORDER BY border"));
    std::vector<Instant> borders;
    for (const auto& row : found.rows) {
      TRY(const auto border, instant_of_micros(row[0].value_or("")));
      borders.push_back(border);
    }
    return borders;
  }

  Result<std::string> local(Instant at) const {
    TRY(const auto found, x_session.query("SELECT strftime(timezone(" + quote_literal(x_name) +
                                              ", " + literal(at) + "), '%Y-%m-%d %H:%M:%S')",
                                          1));
    return found.rows[0][0].value_or("");
  }

  std::string local_sql(Instant at) const {
    return "timezone(" + quote_literal(x_name) + ", " + literal(at) + ")";
  }

 private:
  static std::string literal(Instant at) {
    return "CAST(" + quote_literal(format_instant(at)) + " AS TIMESTAMP WITH TIME ZONE)";
  }

  std::string x_name;
  engine::Session& x_session;
};

std::vector<Interval> between(const std::vector<Instant>& borders) {
  std::vector<Interval> out;
  out.reserve(borders.size());
  for (std::size_t i = 1; i < borders.size(); ++i) {
    Interval interval;
    interval.start = borders[i - 1];
    interval.end = borders[i];
    out.push_back(std::move(interval));
  }
  return out;
}

/// The last border that counts: that of `end`, or `now`.
Result<std::optional<Instant>> end_of(const IntervalRule& rule, const Zone& zone) {
  if (rule.end.empty()) return std::optional<Instant>();
  TRY(const auto local, local_border("end", rule.end, rule.unit));
  TRY(const auto found, zone.borders(local, "TIMESTAMP " + quote_literal(local), "INTERVAL 1 DAY"));
  return std::optional<Instant>(found.front());
}

}  // namespace

std::string_view name_of(IntervalUnit unit) {
  switch (unit) {
    case IntervalUnit::hour: return "hour";
    case IntervalUnit::day: return "day";
    case IntervalUnit::week: return "week";
    case IntervalUnit::month: return "month";
  }
  return "day";
}

std::string Interval::lane() const { return whole_seconds(start) + "/" + whole_seconds(end); }

std::optional<Interval> interval_of_lane(std::string_view lane) {
  const auto slash = lane.find('/');
  if (slash == lane.npos) return std::nullopt;
  const auto start = parse_instant(lane.substr(0, slash));
  const auto end = parse_instant(lane.substr(slash + 1));
  if (!start.ok() || !end.ok()) return std::nullopt;
  Interval interval;
  interval.start = *start;
  interval.end = *end;
  return interval;
}

Result<std::vector<Interval>> intervals_until(const IntervalRule& rule, Instant now,
                                              engine::Session& session) {
  const Zone zone(rule.timezone, session);
  TRY(zone.require());
  TRY(const auto start, local_border("start", rule.start, rule.unit));
  TRY(const auto end, end_of(rule, zone));
  const auto until = end ? std::min(*end, now) : now;
  std::vector<Instant> borders;
  if (rule.unit == IntervalUnit::hour) {
    TRY(const auto first,
        zone.borders(start, "TIMESTAMP " + quote_literal(start), "INTERVAL 1 DAY"));
    for (auto at = first.front(); at <= until; at += hours(1)) borders.push_back(at);
  } else {
    TRY(borders, zone.borders(start, zone.local_sql(until), step_of(rule.unit)));
  }
  std::erase_if(borders, [&](Instant border) { return border > until; });
  return between(borders);
}

Result<Interval> first_interval(const IntervalRule& rule, engine::Session& session) {
  const Zone zone(rule.timezone, session);
  TRY(zone.require());
  TRY(const auto start, local_border("start", rule.start, rule.unit));
  TRY(end_of(rule, zone));
  TRY(const auto borders,
      zone.borders(start, "TIMESTAMP " + quote_literal(start) + " + " + step_of(rule.unit),
                   step_of(rule.unit)));
  Interval interval;
  interval.start = borders.front();
  interval.end = rule.unit == IntervalUnit::hour ? borders.front() + hours(1) : borders.back();
  TRY(complete(interval, rule, session));
  return interval;
}

Status complete(Interval& interval, const IntervalRule& rule, engine::Session& session) {
  const Zone zone(rule.timezone, session);
  TRY(interval.local_start, zone.local(interval.start));
  TRY(interval.local_end, zone.local(interval.end));
  if (rule.unit == IntervalUnit::hour) {
    const auto utc = whole_seconds(interval.start);
    const auto minutes = utc.substr(14, 2);
    interval.name = utc.substr(0, 13) + (minutes == "00" ? "" : minutes) + "Z";
  } else {
    interval.name = interval.local_start.substr(0, rule.unit == IntervalUnit::month ? 7 : 10);
  }
  return {};
}

Result<Instant> instant_of(const std::string& text, const IntervalRule& rule,
                           engine::Session& session) {
  if (text.ends_with('Z')) {
    if (auto at = parse_instant(text); at.ok()) return at;
  }
  auto local = local_border("", text, IntervalUnit::hour);
  if (!local.ok()) {
    return Error(Fault::config, "`" + text + "` is no time")
        .hint("write 2024-01-01, 2024-01-01 06:00 or 2024-01-01T05:00:00Z");
  }
  const Zone zone(rule.timezone, session);
  TRY(const auto found,
      zone.borders(*local, "TIMESTAMP " + quote_literal(*local), "INTERVAL 1 DAY"));
  return found.front();
}

void add_interval_values(const Interval& interval, IntervalUnit unit, config::Values& values) {
  using config::ValueType;
  const auto set = [&](const std::string& name, config::Value value) {
    values.set("interval." + name, std::move(value));
  };
  const auto short_name = [&](Instant at, const std::string& local) {
    if (unit == IntervalUnit::hour) return whole_seconds(at).substr(0, 13) + "Z";
    return local.substr(0, unit == IntervalUnit::month ? 7 : 10);
  };
  const auto written = [](const std::string& local) {
    return local.substr(0, kDateSize) + "T" + local.substr(11) + ".000000Z";
  };
  set("start", {ValueType::timestamp, format_instant(interval.start), "", true, interval.name});
  set("end", {ValueType::timestamp, format_instant(interval.end), "", true,
              short_name(interval.end, interval.local_end)});
  set("local_start", {ValueType::timestamp, written(interval.local_start)});
  set("local_end", {ValueType::timestamp, written(interval.local_end)});
  set("name", {ValueType::text, interval.name});
  set("year", {ValueType::text, interval.local_start.substr(0, 4)});
  set("month", {ValueType::text, interval.local_start.substr(5, 2)});
  set("day", {ValueType::text, interval.local_start.substr(8, 2)});
  set("hour", {ValueType::text, interval.local_start.substr(11, 2)});
}

}  // namespace leat::plan
