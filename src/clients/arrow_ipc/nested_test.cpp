#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "clients/arrow_ipc/arrow_kinds.hpp"
#include "clients/arrow_ipc/messages.hpp"
#include "support/temporary_folder.hpp"

namespace leat::arrow_ipc {
namespace {

using testing::HasSubstr;
using Ref = FlatBuilder::Ref;

/// A field of a schema that is made by hand.
struct Made {
  std::string name;
  std::uint8_t kind = kInt;
  std::vector<Made> children = {};
  std::int32_t items = 0;  ///< Of lists of a fixed size.
  std::int64_t dictionary = -1;
};

Ref type_of(FlatBuilder& builder, const Made& made) {
  FlatBuilder::Table type(builder);
  if (made.kind == kInt) type.scalar(0, std::int32_t{32}).scalar(1, true);
  if (made.kind == kFixedList) type.scalar(0, made.items);
  return type.end();
}

Ref field_of(FlatBuilder& builder, const Made& made) {
  std::vector<Ref> refs;
  for (const auto& child : made.children) refs.push_back(field_of(builder, child));
  const auto children = builder.references(refs);
  const auto name = builder.string(made.name);
  const auto type = type_of(builder, made);
  Ref encoding = 0;
  if (made.dictionary >= 0) {
    FlatBuilder::Table table(builder);
    encoding = table.scalar(0, made.dictionary).end();
  }
  FlatBuilder::Table table(builder);
  table.reference(0, name).reference(3, type).reference(5, children);
  if (encoding != 0) table.reference(4, encoding);
  return table.scalar(2, made.kind).end();
}

std::string message(FlatBuilder& builder, std::uint8_t kind, Ref header, const std::string& body) {
  FlatBuilder::Table table(builder);
  table.scalar(3, std::int64_t(body.size())).reference(2, header);
  const auto metadata = builder.finish(table.scalar(0, std::int16_t{4}).scalar(1, kind).end());
  std::string out("\xFF\xFF\xFF\xFF");
  const auto size = static_cast<std::uint32_t>(metadata.size());
  out.append(reinterpret_cast<const char*>(&size), sizeof size);
  return out + metadata + body;
}

std::string schema_message(const std::vector<Made>& columns) {
  FlatBuilder builder;
  std::vector<Ref> refs;
  for (const auto& column : columns) refs.push_back(field_of(builder, column));
  const auto list = builder.references(refs);
  FlatBuilder::Table schema(builder);
  const auto header = schema.reference(1, list).scalar(0, std::int16_t{0}).end();
  return message(builder, kSchemaMessage, header, "");
}

template <typename T>
std::string bytes_of(std::initializer_list<T> values) {
  std::string out;
  for (const T value : values) out.append(reinterpret_cast<const char*>(&value), sizeof value);
  return out;
}

std::string ints(std::initializer_list<std::int32_t> values) { return bytes_of(values); }

/// Nodes as rows and nulls; buffers one behind the other.
std::string batch_message(std::int64_t rows, std::initializer_list<std::int64_t> nodes,
                          const std::vector<std::string>& buffers) {
  FlatBuilder builder;
  std::string body;
  std::string places;
  for (const auto& buffer : buffers) {
    places += bytes_of<std::int64_t>({std::int64_t(body.size()), std::int64_t(buffer.size())});
    body += buffer;
    body.resize((body.size() + 7) / 8 * 8, '\0');
  }
  const auto buffer_list = builder.structs(places, static_cast<std::uint32_t>(buffers.size()));
  const auto node_list =
      builder.structs(bytes_of(nodes), static_cast<std::uint32_t>(nodes.size() / 2));
  FlatBuilder::Table table(builder);
  const auto batch = table.scalar(0, rows).reference(1, node_list).reference(2, buffer_list).end();
  return message(builder, kBatchMessage, batch, body);
}

class NestedColumns : public testing::Test {
 protected:
  Result<std::unique_ptr<MessageReader>> open(const std::string& bytes) {
    x_folder.write("in.arrows", bytes);
    return MessageReader::open(
        io::local_files().open(x_folder / "in.arrows", io::Open::read).value());
  }
  Result<PlainBatch> first_batch(const std::string& bytes) {
    x_reader.reset();
    TRY(x_reader, open(bytes));
    TRY(const auto place, x_reader->next());
    if (!place) return PlainBatch();
    return x_reader->read(*place);
  }
  /// Reads all there is, and says how it ended.
  std::string read_all(const std::string& bytes) {
    const auto read = first_batch(bytes);
    return read.ok() ? "" : read.error().text();
  }

