#include "run/keep_contracts.hpp"

#include <algorithm>

#include "base/crash_point.hpp"
#include "base/names.hpp"

namespace leat::run {
namespace {

bool is_used(const plan::Plan& plan, const plan::SourceNode& source) {
  return std::any_of(plan.sinks.begin(), plan.sinks.end(), [&](const auto& sink) {
    return std::find(sink.upstream.begin(), sink.upstream.end(), source.name) !=
           sink.upstream.end();
  });
}

bool has_new_columns(const plan::SourceNode& source) {
  return source.contract->on_drift == plan::OnDrift::add &&
         std::any_of(source.drift.changes.begin(), source.drift.changes.end(),
                     [](const auto& change) { return change.from.empty(); });
}

std::string added_columns(const plan::SourceNode& source) {
  std::vector<std::string> names;
  for (const auto& change : source.drift.changes) {
    if (change.from.empty()) names.push_back("`" + change.column + "`");
  }
  return join_names(names);
}

std::string found_options(const plan::SourceNode& source, const plan::Contract& contract) {
  std::vector<std::string> options;
  for (const auto& option : source.found_options) {
    options.push_back("`" + plan::option_text(option) + "`");
  }
  return "source " + source.name + " was found to need " + join_names(options) +
         ", which its contract " + contract.shown_as + " keeps";
}

std::string write(io::FileSystem& files, const plan::Contract& contract, const std::string& done) {
  const auto written = write_contract(files, contract);
  if (written.ok()) return done;
  return "the contract " + contract.shown_as + " could not be written: " + written.error().text();
}

}  // namespace

Status write_contract(io::FileSystem& files, const plan::Contract& contract) {
  std::string before;
  if (files.exists(contract.file)) {
    TRY(before, io::read_text(files, contract.file));
  } else {
    before = "# What is agreed of the columns of this dataset. Edit it, and commit it.\n";
  }
  TRY(files.create_folders(contract.file.parent_path()));
  crash_point("contract.write.before");
  TRY(io::write_durably(files, contract.file, plan::contract_text(contract, before)));
  crash_point("contract.write.after");
  return {};
}

plan::Contract first_contract(const plan::Plan& plan, const plan::SourceNode& source) {
  plan::Contract contract;
  if (source.contract) {
    contract = *source.contract;
  } else {
    const auto file = plan::default_contract_file(plan.pipeline, source.name);
    contract.file = plan.root / file;
    contract.shown_as = file.string();
    contract.on_drift = plan::OnDrift::add;
  }
  contract.exists = true;
  contract.read_with.insert(contract.read_with.end(), source.found_options.begin(),
                            source.found_options.end());
  return plan::refreshed(contract, source.judged);
}

std::vector<std::string> keep_contracts(io::FileSystem& files, const plan::Plan& plan,
                                        const std::set<std::string>& empty) {
  std::vector<std::string> told;
  for (const auto& source : plan.sources) {
    if (!is_used(plan, source)) continue;
    const bool exists = source.contract && source.contract->exists;
    if (!exists) {
      if ((source.is_declared && !source.contract) || empty.contains(source.name)) continue;
      const auto contract = first_contract(plan, source);
      auto said = write(files, contract, "");
      if (!said.empty()) told.push_back(std::move(said));
      if (!source.found_options.empty()) told.push_back(found_options(source, contract));
      for (const auto& open : source.left_open)
        told.push_back("source " + source.name + ": " + open);
    } else if (has_new_columns(source)) {
      const auto what = "source " + source.name + " has new columns, " + added_columns(source);
      if (source.contract->file.empty()) {
        told.push_back(what + ": they were taken in; add them to its contract");
        continue;
      }
      told.push_back(write(files, plan::refreshed(*source.contract, source.judged),
                           what + ", which joined its contract " + source.contract->shown_as));
    }
  }
  return told;
}

}  // namespace leat::run
