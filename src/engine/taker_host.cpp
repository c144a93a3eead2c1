#include "engine/taker_host.hpp"

#include <utility>

namespace leat::engine {

bool TakerHost::note(Status status) {
  if (status.ok()) return true;
  x_first_error.set(std::move(status).error());
  return false;
}

void* TakerHost::open_local(void* self) {
  auto& host = *static_cast<TakerHost*>(self);
  auto local = std::make_unique<Local>();
  local->views.resize(host.x_schema.size());
  const std::lock_guard lock(host.x_mutex);
  host.x_locals.push_back(std::move(local));
  return host.x_locals.back().get();
}

/// Opened with the first rows: the engine does not close what got none.
Status TakerHost::open_hand(Local& local) {
  if (local.hand != nullptr) return {};
  TRY(local.hand, x_writer.open_hand());
  return {};
}

bool TakerHost::take(void* self, void* local, duckdb_data_chunk chunk) {
  auto& host = *static_cast<TakerHost*>(self);
  auto& own = *static_cast<Local*>(local);
  if (!host.note(host.open_hand(own))) return false;
  for (std::size_t i = 0; i < own.views.size(); ++i) {
    own.views[i] =
        data::view_column(duckdb_data_chunk_get_vector(chunk, i), host.x_schema.columns[i].type);
  }
  const auto rows = std::uint32_t(duckdb_data_chunk_get_size(chunk));
  return host.note(own.hand->write(own.views, rows));
}

bool TakerHost::close_local(void* self, void* local) {
  const auto& hand = static_cast<Local*>(local)->hand;
  return hand == nullptr || static_cast<TakerHost*>(self)->note(hand->finish());
}

bool TakerHost::finish(void* self, std::uint64_t* rows_written) {
  auto& host = *static_cast<TakerHost*>(self);
  auto rows = host.x_writer.finish();
  if (!rows.ok()) return host.note(std::move(rows).error());
  *rows_written = *rows;
  return true;
}

const char* TakerHost::failure(void* self) {
  return static_cast<TakerHost*>(self)->x_first_error.text();
}

}  // namespace leat::engine
