#pragma once

#include <filesystem>
#include <string>

#include "app/project.hpp"
#include "base/cancel.hpp"
#include "engine/session.hpp"
#include "run/look.hpp"

namespace leat::app {

/// What the word after a command means, when it may be a node or `pipeline.node`.
struct NodePlace {
  std::filesystem::path file;
  std::string node;  ///< A source or model; of a sink the dataset that it publishes.
};
Result<NodePlace> find_node(const std::filesystem::path& where, const LoadOptions& options,
                            const std::string& name);

struct Preview {
  std::string dataset;
  std::uint64_t rows = 0;   ///< All there are,
  bool is_cut = false;      ///< or those that were read of a stream, which may have more.
  engine::TextTable table;  ///< The first ones.
  run::LookReport report;
};

/// The first rows of a node, after all that comes before it and with its checks; nothing is
/// published.
Result<Preview> preview(const std::filesystem::path& where, const LoadOptions& options,
                        const std::string& node, std::size_t rows_max, const CancelToken& cancel,
                        const run::RunEvents& events);

/// Goes to a node and hands its rows to `reader`; see run::look_at.
Result<run::LookReport> look_at(const plan::Plan& plan, const std::string& dataset,
                                const CancelToken& cancel, const run::RunEvents& events,
                                const run::RowsReader& reader, const run::RunOptions& options = {});

}  // namespace leat::app
