#include "engine/internals/stage_writer.hpp"

#include <utility>

#include <duckdb/parser/expression/cast_expression.hpp>
#include <duckdb/parser/expression/constant_expression.hpp>
#include <duckdb/parser/parser.hpp>
#include <duckdb/parser/statement/copy_statement.hpp>
#include <duckdb/planner/binder.hpp>
#include <duckdb/planner/expression/bound_cast_expression.hpp>
#include <duckdb/planner/expression/bound_reference_expression.hpp>
#include <duckdb/planner/operator/logical_copy_to_file.hpp>
#include "engine/internals/chunk_expression.hpp"
#include "engine/internals/empty_select.hpp"
#include "engine/internals/fault.hpp"
#include "engine/internals/flat_chunk.hpp"
#include "engine/internals/registration.hpp"

namespace leat {
namespace internals {
namespace {

using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using duckdb::StringUtil;

std::string quoted(const std::string& text, char quote) {
  std::string out(1, quote);
  for (const char c : text) out.append(c == quote ? 2 : 1, c);
  return out + quote;
}

bool is_json(const leat_stage& stage) { return StringUtil::CIEquals(stage.format, "json"); }

bool is_floating(const LogicalType& type) {
  return type.id() == LogicalTypeId::FLOAT || type.id() == LogicalTypeId::DOUBLE;
}

/// Does the type hold such numbers somewhere inside? A field of that name counts too.
bool names_floating(const LogicalType& type) {
  const auto name = type.ToString();
  return name.find("FLOAT") != std::string::npos || name.find("DOUBLE") != std::string::npos;
}

/// JSON has no NaN and no infinity: they become text, so that nothing is lost and nothing is null.
std::string json_of_column(const std::string& column, const LogicalType& type) {
  if (!is_floating(type)) return column;
  return "CASE WHEN isnan(" + column + ") THEN '\"NaN\"'::JSON WHEN " + column +
         " = 'inf' THEN '\"Infinity\"'::JSON WHEN " + column +
         " = '-inf' THEN '\"-Infinity\"'::JSON ELSE to_json(" + column + ") END";
}

/// Is there a bare word in the JSON text that is neither true, false nor null?
bool has_no_number(const duckdb::string_t& json) {
  const char* text = json.GetData();
  bool in_string = false;
  for (duckdb::idx_t i = 0; i < json.GetSize(); ++i) {
    if (in_string && text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      in_string = !in_string;
    } else if (!in_string && (text[i] == 'N' || text[i] == 'I')) {
      return true;
    }
  }
  return false;
}

void refuse_no_numbers(duckdb::Vector& json, duckdb::idx_t rows) {
  duckdb::UnifiedVectorFormat format;
  json.ToUnifiedFormat(rows, format);
  const auto* texts = duckdb::UnifiedVectorFormat::GetData<duckdb::string_t>(format);
  for (duckdb::idx_t i = 0; i < rows; ++i) {
    if (has_no_number(texts[format.sel->get_index(i)])) {
      throw duckdb::InvalidInputException(
          "NaN or infinity inside of a nested value cannot be written as JSON: "
          "replace it in the model");
    }
  }
}

bool is_true(const char* value) { return StringUtil::CIEquals(value, "true"); }

/// JSON is written as text, one object a line, or as an array with a comma after each line.
std::string json_option(const std::string& name, const char* value) {
  if (StringUtil::CIEquals(name, "compression")) return ", COMPRESSION " + std::string(value);
  if (!StringUtil::CIEquals(name, "array")) {
    throw duckdb::BinderException("JSON has no option %s", name);
  }
  return is_true(value) ? ", PREFIX E'[\\n', SUFFIX E'\\n]\\n', NEW_LINE E',\\n'" : "";
}

std::string copy_statement(const leat_stage& stage) {
  std::string sql = "COPY (SELECT 1) TO " + quoted(stage.path, '\'');
  sql += is_json(stage) ? " (FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER E'\\n'"
                        : " (FORMAT " + std::string(stage.format);
  for (size_t i = 0; i < stage.options_size; ++i) {
    const std::string name = stage.option_names[i];
    sql += is_json(stage) ? json_option(name, stage.option_values[i])
                          : ", " + name + " " + stage.option_values[i];
  }
  return sql + ")";
}

}  // namespace

StageWriter::StageWriter(duckdb::ClientContext& context, leat_stage& stage,
                         const duckdb::vector<std::string>& names,
                         const duckdb::vector<LogicalType>& types)
    : x_stage(stage), x_function("leat") {
  auto written = types;
  if (is_json(stage)) {
    convert_to_json(context, names, types);
    bind_writer(context, {"json"}, x_converted_types);
    return;
  }
  convert_casts(context, written);
  if (x_stage.taker == nullptr) bind_writer(context, names, written);
}

void StageWriter::convert_casts(duckdb::ClientContext& context,
                                duckdb::vector<LogicalType>& types) {
  if (x_stage.casts_size == 0) return;
  const auto given = types;
  for (size_t i = 0; i < x_stage.casts_size; ++i) {
    types.at(x_stage.cast_columns[i]) = as_type(x_stage.cast_types[i]);
  }
  for (duckdb::idx_t i = 0; i < types.size(); ++i) {
    x_conversion.push_back(duckdb::BoundCastExpression::AddCastToType(
        context, duckdb::make_uniq<duckdb::BoundReferenceExpression>(given[i], i), types[i]));
  }
  x_converted_types = types;
}

void StageWriter::convert_to_json(duckdb::ClientContext& context,
                                  const duckdb::vector<std::string>& names,
                                  const duckdb::vector<LogicalType>& types) {
  std::string fields;
  for (duckdb::idx_t i = 0; i < names.size(); ++i) {
    const auto name = quoted(names[i], '"');
    fields += (i > 0 ? ", " : "") + name + " := " + json_of_column(name, types[i]);
    x_nested_numbers |= types[i].IsNested() && names_floating(types[i]);
  }
  auto json = bind_over_chunk(context, "to_json(struct_pack(" + fields + "))", names, types);
  x_conversion.push_back(duckdb::BoundCastExpression::AddCastToType(
      context, std::move(json), LogicalType(LogicalTypeId::VARCHAR)));
  x_converted_types = {LogicalType(LogicalTypeId::VARCHAR)};
}

void StageWriter::bind_writer(duckdb::ClientContext& context,
                              const duckdb::vector<std::string>& names,
                              const duckdb::vector<LogicalType>& types) {
  duckdb::Parser parser;
  parser.ParseQuery(copy_statement(x_stage));
  auto& copy = parser.statements.at(0)->Cast<duckdb::CopyStatement>();
  copy.info->select_statement = std::move(empty_select(names, types)->node);
  auto bound = duckdb::Binder::CreateBinder(context)->Bind(*parser.statements[0]);
  auto& plan = bound.plan->Cast<duckdb::LogicalCopyToFile>();
  if (plan.expected_types != types) {
    throw duckdb::BinderException("%s cannot hold all of these types: a column must travel as text",
                                  std::string(x_stage.format));
  }
  x_function = plan.function;
  x_bind = std::move(plan.bind_data);
}

duckdb::unique_ptr<StageWriter::Global> StageWriter::open(duckdb::ClientContext& context) const {
  auto global = duckdb::make_uniq<Global>();
  if (x_stage.taker != nullptr) return global;
  global->writer = x_function.copy_to_initialize_global(context, *x_bind, x_stage.path);
  if (x_function.copy_to_get_written_statistics) {
    x_function.copy_to_get_written_statistics(context, *x_bind, *global->writer,
                                              global->statistics);
  }
  return global;
}

void StageWriter::tell_operator(Global& global, const duckdb::PhysicalOperator& op) const {
  if (global.writer && x_function.initialize_operator)
    x_function.initialize_operator(*global.writer, op);
}

duckdb::unique_ptr<StageWriter::Local> StageWriter::open_local(
    duckdb::ExecutionContext& context) const {
  auto local = duckdb::make_uniq<Local>();
  if (x_stage.taker == nullptr) {
    local->writer = x_function.copy_to_initialize_local(context, *x_bind);
  } else {
    local->taken = x_stage.taker->open_local(x_stage.taker->self);
    if (local->taken == nullptr) throw_failure(*x_stage.taker);
  }
  if (!x_conversion.empty()) {
    local->executor = duckdb::make_uniq<duckdb::ExpressionExecutor>(context.client, x_conversion);
    local->converted.Initialize(context.client, x_converted_types);
  }
  return local;
}

void StageWriter::write(duckdb::ExecutionContext& context, Global& global, Local& local,
                        duckdb::DataChunk& rows) const {
  auto* chunk = &rows;
  if (local.executor) {
    local.converted.Reset();
    local.executor->Execute(rows, local.converted);
    local.converted.SetCardinality(rows.size());
    if (x_nested_numbers) refuse_no_numbers(local.converted.data[0], rows.size());
    chunk = &local.converted;
  }
  global.rows_taken += rows.size();
  if (x_stage.taker != nullptr) return give(local, *chunk);
  x_function.copy_to_sink(context, *x_bind, *global.writer, *local.writer, *chunk);
}

/// Other stages get the same rows, so only a reference to them is made flat.
void StageWriter::give(Local& local, duckdb::DataChunk& rows) const {
  if (local.flat.ColumnCount() == 0) local.flat.InitializeEmpty(rows.GetTypes());
  local.flat.Reference(rows);
  flatten(local.flat);
  const auto& taker = *x_stage.taker;
  if (!taker.take(taker.self, local.taken, reinterpret_cast<duckdb_data_chunk>(&local.flat))) {
    throw_failure(taker);
  }
}

void StageWriter::combine(duckdb::ExecutionContext& context, Global& global, Local& local) const {
  if (const auto* taker = x_stage.taker) {
    if (!taker->close_local(taker->self, local.taken)) throw_failure(*taker);
    return;
  }
  x_function.copy_to_combine(context, *x_bind, *global.writer, *local.writer);
}

void StageWriter::finalize(duckdb::ClientContext& context, Global& global) const {
  if (const auto* taker = x_stage.taker) {
    if (!taker->finish(taker->self, &x_stage.rows_written)) throw_failure(*taker);
    return;
  }
  x_function.copy_to_finalize(context, *x_bind, *global.writer);
  const bool counted = x_function.copy_to_get_written_statistics != nullptr;
  x_stage.rows_written = counted ? global.statistics.row_count : global.rows_taken.load();
}

}  // namespace internals
}  // namespace leat
