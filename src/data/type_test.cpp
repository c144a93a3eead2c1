#include "data/type.hpp"

#include <gtest/gtest.h>

#include "data/parquet_types.hpp"

namespace leat::data {
namespace {

TEST(Type, reads_the_names_people_write) {
  EXPECT_EQ(parse_type("int")->id, TypeId::int32);
  EXPECT_EQ(parse_type(" String ")->id, TypeId::varchar);
  EXPECT_EQ(parse_type("timestamp with time zone")->id, TypeId::timestamp_tz);
  EXPECT_EQ(sql_of(*parse_type("timetz")), "TIME WITH TIME ZONE");
  EXPECT_EQ(parse_type("VARCHAR(20)")->id, TypeId::varchar);
  EXPECT_EQ(sql_of(*parse_type("numeric( 10 , 2 )")), "DECIMAL(10,2)");
  EXPECT_EQ(sql_of(*parse_type("decimal")), "DECIMAL(18,3)");
  EXPECT_EQ(sql_of(*parse_type("STRUCT(a INTEGER)")), "STRUCT(a INTEGER)");
}

TEST(Type, every_documented_name_can_be_read_and_written_back) {
  for (const auto& name : type_names()) {
    const auto type = parse_type(name);
    ASSERT_TRUE(type.ok()) << name;
    EXPECT_EQ(*parse_type(sql_of(*type)), *type) << name;
  }
}

TEST(Type, an_unknown_name_gets_the_nearest) {
  const auto type = parse_type("bigit");
  ASSERT_FALSE(type.ok());
  EXPECT_EQ(type.error().hint_text(), "did you mean `bigint`?");
}

TEST(Type, refuses_decimals_that_cannot_be) {
  for (const char* text :
       {"decimal(39,0)", "decimal(0,0)", "decimal(5,6)", "decimal(a)", "decimal(5,", "int(5)"}) {
    EXPECT_FALSE(parse_type(text).ok()) << text;
  }
}

/// A type of the engine's that no file can declare.
Type engine_type(const char* name) { return {TypeId::other, 0, 0, name}; }

TEST(ParquetTypes, carry_only_what_comes_back_the_same) {
  EXPECT_FALSE(parquet_travel_type(*parse_type("bigint"))->has_value());
  EXPECT_EQ(sql_of(**parquet_travel_type(*parse_type("hugeint"))), "VARCHAR");
  EXPECT_EQ(sql_of(**parquet_column_type(*parse_type("hugeint"))), "DECIMAL(38,0)");
  EXPECT_EQ(sql_of(**parquet_column_type(engine_type("BIGNUM"))), "VARCHAR");
  EXPECT_EQ(sql_of(**parquet_column_type(engine_type("TIME_NS"))), "VARCHAR");
  EXPECT_FALSE(parquet_travel_type(*parse_type("BIGNUM[]")).ok());
  EXPECT_FALSE(parquet_travel_type(*parse_type("STRUCT(a MAP(VARCHAR, INTERVAL[]))")).ok());
  EXPECT_FALSE(parquet_travel_type(*parse_type("STRUCT(\"BIT\" INTEGER, BITS DATE)"))->has_value());
  EXPECT_FALSE(parquet_travel_type(*parse_type("ENUM('a', 'b')[]"))->has_value());
  EXPECT_EQ(sql_of(**parquet_travel_type(*parse_type("interval"))), "VARCHAR");
  EXPECT_FALSE(parquet_travel_type(*parse_type("HUGEINT[]")).ok());
  EXPECT_FALSE(parquet_travel_type(*parse_type("INTEGER[]"))->has_value());
  EXPECT_EQ(sql_of(**parquet_travel_type(*parse_type("STRUCT(\"a[3]\" FLOAT[3][2], b DATE[])[4]"))),
            "STRUCT(\"a[3]\" FLOAT[][], b DATE[])[]");
}

}  // namespace
}  // namespace leat::data
