# How our code is compiled and linked: language level, warnings, linker, compiler cache.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_VISIBILITY_PRESET default)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")

if(NOT CMAKE_BUILD_TYPE)
  message(FATAL_ERROR "Configure with a preset: cmake --preset debug|release|asan|tsan [-B <folder>]")
endif()

# Linker: mold, else lld, else the default one.
find_program(FUJU_MOLD mold)
find_program(FUJU_LLD ld.lld)
if(FUJU_MOLD)
  add_link_options(-fuse-ld=mold)
elseif(FUJU_LLD)
  add_link_options(-fuse-ld=lld)
endif()
# Only what is used is loaded when a binary starts: Debian's Abseil and gRPC come as about a hundred shared libraries.
add_link_options(-Wl,--as-needed)

# Compiler cache, shared between build folders. BASEDIR makes paths relative, NOHASHDIR ignores the folder's name, and
# the sloppiness is what ccache asks for with precompiled headers (together with -fpch-preprocess).
find_program(FUJU_CCACHE ccache)
if(FUJU_CCACHE)
  set(ccache_base "${PROJECT_SOURCE_DIR}")
  cmake_path(IS_PREFIX ccache_base "${PROJECT_BINARY_DIR}" NORMALIZE build_is_inside)
  while(NOT build_is_inside)
    cmake_path(GET ccache_base PARENT_PATH ccache_base)
    cmake_path(IS_PREFIX ccache_base "${PROJECT_BINARY_DIR}" NORMALIZE build_is_inside)
  endwhile()
  cmake_path(GET ccache_base RELATIVE_PART ccache_relative)
  if(ccache_relative STREQUAL "") # only "/" in common
    set(ccache_base "${PROJECT_SOURCE_DIR}")
  endif()
  set(CMAKE_CXX_COMPILER_LAUNCHER
      /usr/bin/env
      "CCACHE_BASEDIR=${ccache_base}"
      CCACHE_NOHASHDIR=1
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      "${FUJU_CCACHE}")
  add_compile_options(-fpch-preprocess)
endif()

# Every target, generated code included: they share the precompiled headers, so what changes the code is the same for all.
# (_FILE_OFFSET_BITS comes with libsqlite3 and others; Debian's g++ makes position-independent programs by itself.)
add_compile_options(-pthread -fno-omit-frame-pointer)
add_compile_definitions(_FILE_OFFSET_BITS=64)

# Sanitizers: the asan and tsan presets set FUJU_SANITIZE. Tests, and the programs they start, get the options through
# a launcher, since ctest also runs a test program to list its tests.
set(FUJU_SANITIZE "" CACHE STRING "Sanitizers for -fsanitize=, comma separated")
if(FUJU_SANITIZE)
  # No vptr: Debian's libraries hide the type information that it asks for (SOCI's statements).
  add_compile_options(-fsanitize=${FUJU_SANITIZE} -fno-sanitize=vptr -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${FUJU_SANITIZE})
  set(suppressions "${PROJECT_SOURCE_DIR}/scripts/cmake/sanitizers")
  set(FUJU_SANITIZER_LAUNCHER
      /usr/bin/env
      "ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1"
      "LSAN_OPTIONS=suppressions=${suppressions}/lsan.supp:print_suppressions=0"
      "UBSAN_OPTIONS=print_stacktrace=1"
      "TSAN_OPTIONS=suppressions=${suppressions}/tsan.supp:second_deadlock_stack=1")
endif()
set(FUJU_SANITIZER_SUPPORT "") # linked into every program
# malloc of the programs: with glibc's it was a quarter of a call's processor time. Sanitizers bring their own.
set(FUJU_MALLOC "")
if(NOT FUJU_SANITIZE)
  set(FUJU_MALLOC PkgConfig::jemalloc)
endif()
if(FUJU_SANITIZE MATCHES "thread")
  # Protobuf's headers give a map field another layout where they see this macro, and libprotobuf was built without it.
  add_compile_options(-U__SANITIZE_THREAD__ -D_GLIBCXX_TSAN=1)
  add_library(fuju_tsan_abseil OBJECT "${CMAKE_CURRENT_LIST_DIR}/sanitizers/tsan_abseil.cc")
  set(FUJU_SANITIZER_SUPPORT fuju_tsan_abseil)
endif()

# Warnings of our own code only: linked privately by fuju_room, fuju_binary and fuju_test.
add_library(fuju_warnings INTERFACE)
target_compile_options(fuju_warnings INTERFACE -Wall -Wextra -Wshadow -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # -Wrestrict cries wolf in std::string of g++ 12 when it optimises (GCC PR 105651).
  target_compile_options(fuju_warnings INTERFACE -Wno-restrict)
  if(FUJU_SANITIZE)
    # Cries wolf where a sanitizer's code stands in between, as GCC's manual says of -fsanitize.
    target_compile_options(fuju_warnings INTERFACE -Wno-maybe-uninitialized)
  endif()
endif()
