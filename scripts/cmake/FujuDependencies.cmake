# Debian 12's libraries as CMake targets. One that is missing is named, with the way to install all of them.
macro(fuju_missing what)
  message(FATAL_ERROR "${what} was not found. `scripts/setup` installs what this build needs.")
endmacro()

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(absl CONFIG REQUIRED)
find_package(Protobuf REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(gRPC CONFIG REQUIRED) # gRPC::grpc++, gRPC::grpc++_reflection, gRPC::grpc_cpp_plugin
find_package(prometheus-cpp CONFIG REQUIRED) # prometheus-cpp::core, prometheus-cpp::pull
find_package(spdlog CONFIG REQUIRED) # spdlog::spdlog
find_package(nlohmann_json CONFIG REQUIRED) # nlohmann_json::nlohmann_json

# Packages that describe themselves to pkg-config only: PkgConfig::hiredis, ...
pkg_check_modules(hiredis REQUIRED IMPORTED_TARGET hiredis)
pkg_check_modules(libuv REQUIRED IMPORTED_TARGET libuv)
pkg_check_modules(jemalloc REQUIRED IMPORTED_TARGET jemalloc)
pkg_check_modules(libzstd REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(sqlite3 REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(httplib REQUIRED IMPORTED_TARGET cpp-httplib)

# SOCI of Debian has neither a CMake config nor a .pc file.
find_path(SOCI_INCLUDE_DIR soci/soci.h)
find_library(SOCI_CORE_LIBRARY soci_core)
find_library(SOCI_SQLITE3_LIBRARY soci_sqlite3)
if(NOT SOCI_INCLUDE_DIR OR NOT SOCI_CORE_LIBRARY OR NOT SOCI_SQLITE3_LIBRARY)
  fuju_missing("SOCI (core and sqlite3)")
endif()
add_library(soci::core UNKNOWN IMPORTED)
set_target_properties(
  soci::core PROPERTIES IMPORTED_LOCATION "${SOCI_CORE_LIBRARY}" INTERFACE_INCLUDE_DIRECTORIES
                                                                 "${SOCI_INCLUDE_DIR};${SOCI_INCLUDE_DIR}/soci")
add_library(soci::sqlite3 UNKNOWN IMPORTED)
set_target_properties(soci::sqlite3 PROPERTIES IMPORTED_LOCATION "${SOCI_SQLITE3_LIBRARY}" INTERFACE_LINK_LIBRARIES
                                                                                           "soci::core;PkgConfig::sqlite3")

if(FUJU_BUILD_TESTS OR NOT DEFINED FUJU_BUILD_TESTS)
  find_package(GTest CONFIG REQUIRED) # GTest::gtest, GTest::gmock, GTest::gtest_main
  find_package(benchmark CONFIG REQUIRED) # benchmark::benchmark
  pkg_check_modules(lua REQUIRED IMPORTED_TARGET lua5.1) # the simulation runs the scripts of the store
endif()

find_program(FUJU_LUAC NAMES luac5.1 luac51)
if(NOT FUJU_LUAC)
  fuju_missing("luac5.1")
endif()
