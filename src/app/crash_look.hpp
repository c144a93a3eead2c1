#pragma once

#include <filesystem>
#include <vector>

#include "app/crash_world.hpp"

namespace leat::app {

/// The receipts of a sink, newest first, by its own ledger.
/// Errors   internal  one does not follow the one before it.
Result<std::vector<Receipt>> receipts_of(const plan::Plan& plan, const plan::SinkNode& sink,
                                         const BuildContext& context);

/// What a receipt says of its rows. Of a sink that reads all again also what does not depend on how
/// often it did.
std::string said_by(const Receipt& receipt, bool is_growing);

/// Reads what a sink has published into `file`, each column as text. Columns that tell when rows
/// were published tell only whether they do.
Status export_rows(const Rehearsed& rehearsed, const RehearsedSink& sink,
                   const std::filesystem::path& file, const CancelToken& cancel);

/// The rows that these publishes have set aside. True: there are any.
Result<bool> export_quarantine(const plan::Plan& plan, const std::vector<Receipt>& receipts,
                               const std::filesystem::path& file);

/// Columns that do not count, by sink.
using LeftOut = std::map<std::string, std::set<std::string>>;

/// Compares two worlds of the same runs: rows, receipts and quarantine by EXCEPT ALL both ways.
/// "" when they are the same, else what is not.
Result<std::string> difference(engine::Session& session, const WorldLook& clean,
                               const WorldLook& other, const LeftOut& left_out);

/// The columns in which two worlds differ that nobody has killed anything in.
Result<LeftOut> restless_columns(engine::Session& session, const WorldLook& a, const WorldLook& b);

}  // namespace leat::app
