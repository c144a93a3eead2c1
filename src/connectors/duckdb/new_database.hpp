#pragma once

#include <filesystem>

#include "base/result.hpp"
#include "engine/session.hpp"
#include "io/files.hpp"

namespace leat::connectors::duckdb {

/// An empty file is as good as none; whatever else is there counts.
Result<bool> has_database(io::FileSystem& files, const std::filesystem::path& path);

/// Makes a database file where there is none, or an empty one.
///
/// Promise   the file is not there, empty or whole, whenever a process is killed: the engine makes
///           one in steps, and cannot open it when it lacks the last ones, so it is made under
///           another name, in the same folder. What somebody else gives the name meanwhile stays.
///           Who has an empty file open loses it, with what they write to it from then on; what
///           they wrote by then is kept beside the new one, and publishes are refused till it goes.
///           An empty file's rights pass on to the new one. What a kill left beside a whole file is
///           tidied up by the next one who may.
/// Errors    as of `Attachment`; busy, another process is making it; external, the file system can
///           name no file without replacing another, and all is left as it was.
Status make_database(engine::Session& session, io::FileSystem& files,
                     const std::filesystem::path& path);

}  // namespace leat::connectors::duckdb
