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
leat_static_library(lz4 liblz4.a)
leat_static_library(bzip2 libbz2.a)
leat_static_library(xz liblzma.a)
leat_static_library(expat libexpat.a m)
leat_static_library(minizip libminizip.a third_zlib)
leat_static_library(snappy libsnappy.a)
leat_static_library(aec libaec.a)
leat_static_library(szip libsz.a third_aec)
leat_static_library(hdf5 libhdf5_serial.a third_szip third_zlib dl m)
find_path(LEAT_hdf5_headers hdf5.h PATH_SUFFIXES hdf5/serial REQUIRED)
mark_as_advanced(LEAT_hdf5_headers)
target_include_directories(third_hdf5 SYSTEM INTERFACE ${LEAT_hdf5_headers})

# libcurl is loaded when it is first needed (io): its archive leans on a dozen others.
find_path(LEAT_curl_headers curl/curl.h REQUIRED)
mark_as_advanced(LEAT_curl_headers)
add_library(third_curl INTERFACE)
target_include_directories(third_curl SYSTEM INTERFACE ${LEAT_curl_headers})
target_link_libraries(third_curl INTERFACE dl)

# libpq is loaded when it is first needed (clients/postgres): Debian's archive of it leans on Kerberos
# and LDAP, and on archives that come with a compiler of 500 MB.
find_path(LEAT_pq_headers libpq-fe.h PATH_SUFFIXES postgresql REQUIRED)
mark_as_advanced(LEAT_pq_headers)
add_library(third_pq INTERFACE)
target_include_directories(third_pq SYSTEM INTERFACE ${LEAT_pq_headers})
target_link_libraries(third_pq INTERFACE dl)
