#include <duckdb.hpp>
#include <duckdb/main/attached_database.hpp>
#include <duckdb/main/database_manager.hpp>
#include <duckdb/storage/metadata/metadata_manager.hpp>
#include <duckdb/storage/storage_manager.hpp>

#include "engine/internals/fault.hpp"

namespace {

/// To reach what it keeps to itself: the engine has no call for it.
struct OpenedManager : duckdb::MetadataManager {
  /// Free parts of a block that is read count as parts that the next checkpoint makes free: it takes
  /// none of them, and gives the block back where it leaves nothing in it.
  static void hold_free_parts(duckdb::MetadataManager& manager) {
    const duckdb::lock_guard<duckdb::mutex> lock(manager.*(&OpenedManager::block_lock));
    auto& blocks = manager.*(&OpenedManager::blocks);
    for (auto& leaving : manager.*(&OpenedManager::modified_blocks)) {
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
    OpenedManager::hold_free_parts(storage.block_manager->GetMetadataManager());
  });
}
