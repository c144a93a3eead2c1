#include "clients/text_values/decode_frame.hpp"
#include "base/clock.hpp"
#include "clients/text_values/calendar.hpp"
#include "clients/text_values/time_format.hpp"

namespace leat::text_values {
namespace {

bool parse_written_date(std::string_view text, const ValueFormat& format, std::int32_t& out) {
  Civil civil;
  return format.date->parse(text, civil) && days_of(civil, out);
}

bool parse_time(std::string_view text, std::int64_t& out) {
  Civil civil;
  return parse_iso_time(text, civil) && micros_of_day(civil, out);
}

bool parse_plain_date(std::string_view text, std::int32_t& out) {
  int year = 0;
  int month = 0;
  int day = 0;
  return parse_iso_date(text, year, month, day) && days_of_date(year, month, day, out);
}

/// `with_zone`: an offset must be there, and the result is in UTC; else none but UTC may be.
bool parse_timestamp(std::string_view text, const ValueFormat& format, bool with_zone,
                     std::int64_t& out) {
  Civil civil;
  const bool parsed =
      format.timestamp ? format.timestamp->parse(text, civil) : parse_iso_timestamp(text, civil);
  std::int32_t days = 0;
  std::int64_t micros = 0;
  if (!parsed || !days_of(civil, days) || !micros_of_day(civil, micros)) return false;
  if (with_zone ? !civil.has_offset : civil.offset_minutes != 0) return false;
  out = days * kMicrosADay + micros - civil.offset_minutes * std::int64_t{60'000'000};
  return true;
}

template <typename T, typename Parse>
void decode_moments(const ColumnJob& job, Parse parse) {
  decode_values<T>(
      job,
      [&parse](const char* text, std::size_t size, T& out) { return parse({text, size}, out); },
      [&parse](std::string_view text, T& out) { return parse(text, out); });
}

void decode_date(const ColumnJob& job) {
  if (!job.format.date) {
    return decode_moments<std::int32_t>(
        job, [](std::string_view text, std::int32_t& out) { return parse_plain_date(text, out); });
  }
  decode_moments<std::int32_t>(job, [&job](std::string_view text, std::int32_t& out) {
    return parse_written_date(text, job.format, out);
  });
}

void decode_time(const ColumnJob& job) { decode_moments<std::int64_t>(job, parse_time); }

template <bool kWithZone>
void decode_timestamp(const ColumnJob& job) {
  decode_moments<std::int64_t>(job, [&job](std::string_view text, std::int64_t& out) {
    return parse_timestamp(text, job.format, kWithZone, out);
  });
}

}  // namespace

Decoder time_decoder(const data::Type& type) {
  switch (type.id) {
    case data::TypeId::date: return decode_date;
    case data::TypeId::time: return decode_time;
    case data::TypeId::timestamp: return decode_timestamp<false>;
    case data::TypeId::timestamp_tz: return decode_timestamp<true>;
    default: return nullptr;
  }
}

}  // namespace leat::text_values
