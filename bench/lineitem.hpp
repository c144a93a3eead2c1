#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string_view>

namespace leat::bench {

/// The ten ways in which a row of the file is bad; each bad row is bad in one way only.
enum class Bad : std::uint8_t {
  null_order,
  null_part,
  quantity_range,
  discount_range,
  ship_date,
  price_number,
  return_flag,
  ship_mode,
  dates_order,
  instruction_pattern,
};
constexpr std::size_t kBadKinds = 10;

struct LineitemPlan {
  std::uint64_t rows = 0;
  std::uint64_t seed = 1;
  /// The same rows without what is bad in them.
  bool clean = false;
  /// The same rows with l_orderkey in no order.
  bool scattered = false;
};

/// What must come out.
struct LineitemCounts {
  std::array<std::uint64_t, kBadKinds> bad{};
  std::uint64_t filtered = 0;   ///< Good rows shipped after kLastShipDate.
  std::uint64_t published = 0;  ///< Good rows shipped until then.
  std::uint64_t bytes = 0;

  std::uint64_t bad_rows() const;
};

constexpr std::string_view kLastShipDate = "1998-09-02";

/// Writes a CSV file like TPC-H's lineitem: 16 columns with a header, about 130 bytes a row, 1 % of
/// the rows bad, 5 % of the comments quoted, one in some thousand with a line end inside.
///
/// Promise   the same plan makes the same bytes.
/// Errors    stops the program: a benchmark has nobody to tell.
LineitemCounts write_lineitem(const LineitemPlan& plan, const std::filesystem::path& path);

}  // namespace leat::bench
