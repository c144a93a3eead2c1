# One line per folder: leat_module(NAME), leat_connector(NAME) or leat_check(NAME).
#
# Each call builds every .cpp of the calling folder that is not a test into the static library
# leat_<NAME> and, where there are *_test.cpp files, the test program <NAME>_test, which ctest runs.
# Each *_fuzz.cpp becomes a libFuzzer program of that name in the asan build, and a part of its
# target `fuzzers`. DEPS
# names other modules; LIBS names third-party targets.

function(leat_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
    -Wold-style-cast -Wcast-qual -Wconversion -Wno-sign-conversion -Woverloaded-virtual)
  # Whoever only builds the program may have another compiler, with other warnings.
  if(LEAT_TESTS)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # g++ 12 reports these inside the standard library's own inlined code.
    target_compile_options(${target} PRIVATE -Wno-restrict -Wno-maybe-uninitialized
      -Wno-stringop-overflow -Wno-stringop-overread -Wno-array-bounds)
    if(CMAKE_UNITY_BUILD)
      # A class of a source that is included is not seen by others.
      target_compile_options(${target} PRIVATE -Wno-subobject-linkage)
    endif()
  else()
    # libstdc++ 12's own stable_sort, as clang sees it.
    target_compile_options(${target} PRIVATE -Wno-deprecated-declarations)
  endif()
endfunction()

function(leat_module name)
  cmake_parse_arguments(ARG "" "" "DEPS;LIBS;HEADERS" ${ARGN})
  string(REPLACE "/" "_" id "${name}")
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  set(fuzzers ${sources})
  list(FILTER fuzzers INCLUDE REGEX "_fuzz\\.cpp$")
  list(FILTER sources EXCLUDE REGEX "_(test|fuzz)\\.cpp$")
  set(deps ${ARG_DEPS})
  list(TRANSFORM deps REPLACE "/" "_")
  list(TRANSFORM deps PREPEND leat_)
  if(sources)
    add_library(leat_${id} STATIC ${sources})
    set(scope PUBLIC)
    leat_warnings(leat_${id})
    leat_precompile(leat_${id})
  else()
    add_library(leat_${id} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(leat_${id} ${scope} ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(leat_${id} ${scope} ${deps} ${ARG_LIBS})
  set_property(GLOBAL APPEND PROPERTY LEAT_MODULES leat_${id})
  if(tests AND LEAT_TESTS)
    add_executable(${id}_test ${tests})
    leat_test_options(${id}_test)
    target_precompile_headers(${id}_test REUSE_FROM leat_test_pch)
    target_link_libraries(${id}_test PRIVATE leat_${id} ${LEAT_TEST_LIBS_${id}} duckdb_archives)
    add_test(NAME unit.${id} COMMAND ${id}_test)
    # Of thousands of lines only what failed is shown: logs are often cut.
    set_tests_properties(unit.${id} PROPERTIES TIMEOUT 300 LABELS unit ENVIRONMENT GTEST_BRIEF=1)
  endif()
  foreach(fuzzer IN LISTS fuzzers)
    leat_fuzzer(${fuzzer} ${id})
  endforeach()
endfunction()

# Tests are compiled without optimisation, which is quick; the modules that they call, as the preset
# says.
function(leat_test_options target)
  leat_warnings(${target})
  target_compile_options(${target} PRIVATE -O0)
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/src
    ${PROJECT_SOURCE_DIR}/test)
  target_link_libraries(${target} PRIVATE GTest::gmock_main)
endfunction()

# The headers that every test includes, precompiled for all of them.
function(leat_test_headers)
  file(WRITE ${PROJECT_BINARY_DIR}/test_pch.cpp "")
  add_library(leat_test_pch OBJECT ${PROJECT_BINARY_DIR}/test_pch.cpp)
  leat_test_options(leat_test_pch)
  target_precompile_headers(leat_test_pch PRIVATE ${LEAT_STANDARD_HEADERS} <gmock/gmock.h>
    <gtest/gtest.h>)
endfunction()

# One libFuzzer program. The dev build only notes its name, so that ctest knows what to run. It has
# all of its module, or the sources LEAT_FUZZ_SOURCES_<name> and the modules LEAT_FUZZ_DEPS_<name>.
function(leat_fuzzer source id)
  get_filename_component(name ${source} NAME_WE)
  set_property(GLOBAL APPEND PROPERTY LEAT_FUZZERS ${name})
  if(LEAT_FUZZ)
    set(deps ${id})
    if(LEAT_FUZZ_SOURCES_${name})
      set(deps ${LEAT_FUZZ_DEPS_${name}})
    endif()
    list(TRANSFORM deps REPLACE "/" "_")
    list(TRANSFORM deps PREPEND leat_)
    add_executable(${name} ${source} ${LEAT_FUZZ_SOURCES_${name}})
    leat_warnings(${name})
    target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/test)
    target_link_libraries(${name} PRIVATE ${deps} ${LEAT_FUZZ_LIBS_${name}})
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
    if(NOT TARGET fuzzers)
      add_custom_target(fuzzers)
    endif()
    add_dependencies(fuzzers ${name})
  endif()
