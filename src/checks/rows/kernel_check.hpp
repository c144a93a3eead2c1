#pragma once

#include <functional>
#include <string>
#include <vector>

#include "checks/rows/row_check.hpp"

namespace leat::checks::rows {

/// One argument of a check, with the place to complain at when it does not fit a column.
struct PlacedArgs {
  data::KernelArgs args;
  Place place;
  int length = 1;
};

/// A row check that a kernel judges, column by column.
struct KernelCheck {
  std::string kind;  ///< Also the name of the kernel.
  ColumnOptions options;
  data::KernelArgs args;
  std::vector<PlacedArgs> parts;  ///< The arguments one by one, only to find the one that is wrong.
  bool needs_type = false;        ///< It has a meaning for some types only, whatever its arguments.
  std::string complaint;          ///< Behind the column's name: " is null".
};

std::unique_ptr<CheckSpec> make_kernel_check(KernelCheck check);

}  // namespace leat::checks::rows
