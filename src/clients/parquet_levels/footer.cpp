#include "clients/parquet_levels/footer.hpp"

#include <cstring>

#include "clients/parquet_levels/thrift.hpp"

namespace leat::parquet_levels {
namespace {

constexpr std::uint64_t kTail = 8;  ///< The footer's length and the magic.
constexpr std::int64_t kOptional = 1;
constexpr std::int64_t kRepeated = 2;
constexpr int kLevelsMax = 255;

/// A node of the schema, which lists a tree with parents first.
struct Element {
  std::string name;
  std::int64_t repetition = 0;
  std::int64_t children = 0;
};

Element read_element(Thrift& from) {
  Element element;
  from.fields([&](int id, Thrift::Type) {
    if (id == 3) return element.repetition = from.integer(), true;
    if (id == 4) return element.name = std::string(from.binary()), true;
    if (id == 5) return element.children = from.integer(), true;
    return false;
  });
  return element;
}

void read_metadata(Thrift& from, ColumnChunk& chunk) {
  from.fields([&](int id, Thrift::Type) {
    switch (id) {
      case 4: chunk.codec = from.integer(); return true;
      case 5: chunk.values = from.integer(); return true;
      case 9: chunk.data_page = from.integer(); return true;
      case 11: chunk.dictionary_page = from.integer(); return true;
      default: return false;
    }
  });
}

RowGroup read_group(Thrift& from) {
  RowGroup group;
  from.fields([&](int id, Thrift::Type) {
    if (id == 3) return group.rows = from.integer(), true;
    if (id != 1) return false;
    from.items([&] {
      ColumnChunk chunk;
      from.fields([&](int part, Thrift::Type) {
        if (part != 3) return false;
        read_metadata(from, chunk);
        return true;
      });
      group.columns.push_back(chunk);
    });
    return true;
  });
  return group;
}

/// Walks the tree; `next` is the element to be looked at.
struct SchemaWalk {
  const std::vector<Element>& elements;
  Footer& footer;
  std::size_t next = 0;
  std::size_t leaves = 0;
  bool is_broken = false;

  void walk(const RepeatedColumn& above, int depth) {
    if (next >= elements.size() || depth > kLevelsMax) {
      is_broken = true;
      return;
    }
    const Element& element = elements[next++];
    RepeatedColumn here = above;
    if (depth > 0) {
      here.path += (here.path.empty() ? "" : ".") + element.name;
      here.repetition_max += element.repetition == kRepeated ? 1 : 0;
      here.definition_max +=
          element.repetition == kRepeated || element.repetition == kOptional ? 1 : 0;
    }
    if (element.children > 0) {
      for (std::int64_t i = 0; i < element.children && !is_broken; ++i) walk(here, depth + 1);
      return;
    }
    here.index = leaves++;
    if (here.repetition_max > 0) footer.repeated.push_back(std::move(here));
  }
};

}  // namespace

Result<Footer> read_footer(io::File& file, std::uint64_t size) {
  const Error broken(Fault::external, "its footer is broken");
  std::string tail(kTail, '\0');
  if (size < kTail) return broken;
  TRY(file.read_at(size - kTail, tail.data(), kTail));
  std::uint32_t length = 0;
  std::memcpy(&length, tail.data(), sizeof length);
  if (length > size - kTail) return broken;
  std::string bytes(length, '\0');
  TRY(file.read_at(size - kTail - length, bytes.data(), length));
  Thrift from(bytes);
  Footer footer;
  std::vector<Element> elements;
  from.fields([&](int id, Thrift::Type) {
    if (id == 2) return from.items([&] { elements.push_back(read_element(from)); }), true;
    if (id == 4) return from.items([&] { footer.groups.push_back(read_group(from)); }), true;
    return false;
  });
  SchemaWalk walk{elements, footer};
  walk.walk({}, 0);
  if (from.is_broken() || walk.is_broken) return broken;
  for (const auto& group : footer.groups) {
    if (group.columns.size() != walk.leaves) return broken;
  }
  return footer;
}

}  // namespace leat::parquet_levels
