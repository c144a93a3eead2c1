#include "plan/policies.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/names.hpp"
#include "base/quantity.hpp"

namespace leat::plan {
namespace {

using config::Located;
using config::Node;

constexpr std::array<Dimension, 5> kDimensions{Dimension::completeness, Dimension::accuracy,
                                               Dimension::consistency, Dimension::timeliness,
                                               Dimension::validity};

class PolicyReader {
 public:
  PolicyReader(const Node& root, config::Findings& findings) : x_root(root), x_findings(findings) {}

  Policy read(const PolicyKeys& keys) {
    if (keys.max_quarantine.text != "none") {
      const auto share = parse_share(keys.max_quarantine.text);
      if (share.ok()) x_out.max_quarantine = *share;
      if (!share.ok()) add(keys.max_quarantine, share.error().message(), "write 5% or `none`");
    }
    if (keys.max_change) read_max_change(*keys.max_change);
    x_out.min_score = keys.min_score;
    x_out.profile = keys.profile;
    read_on_breach(keys.on_breach);
    if (keys.on_held) {
      x_out.on_held = keys.on_held->text == "block" ? Policy::Held::block : Policy::Held::supersede;
    }
    for (const auto& [name, weight] : keys.weights) read_weight(name, weight);
    refuse_no_weight();
    return std::move(x_out);
  }

 private:
  void read_weight(const Located<std::string>& name, double weight) {
    const auto found =
        std::find_if(kDimensions.begin(), kDimensions.end(),
                     [&word = name.text](Dimension d) { return name_of(d) == word; });
    if (found != kDimensions.end()) {
      x_out.weights[*found] = weight;
      return;
    }
    std::vector<std::string> known;
    for (const auto dimension : kDimensions) known.emplace_back(name_of(dimension));
    add(name, "there is no dimension `" + name.text + "`", name_hint(name.text, known));
  }

  void read_max_change(const MaxChangeKeys& keys) {
    const auto share = [&](const std::optional<Located<std::string>>& written) {
      std::optional<double> out;
      if (!written) return out;
      const auto parsed = parse_share(written->text);
      if (parsed.ok()) out = *parsed;
      if (!parsed.ok()) add(*written, parsed.error().message(), "write 10%");
      return out;
    };
    auto& change = x_out.max_change;
    change = {share(keys.added), share(keys.removed), share(keys.changed)};
    if (keys.added || keys.removed || keys.changed) return;
    x_findings.add(*x_root.find("policy")->find("max_change"), "`max_change` allows any change",
                   "say which: {removed: 10%}; also `added` and `changed`");
  }

  /// Dimensions that are left out keep their weight.
  void refuse_no_weight() {
    const auto& weights = x_out.weights;
    if (weights.size() < kDimensions.size()) return;
    if (std::any_of(weights.begin(), weights.end(), [](auto& one) { return one.second > 0; })) {
      return;
    }
    x_findings.add(*x_root.find("policy")->find("weights"),
                   "every dimension weighs 0: there would be no score",
                   "give one of them a weight; those that are left out keep theirs");
  }

  void read_on_breach(const Located<std::string>& word) {
    constexpr std::string_view kFallback = "fallback:";
    if (word.text == "hold") return;
    if (word.text.starts_with(kFallback) && word.text.size() > kFallback.size()) {
      x_out.on_breach = Policy::Breach::fallback;
      x_out.fallback = word.text.substr(kFallback.size());
    } else if (word.text == "warn" || word.text == "fail") {
      x_out.on_breach = word.text == "warn" ? Policy::Breach::warn : Policy::Breach::fail;
    } else {
      add(word, "`" + word.text + "` is not one of hold, fail, warn or fallback:<source>",
          "write `fallback:` and the name of a source");
    }
  }

  void add(const Located<std::string>& at, std::string message, std::string hint) {
    x_findings.add(at.place, std::move(message), std::move(hint), at.length);
  }

  const Node& x_root;
  config::Findings& x_findings;
  Policy x_out;
};

}  // namespace

Policy policy_of(const PolicyKeys& keys, const Node& root, config::Findings& findings) {
  return PolicyReader(root, findings).read(keys);
}

}  // namespace leat::plan
