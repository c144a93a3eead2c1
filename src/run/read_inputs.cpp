#include "run/read_inputs.hpp"

#include <algorithm>

#include "io/files.hpp"
#include "run/on_error.hpp"

namespace leat::run {
namespace {

/// What lies in two projects under one name may be the same file, copied or moved.
Status look_at_bytes(LiveRun& run, const Input& input, InputIndex& inputs) {
  if (input.digest.empty() || inputs.find(input) != nullptr) return {};
  for (auto* alike : inputs.named_alike(input)) {
    if (!alike->digest.empty()) continue;
    TRY(alike->digest, io::sha256_of_file(*run.services.files, alike->place));
  }
  return {};
}

}  // namespace

Result<std::vector<Input>> inputs_after(LiveRun& run, const std::string& source,
                                        const Position& from) {
  auto next = run.sources.at(source)->next_slice(from, SliceLimits{});
  if (!next.ok()) note_failed(run, source, next.error());
  TRY(const auto slice, std::move(next));
  if (!slice) return std::vector<Input>();
  return inputs_between(inputs_of(run, from), inputs_of(run, slice->after));
}

std::vector<Input> inputs_of(const LiveRun& run, const Position& position) {
  return leat::inputs_of(position, io::real_path(run.plan.root));
}

PositionMap published_positions(const Receipt& receipt) {
  if (receipt.appended.empty()) return receipt.position;
  PositionMap published;
  for (const auto& [source, position] : receipt.position) {
    const auto& names = receipt.appended;
    if (std::find(names.begin(), names.end(), source) != names.end()) {
      published.emplace(source, position);
    }
  }
  return published;
}

Result<bool> has_published(LiveRun& run, const Receipt& receipt, InputIndex& inputs) {
  for (const auto& [source, position] : published_positions(receipt)) {
    for (const auto& input : inputs_of(run, position)) {
      TRY(look_at_bytes(run, input, inputs));
      if (inputs.find(input) != nullptr) return true;
    }
  }
  return false;
}

}  // namespace leat::run
