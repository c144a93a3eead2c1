#pragma once

#include <filesystem>

namespace leat::io {

/// Gives a file a second name in one step, where nothing has that name yet. False: something has
/// it, or the file system cannot. Durable only after `sync_folder`.
bool link_new(const std::filesystem::path& file, const std::filesystem::path& name);

}  // namespace leat::io
