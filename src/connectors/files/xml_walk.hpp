#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "clients/file_list/open_listed.hpp"
#include "clients/xml/parser.hpp"

namespace leat::connectors::files {

/// Which elements are records, and how much one may be.
struct XmlShape {
  std::vector<std::string> records;  ///< Names from the root down; "*" is any.
  std::uint64_t max_record_bytes = 16 << 20;
};

/// A record that has just ended.
struct XmlRecord {
  std::uint64_t line = 0;
  std::uint64_t byte_offset = 0;  ///< From the start of the decompressed file.
  std::uint64_t bytes = 0;
  std::string head = {};  ///< Of one that was too long to be kept: how it begins.
};

/// When so much is kept, it is time to take the records that have ended and to `forget` them.
inline constexpr std::size_t kXmlWindowBytes = 8 << 20;

/// Who is told of the records of a file.
class XmlRecords {
 public:
  virtual ~XmlRecords() = default;
  /// A value of the record that is open: "title", "author/name", "@id", "price/@currency"; the
  /// record's own text is "text()". Blanks around texts are gone. Nothing comes any more once the
  /// record is longer than one may be.
  virtual void value(std::string_view path, std::string_view text) = 0;
  /// An element that is there, and says that it has no value.
  virtual void nil(std::string_view path) = 0;
  virtual void end_record(const XmlRecord& record) = 0;
};

/// One file, cut into its records.
///
/// Calls     `read_on` until it says that the file ended; `end_record` may `pause` it.
/// Shape     an element has a value where it holds text, or no other element.
/// Missing   an element with xsi:nil="true" has no value.
/// Errors    as xml::Parser; config too when the file ends without a record, and what stands where
///           `records` leads shows that its path is wrong.
class XmlWalk final : private xml::Events {
 public:
  XmlWalk(const XmlShape& shape, XmlRecords& records);

  Status open(io::FileSystem& files, const file_list::ListedFile& listed);
  /// False at the end of the file. Ends at a pause or behind some bytes.
  Result<bool> read_on();
  void pause() { x_parser.pause(); }
  std::uint64_t file_bytes() const { return x_open ? x_open->stream->file_bytes() : 0; }
  /// Bytes that are kept for `raw`.
  std::size_t window_bytes() const { return x_window.size(); }
  /// The text of a record that `forget` has not let go, as it stood in the file.
  std::string raw(const XmlRecord& record) const;
  /// At the end of a file without records: what stands where they would; else nothing.
  std::string note() const;
  /// Records that have ended are not asked for any more.
  void forget();

 private:
  struct Level {
    std::size_t path_size = 0;  ///< Of the path above it.
    std::string text;
    bool has_elements = false;
    bool is_nil = false;
  };

  void start(std::string_view name, std::span<const xml::Attribute> attributes) override;
  void end(std::string_view name) override;
  void text(std::string_view text) override;
  bool matches(std::string_view name) const;
  /// Has the path led to records, or to a place where there are none?
  Status judge_path() const;
  /// Down to the first name that leads nowhere.
  std::string sought_path() const;
  std::vector<std::string> names_beside() const;
  void open_level(std::string_view name, std::span<const xml::Attribute> attributes);
  void close_level();
  void tell(std::string_view path, std::string_view text) const;
  bool is_too_long() const;
  void drop_window();

  const XmlShape& x_shape;
  XmlRecords& x_records;
  xml::Parser x_parser;
  std::optional<file_list::OpenFile> x_open;
  std::string x_buffer;
  std::string x_window;  ///< Bytes of the file from `x_window_start` on.
  std::uint64_t x_window_start = 0;
  bool x_at_end = false;
  std::size_t x_depth = 0;    ///< Elements that are open,
  std::size_t x_matched = 0;  ///< and how many of them lead to records.
  bool x_has_records = false;
  std::size_t x_deepest = 0;  ///< The most names of the path that have led on so far;
  std::set<std::string, std::less<>> x_beside;  ///< what stood there instead.
  std::string x_path;
  std::vector<Level> x_levels;  ///< Of the open record, itself first.
  XmlRecord x_record;
  std::string x_other_root;
};

/// "/catalog/book" as names; nothing when it is no such path. An empty one: the root's elements.
std::vector<std::string> names_of_xml_path(std::string_view path);

}  // namespace leat::connectors::files