  test::TemporaryFolder x_folder;
  std::unique_ptr<MessageReader> x_reader;
};

const std::vector<Made>& list_of_ints() {
  static const std::vector<Made> columns{{"l", kList, {{"item"}}}};
  return columns;
}

std::string lists(const std::string& offsets, std::int64_t items,
                  const std::string& valid = {"\x05", 1}) {
  return schema_message(list_of_ints()) +
         batch_message(3, {3, valid.empty() ? 0 : 1, items, 0},
                       {valid, offsets, "", ints({1, 2, 3, 4, 5, 6})});
}

TEST_F(NestedColumns, come_with_their_children) {
  const auto batch = first_batch(lists(ints({1, 3, 3, 6}), 6)).value();
  const auto& field = x_reader->fields()[0];
  EXPECT_EQ(field.layout, Layout::lists_32);
  EXPECT_EQ(field.children[0].type.id, data::TypeId::int32);
  const auto& lists = batch.columns[0];
  EXPECT_EQ(list_at(field, lists, 0).begin, 1u);
  EXPECT_EQ(list_at(field, lists, 2).end, 6u);
  EXPECT_FALSE(bit_at(lists.valid, 1));
  EXPECT_EQ(value_at<std::int32_t>(lists.children[0].values, 5), 6);
}

TEST_F(NestedColumns, whose_lists_lie_outside_of_their_values_are_refused) {
  EXPECT_EQ(read_all(lists(ints({0, 3, 3, 6}), 6)), "");
  EXPECT_EQ(read_all(lists(ints({6, 6, 6, 6}), 6)), "");
  for (const auto& bad : {ints({0, 3, 2, 6}), ints({0, 3, 3, 7}), ints({-1, 3, 3, 6}),
                          ints({0, 3, 3, -1}), ints({0, INT32_MIN, 3, 6}), ints({4, 3, 3, 6})}) {
    EXPECT_THAT(read_all(lists(bad, 6)), HasSubstr("`l` lies outside of its values"));
  }
  EXPECT_THAT(read_all(lists(ints({0, 3, 3, 6}), 5)), HasSubstr("outside of its values"));
  EXPECT_THAT(read_all(lists(ints({0, 3, 3}), 6)), HasSubstr("`l` has too few values"));
  EXPECT_THAT(read_all(lists(ints({0, 3, 3, 6}), 7)), HasSubstr("`item` has too few values"));
  EXPECT_THAT(read_all(lists(ints({0, 3, 3, 6}), -1)), HasSubstr("fewer values than nulls"));
}

TEST_F(NestedColumns, that_lack_nodes_or_buffers_are_refused) {
  const auto schema = schema_message(list_of_ints());
  const auto offsets = ints({0, 1, 2});
  const auto items = ints({1, 2});
  EXPECT_EQ(read_all(schema + batch_message(2, {2, 0, 2, 0}, {"", offsets, "", items})), "");
  EXPECT_THAT(read_all(schema + batch_message(2, {2, 0}, {"", offsets, "", items})),
              HasSubstr("other columns"));
  EXPECT_THAT(read_all(schema + batch_message(2, {2, 0, 2, 0, 2, 0}, {"", offsets, "", items})),
              HasSubstr("other columns"));
  EXPECT_THAT(read_all(schema + batch_message(2, {2, 0, 2, 0}, {"", offsets, ""})),
              HasSubstr("fewer buffers"));
  EXPECT_THAT(read_all(schema + batch_message(2, {2, 0, 2, 0}, {"", offsets, "", items, ""})),
              HasSubstr("other buffers"));
  EXPECT_THAT(read_all(schema + batch_message(2, {1, 0, 2, 0}, {"", offsets, "", items})),
              HasSubstr("`l` has too few values"));
}

TEST_F(NestedColumns, whose_fields_are_shorter_than_they_are_refused) {
  const auto pair = schema_message({{"s", kStruct, {{"a"}, {"b"}}}});
  const auto both = ints({1, 2});
  EXPECT_EQ(read_all(pair + batch_message(2, {2, 0, 2, 0, 2, 0}, {"", "", both, "", both})), "");
  EXPECT_THAT(read_all(pair + batch_message(2, {2, 0, 2, 0, 1, 0}, {"", "", both, "", ints({1})})),
              HasSubstr("`s` has too few values"));
  const auto three = schema_message({{"f", kFixedList, {{"item"}}, 3}});
  const auto six = ints({1, 2, 3, 4, 5, 6});
  EXPECT_EQ(read_all(three + batch_message(2, {2, 0, 6, 0}, {"", "", six})), "");
  EXPECT_THAT(read_all(three + batch_message(3, {3, 0, 6, 0}, {"", "", six})),
              HasSubstr("`f` has too few values"));
}

TEST_F(NestedColumns, that_claim_values_without_a_byte_are_bounded) {
  const std::int64_t many = std::int64_t{1} << 31;
  const auto nulls = schema_message({{"l", kList, {{"item", kNull}}}});
  EXPECT_EQ(read_all(nulls + batch_message(1, {1, 0, 9, 0}, {"", ints({0, 9})})), "");
  EXPECT_THAT(read_all(nulls + batch_message(1, {1, 0, many, 0}, {"", ints({0, INT32_MAX})})),
              HasSubstr("`item` hold more than 16 million values"));
  const auto empty = schema_message({{"l", kList, {{"none", kFixedList, {{"item"}}, 0}}}});
  EXPECT_THAT(read_all(empty + batch_message(1, {1, 0, many, 0, 0, 0},
                                             {"", ints({0, INT32_MAX}), "", "", ""})),
              HasSubstr("`none` hold more than 16 million values"));
}

TEST_F(NestedColumns, whose_buffers_lie_over_each_other_are_refused) {
  auto bytes = schema_message(list_of_ints());
  FlatBuilder builder;
  const auto body = ints({0, 1, 2, 3, 4, 5, 6, 7});
  const auto places = bytes_of<std::int64_t>({0, 0, 0, 32, 0, 0, 0, 32});
  const auto buffers = builder.structs(places, 4);
  const auto nodes = builder.structs(bytes_of<std::int64_t>({7, 0, 7, 0}), 2);
  FlatBuilder::Table table(builder);
  const auto batch =
      table.scalar(0, std::int64_t{7}).reference(1, nodes).reference(2, buffers).end();
  EXPECT_THAT(read_all(bytes + message(builder, kBatchMessage, batch, body)),
              HasSubstr("over each other"));
}

TEST_F(NestedColumns, of_a_form_that_is_none_are_refused) {
  const auto refusal = [&](const Made& made) {
    const auto opened = open(schema_message({made}));
    return opened.ok() ? "" : opened.error().text();
  };
  EXPECT_THAT(refusal({"c", kList}), HasSubstr("`c` has no one kind of items"));
  EXPECT_THAT(refusal({"c", kList, {{"a"}, {"b"}}}), HasSubstr("no one kind of items"));
  EXPECT_THAT(refusal({"c", kMap, {{"a"}}}), HasSubstr("`c` has no keys and values"));
  EXPECT_THAT(refusal({"c", kMap, {{"a", kStruct, {{"key"}}}}}), HasSubstr("keys and values"));
  EXPECT_THAT(refusal({"c", kStruct}), HasSubstr("struct without fields"));
  EXPECT_THAT(refusal({"c", kStruct, {{"a"}, {"A"}}}), HasSubstr("two fields of `c` are called"));
  EXPECT_THAT(refusal({"c", kStruct, {{""}}}), HasSubstr("has no name"));
  EXPECT_THAT(refusal({"c", kFixedList, {{"a"}}, -1}), HasSubstr("shorter than nothing"));
  EXPECT_THAT(refusal({"c", kList, {{"d", kUnion}}}),
              HasSubstr("column `c.d` of Arrow type union is not read yet"));
  EXPECT_THAT(refusal({"c", kList, {{"a"}}, 0, 3}), HasSubstr("dictionary of nested values"));
  EXPECT_THAT(refusal({"c", kStruct, {{"a", kInt, {}, 0, 3}, {"b", kUtf8, {}, 0, 3}}}),
              HasSubstr("one dictionary for values of different types"));
}

TEST_F(NestedColumns, may_be_as_deep_as_anybody_needs_and_no_deeper) {
  const auto deep = [&](int levels) {
    Made made{"leaf"};
    for (int level = 0; level < levels; ++level) made = {"l", kList, {std::move(made)}};
    const auto opened = open(schema_message({made}));
    return opened.ok() ? "" : opened.error().text();
  };
  EXPECT_EQ(deep(64), "");
  EXPECT_THAT(deep(65), HasSubstr("nested more than 64 times"));
  EXPECT_THAT(deep(1'000), HasSubstr("nested more than 64 times"));
}

/// Each level has the one below as both of its fields: 60 tables that say they are 2^60 fields.
TEST_F(NestedColumns, that_share_their_fields_do_not_grow_without_end) {
  FlatBuilder builder;
  auto field = field_of(builder, {"leaf"});
  for (int level = 0; level < 60; ++level) {
    const auto children = builder.references({field, field});
    const auto name = builder.string("s");
    const auto type = type_of(builder, {"s", kStruct});
    FlatBuilder::Table table(builder);
    table.reference(0, name).reference(3, type).reference(5, children);
    field = table.scalar(2, std::uint8_t{kStruct}).end();
  }
  const auto list = builder.references({field});
  FlatBuilder::Table schema(builder);
  const auto header = schema.reference(1, list).scalar(0, std::int16_t{0}).end();
  EXPECT_FALSE(open(message(builder, kSchemaMessage, header, "")).ok());
}

TEST_F(NestedColumns, with_any_byte_changed_are_read_or_refused_within_their_bounds) {
  const std::vector<Made> columns{
      {"l", kList, {{"item", kStruct, {{"a"}, {"t", kUtf8}}}}},
      {"m", kMap, {{"entries", kStruct, {{"key"}, {"value", kFixedList, {{"x"}}, 2}}}}}};
  const auto bytes =
      schema_message(columns) +
      batch_message(2, {2, 1, 3, 0, 3, 0, 3, 1, 2, 0, 2, 0, 2, 0, 2, 0, 4, 0},
                    {"\x01", ints({0, 2, 3}), "", "", ints({1, 2, 3}), "\x06", ints({0, 1, 2, 3}),
                     "abc", "", ints({0, 1, 2}), "", "", ints({7, 8}), "", "", ints({1, 2, 3, 4})});
  EXPECT_EQ(read_all(bytes), "");
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (const char with : {'\0', '\x01', '\x7F', '\xFF'}) {
      auto bad = bytes;
      bad[at] = with;
      read_all(bad);
    }
  }
  for (std::size_t size = 0; size < bytes.size(); ++size) read_all(bytes.substr(0, size));
}

}  // namespace
}  // namespace leat::arrow_ipc
