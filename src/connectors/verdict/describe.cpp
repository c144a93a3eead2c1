#include "connectors/verdict/describe.hpp"

#include "base/assert.hpp"
#include "config/options.hpp"
#include "connectors/verdict/verdict_sink.hpp"

namespace leat::connectors::verdict {
namespace {

/// It has no options of its own: what is judged, and how, the checks say.
struct Options {};

const config::OptionTable<Options>& options() {
  static const auto table = config::option_table<Options>({});
  return table;
}

class VerdictSpec final : public SinkSpec {
 public:
  bool supports(Strategy strategy) const override {
    return strategy == Strategy::replace || strategy == Strategy::append;
  }
  bool keeps_rows() const override { return false; }
  std::string target_key(const BuildContext& context) const override {
    return "verdict:" + context.lane.pipeline + "/" + context.lane.sink;
  }
  Status accepts(const data::Schema&) const override { return {}; }
  Result<std::unique_ptr<Sink>> build(const BuildContext& context) const override {
    LEAT_ASSERT(context.files != nullptr && !context.artifacts.empty());
    const auto name = context.lane.pipeline + "/" + context.lane.sink;
    const auto ledger = context.artifacts / "verdicts" / (name + ".ndjson");
    return open_verdicts(*context.files, {ledger, "the verdicts of " + name});
  }
};

std::unique_ptr<SinkSpec> parse(const config::Node& node, config::Findings& findings) {
  if (!config::read_options(options(), node, findings)) return nullptr;
  return std::make_unique<VerdictSpec>();
}

}  // namespace

void describe(Catalog& catalog) {
  catalog.add(SinkEntry{
      .name = "verdict",
      .summary = "Judges the rows and keeps none: the receipt, with what each check said, is all.",
      .example = "verdict: {}",
      .guarantee = "exactly_once",
      .options = &options(),
      .parse = parse,
      // Its ledger lies among the artifacts, which are the rehearsal's own.
      .rehearsal = {.redirect = [](const config::Node& options,
                                   const Scratch&) { return options; }},
  });
}

}  // namespace leat::connectors::verdict
