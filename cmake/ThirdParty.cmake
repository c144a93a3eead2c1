# Debian's libraries, linked statically: the program then needs no more than libc of the machine it
# runs on, starts faster, and has one C++ runtime in it.
find_package(Threads REQUIRED)

function(leat_static_library name file)
  find_library(LEAT_${name} NAMES ${file} REQUIRED)
  mark_as_advanced(LEAT_${name})
  add_library(third_${name} INTERFACE)
  target_link_libraries(third_${name} INTERFACE ${LEAT_${name}} ${ARGN} Threads::Threads)
endfunction()

leat_static_library(yaml_cpp libyaml-cpp.a)
leat_static_library(re2 libre2.a)
leat_static_library(sqlite libsqlite3.a dl m)
leat_static_library(crypto libcrypto.a dl)
leat_static_library(zlib libz.a)
leat_static_library(zstd libzstd.a)
leat_static_library(bzip2 libbz2.a)
leat_static_library(xz liblzma.a)
leat_static_library(expat libexpat.a m)
leat_static_library(minizip libminizip.a third_zlib)
leat_static_library(snappy libsnappy.a)