endfunction()

# Where sources of a folder are compiled together, those that match are not: each of them calls its
# private parts as all of their kind do, `options` and `parse`.
function(leat_alone pattern)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  list(FILTER sources INCLUDE REGEX "${pattern}")
  set_source_files_properties(${sources} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()

# A connector is a module that also says what it is: its describe.hpp declares
# `namespace leat::connectors::<name> { void describe(Catalog&); }`, and the catalog calls it.
function(leat_connector name)
  leat_alone("_(source|sink)\\.cpp$")
  leat_module(connectors/${name} ${ARGN})
  set_property(GLOBAL APPEND PROPERTY LEAT_CATALOG "connectors/${name}")
endfunction()

# A check family, likewise, in namespace leat::checks::<name>.
function(leat_check name)
  leat_alone("\\.cpp$")
  leat_module(checks/${name} ${ARGN})
  set_property(GLOBAL APPEND PROPERTY LEAT_CATALOG "checks/${name}")
endfunction()

# Writes the list of describe() calls from the folders that registered themselves.
function(leat_write_catalog path)
  get_property(entries GLOBAL PROPERTY LEAT_CATALOG)
  list(SORT entries)
  set(includes "")
  set(calls "")
  foreach(entry IN LISTS entries)
    string(REPLACE "/" "::" ns "${entry}")
    string(APPEND includes "#include \"${entry}/describe.hpp\"\n")
    string(APPEND calls "  ${ns}::describe(catalog);\n")
  endforeach()
  file(CONFIGURE OUTPUT ${path} @ONLY CONTENT
"// Generated by CMake from the leat_connector() and leat_check() lines.
#include \"app/catalog.hpp\"
@includes@
namespace leat::app {

void describe_all(Catalog& catalog) {
@calls@}

}  // namespace leat::app
")
endfunction()

function(leat_precompile target)
  if(LEAT_PCH)
    target_precompile_headers(${target} REUSE_FROM leat_pch)
  endif()
endfunction()

# Puts text files of the calling folder into its module, each as a std::string_view: `page.css` is
# `page_css` in namespace leat::<name>, which a header of the folder declares.
function(leat_embed name)
  set(constants "")
  foreach(file IN LISTS ARGN)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${file})
    file(READ ${CMAKE_CURRENT_SOURCE_DIR}/${file} text)
    string(REPLACE "." "_" constant ${file})
    string(APPEND constants
      "extern const std::string_view ${constant};\nconst std::string_view ${constant} = R\"leat(${text})leat\";\n")
  endforeach()
  set(path ${CMAKE_CURRENT_BINARY_DIR}/embedded.cpp)
  file(CONFIGURE OUTPUT ${path} @ONLY CONTENT
"// Generated by CMake from the files of a leat_embed() line.
#include <string_view>

namespace leat::@name@ {

@constants@
}  // namespace leat::@name@
")
  target_sources(leat_${name} PRIVATE ${path})
endfunction()
