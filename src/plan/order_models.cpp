#include "plan/order_models.hpp"

#include <algorithm>
#include <map>

namespace leat::plan {
namespace {

/// Walks the graph depth first; a node met again while it is open closes a cycle.
class Walk {
 public:
  explicit Walk(const std::vector<ModelEdges>& models) : x_models(models) {
    for (std::size_t i = 0; i < models.size(); ++i) x_index[models[i].name] = i;
    x_mark.resize(models.size(), Mark::fresh);
  }

  ModelOrder walk() {
    for (std::size_t i = 0; i < x_models.size(); ++i) visit(i);
    return std::move(x_out);
  }

 private:
  enum class Mark { fresh, open, done, cyclic };

  /// False when it hangs on a cycle.
  bool visit(std::size_t at) {
    if (x_mark[at] == Mark::done) return true;
    if (x_mark[at] == Mark::cyclic) return false;
    if (x_mark[at] == Mark::open) {
      note_cycle(at);
      return false;
    }
    x_mark[at] = Mark::open;
    x_path.push_back(at);
    bool sound = true;
    for (const auto& input : x_models[at].inputs) {
      const auto found = x_index.find(input);
      if (found != x_index.end() && !visit(found->second)) sound = false;
    }
    x_path.pop_back();
    x_mark[at] = sound ? Mark::done : Mark::cyclic;
    if (sound) x_out.order.push_back(at);
    return sound;
  }

  void note_cycle(std::size_t start) {
    std::vector<std::string> names;
    const auto first = std::find(x_path.begin(), x_path.end(), start);
    for (auto at = first; at != x_path.end(); ++at) names.push_back(x_models[*at].name);
    names.push_back(x_models[start].name);
    x_out.cycles.push_back(std::move(names));
  }

  const std::vector<ModelEdges>& x_models;
  std::map<std::string, std::size_t> x_index;
  std::vector<Mark> x_mark;
  std::vector<std::size_t> x_path;
  ModelOrder x_out;
};

}  // namespace

ModelOrder order_models(const std::vector<ModelEdges>& models) { return Walk(models).walk(); }

}  // namespace leat::plan
