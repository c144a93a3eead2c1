#include <duckdb.hpp>
#include <duckdb/main/attached_database.hpp>
#include <duckdb/main/database_manager.hpp>
#include <duckdb/storage/metadata/metadata_manager.hpp>
#include <duckdb/storage/storage_manager.hpp>

#include "engine/internals/fault.hpp"

namespace {

/// To reach what the engine keeps to itself: it has no call for this.
struct OpenedMetadata : duckdb::MetadataManager {
  /// Free parts of a block that is read count as parts that the next checkpoint makes free. It
  /// takes none of them, and gives the block back where it leaves nothing in it.
  static void hold_free_parts(duckdb::MetadataManager& metadata) {
    const duckdb::lock_guard<duckdb::mutex> lock(metadata.*(&OpenedMetadata::block_lock));
    auto& blocks = metadata.*(&OpenedMetadata::blocks);
    for (auto& leaving : metadata.*(&OpenedMetadata::modified_blocks)) {
      const auto block = blocks.find(leaving.first);
      if (block == blocks.end()) continue;
      leaving.second |= block->second.FreeBlocksToInteger();
      block->second.free_blocks.clear();
    }
  }
};

}  // namespace

bool leat_keep_live_blocks(duckdb_connection connection, const char* database, leat_fault* fault) {
  return leat::internals::guarded(fault, [&] {
    auto& context = *leat::internals::as_connection(connection).context;
    const auto attached = duckdb::DatabaseManager::Get(context).GetDatabase(database);
    if (!attached) throw duckdb::InvalidInputException("%s is not attached", database);
    auto& storage = attached->GetStorageManager().Cast<duckdb::SingleFileStorageManager>();
    OpenedMetadata::hold_free_parts(storage.block_manager->GetMetadataManager());
  });
}
