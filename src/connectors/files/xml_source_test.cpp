#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "connectors/files/file_source.hpp"
#include "support/faulty_files.hpp"
#include "support/reading.hpp"

namespace leat::connectors::files {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class XmlFiles : public test::Reading {
 protected:
  XmlFiles() : Reading(xml_source()) {}
};

constexpr const char* kTwoColumns = "{path: a.xml, columns: {id: bigint, name: varchar}}";

TEST_F(XmlFiles, are_read_by_elements_attributes_and_paths) {
  x_folder.write("a.xml",
                 "<a><b><c i='1'><n>x</n><d><e f='2'>3</e></d></c></b><b><c>own</c></b><c/></a>");
  EXPECT_EQ(read("{path: a.xml, records: a/b/c, columns: {'@i': int, n: varchar, d/e: int, "
                 "'d/e/@f': int, 'text()': varchar}}"),
            "1|x|3|2|NULL;NULL|NULL|NULL|NULL|own;");
  EXPECT_EQ(read("{path: a.xml, records: '*/*/c', columns: {i: int}, paths: {i: '@i'}}"),
            "1;NULL;");
  EXPECT_EQ(read("{path: a.xml, records: a/x, columns: {i: int}}"),
            "there is no element `/a/x`, where `records` leads, while reading a.xml");
  EXPECT_THAT(aside(), IsEmpty());
}

TEST_F(XmlFiles, are_read_alike_in_batches_of_any_size_and_pieces_of_the_file) {
  std::string text = "<r>";
  std::string whole;
  for (int i = 0; i < 9000; ++i) {
    const auto name = std::string(static_cast<std::size_t>(i) % 40, 'x') + "&lt;&#233;";
    text += "<e><id>" + std::to_string(i) + "</id><name>" + name + "</name></e>\n";
  }
  x_folder.write("a.xml", text + "</r>");
  const auto rows = read(kTwoColumns);
  EXPECT_EQ(std::count(rows.begin(), rows.end(), ';'), 9000);
  EXPECT_THAT(rows, HasSubstr("\x38\x39\x39\x39|" + std::string(39, 'x') + "<é;"));
  EXPECT_THAT(aside(), IsEmpty());
}

TEST_F(XmlFiles, with_a_record_that_is_longer_than_the_window_go_on_behind_it) {
  const std::string longer(20 << 20, 'x');
  x_folder.write("a.xml", "<r><e><id>1</id></e>\n<e><id>2</id><name>" + longer +
                              "</name></e><e><id>3</id></e></r>");
  EXPECT_EQ(read(kTwoColumns), "1|NULL;3|NULL;");
  ASSERT_THAT(aside(), SizeIs(1));
  EXPECT_LT(aside()[0].size(), 1200U);
  EXPECT_THAT(aside()[0], HasSubstr("2:21 the record has 20,971,550 bytes; at most 16,777,216"));
  EXPECT_THAT(aside()[0], HasSubstr("<<e><id>2</id><name>xxx"));
  EXPECT_EQ(read("{path: a.xml, max_record_bytes: 30MB, columns: {id: bigint}}"), "1;2;3;");
}

TEST_F(XmlFiles, with_what_nobody_knew_set_the_record_aside) {
  std::string text = "<r>";
  for (int i = 0; i < 3000; ++i) text += "<e><id>1</id><pad>" + std::string(60, 'x') + "</pad></e>";
  x_folder.write("a.xml", text + "<e><id>2</id><late>1</late></e></r>");
  read("{path: a.xml}");
  EXPECT_THAT(aside(), ElementsAre(HasSubstr("`late` was not among the first records")));
}

TEST_F(XmlFiles, without_declared_columns_are_looked_at) {
  x_folder.write("a.xml",
                 "<r><e a='1'><b>1.5</b><c>x</c><t>1</t><t>2</t><d><f>2024-01-01</f></d></e>"
                 "<e a='2'><g/></e></r>");
  EXPECT_EQ(types("{path: a.xml}"), "@a BIGINT;b DOUBLE;c VARCHAR;t JSON;d/f DATE;g VARCHAR;");
  EXPECT_EQ(types("{path: a.xml, paths: {day: d/f}}"),
            "@a BIGINT;b DOUBLE;c VARCHAR;t JSON;day DATE;g VARCHAR;");
  EXPECT_THAT(types("{path: a.xml, paths: {day: d/g}}"), HasSubstr("no record has `d/g`"));
  EXPECT_THAT(types("{path: a.xml, paths: {C: b}}"), HasSubstr("two columns would be called `c`"));
  EXPECT_EQ(types("{path: a.xml, paths: {b: c, c: b}}"),
            "@a BIGINT;c DOUBLE;b VARCHAR;t JSON;d/f DATE;g VARCHAR;");
}

TEST_F(XmlFiles, give_one_path_to_as_many_columns_as_ask_for_it) {
  x_folder.write("a.xml", "<r><e><a>1</a><b>2</b></e><e><a>3</a></e></r>");
  EXPECT_EQ(read("{path: a.xml, columns: {a: bigint, x: varchar, y: int}, paths: {x: a, y: a}}"),
            "1|1|1;3|3|3;");
  EXPECT_EQ(read("{path: a.xml, paths: {x: a, y: a}}"), "1|2|1;3|NULL|3;");
  EXPECT_EQ(read("{path: a.xml, paths: {a: b, b: a}}"), "1|2;3|NULL;");
}

TEST_F(XmlFiles, are_read_whole_or_not_at_all_when_the_disk_fails) {
  x_folder.write("a.xml", "<r><e><id>1</id><name>x</name></e><e><id>2</id></e></r>");
  test::FaultyFiles disk(io::local_files());
  x_run.use(disk);
  for (std::size_t nth = 1;; ++nth) {
    disk.fail(test::Call::any, nth, EIO);
    const std::string rows = read(kTwoColumns);
    if (!disk.failed()) {
      EXPECT_EQ(rows, "1|x;2|NULL;");
      EXPECT_GT(nth, 5u);
      break;
    }
    EXPECT_THAT(rows, HasSubstr("errno=EIO")) << nth;
  }
}

}  // namespace
}  // namespace leat::connectors::files
