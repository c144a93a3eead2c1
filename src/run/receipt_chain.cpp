#include "run/receipt_chain.hpp"

#include <algorithm>

namespace leat::run {
namespace {

/// By the time in them: the ids of one slice are made within a millisecond.
bool planned_before(const Uuid& a, const Uuid& b) {
  return std::lexicographical_compare(a.bytes.begin(), a.bytes.begin() + 6, b.bytes.begin(),
                                      b.bytes.begin() + 6);
}

}  // namespace

Result<std::vector<Receipt>> receipts_since(Sink& sink, const Lane& lane, const Uuid& oldest) {
  std::vector<Receipt> chain;
  TRY(auto receipt, sink.last_receipt(lane));
  while (receipt) {
    const bool is_older = planned_before(receipt->publish_id, oldest);
    const auto previous = receipt->previous_publish_id;
    if (is_older) break;
    chain.push_back(std::move(*receipt));
    if (previous.is_zero()) break;
    TRY(receipt, sink.find(previous));
  }
  return chain;
}

}  // namespace leat::run
