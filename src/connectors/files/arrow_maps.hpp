#pragma once

#include <string>

#include "clients/arrow_ipc/plain_batch.hpp"

namespace leat::connectors::files {

/// The keys of a column of maps.
class ArrowKeys {
 public:
  /// The pairs of key and value.
  ArrowKeys(const arrow_ipc::Field& pair, const arrow_ipc::PlainColumn& pairs)
      : x_field(pair.children[0]), x_pairs(pairs), x_keys(pairs.children[0]) {}

  /// Why these pairs are no map: a key is null, or comes twice. Empty: they are one.
  std::string judge(const arrow_ipc::ListRange& list) const;

 private:
  const arrow_ipc::Field& x_field;
  const arrow_ipc::PlainColumn& x_pairs;
  const arrow_ipc::PlainColumn& x_keys;
};

}  // namespace leat::connectors::files
