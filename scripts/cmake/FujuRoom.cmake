# The four functions a room's CMakeLists.txt needs. Names in DEPENDS are CMake targets: rooms (fuju_chassis_redis),
# fuju_proto, or libraries of FujuDependencies.cmake (PkgConfig::hiredis). Sources are listed one by one, sorted.

# fuju_room(NAME chassis_store SOURCES a.cc b.cc DEPENDS fuju_chassis_redis ...)
#
# The library fuju_<NAME>. Headers are included from services/ ("chassis/store/keys.h"), protos as generated
# ("fuju/event/v1/event.pb.h"). A room of headers only leaves SOURCES out.
function(fuju_room)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "NAME" "SOURCES;DEPENDS")
  _fuju_check_arguments(fuju_room "${arg_UNPARSED_ARGUMENTS}" NAME "${arg_NAME}")
  set(target fuju_${arg_NAME})
  if(arg_SOURCES)
    add_library(${target} STATIC ${arg_SOURCES})
    target_link_libraries(${target} PUBLIC fuju_base ${arg_DEPENDS})
    _fuju_our_code(${target} fuju_pch)
  else()
    add_library(${target} INTERFACE)
    target_link_libraries(${target} INTERFACE fuju_base ${arg_DEPENDS})
  endif()
endfunction()

# fuju_binary(NAME fuju-applications SOURCES main.cc DEPENDS fuju_applications ...)
#
# The program <build folder>/bin/<NAME>.
function(fuju_binary)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "NAME" "SOURCES;DEPENDS")
  _fuju_check_arguments(fuju_binary "${arg_UNPARSED_ARGUMENTS}" NAME "${arg_NAME}" SOURCES "${arg_SOURCES}")
  add_executable(${arg_NAME} ${arg_SOURCES})
  target_link_libraries(${arg_NAME} PRIVATE fuju_base ${FUJU_SANITIZER_SUPPORT} ${FUJU_MALLOC} ${arg_DEPENDS})
  _fuju_our_code(${arg_NAME} fuju_pch)
  install(TARGETS ${arg_NAME} RUNTIME DESTINATION bin)
  set_property(GLOBAL APPEND PROPERTY FUJU_PROGRAMS ${arg_NAME})
endfunction()

# fuju_test(NAME store KIND unit|integration|system SOURCES store_test.cc DEPENDS fuju_chassis_store ...
#           [BINARIES fuju-applications ...] [TIMEOUT seconds] [OWN_MAIN] [SERIAL] [WHOLE])
#
# The test program <build folder>/bin/fuju_<KIND>_<NAME>_test, each of its tests registered with ctest under the label
# KIND. Its working folder is the repository, so "deploy/data/gansu" is found. BINARIES are programs it starts: they are
# built before it, and are found in $FUJU_BIN_DIR. System tests run one at a time. OWN_MAIN: the sources bring main().
# SERIAL: never beside another test. WHOLE: one test for ctest, because its tests share a fixture that is expensive to
# set up.
function(fuju_test)
  cmake_parse_arguments(PARSE_ARGV 0 arg "OWN_MAIN;SERIAL;WHOLE" "NAME;KIND;TIMEOUT" "SOURCES;DEPENDS;BINARIES")
  _fuju_check_arguments(fuju_test "${arg_UNPARSED_ARGUMENTS}" NAME "${arg_NAME}" SOURCES "${arg_SOURCES}")
  set(known_kinds unit integration system)
  if(NOT arg_KIND IN_LIST known_kinds)
    message(FATAL_ERROR "fuju_test(NAME ${arg_NAME}): KIND is one of ${known_kinds}, not '${arg_KIND}'")
  endif()
  if(NOT arg_TIMEOUT)
    set(default_unit 60)
    set(default_integration 120)
    set(default_system 300)
    set(arg_TIMEOUT ${default_${arg_KIND}})
  endif()
  set(target fuju_${arg_KIND}_${arg_NAME}_test)
  add_executable(${target} ${arg_SOURCES})
  target_link_libraries(${target} PRIVATE fuju_test_base ${FUJU_SANITIZER_SUPPORT} ${arg_DEPENDS})
  if(NOT arg_OWN_MAIN)
    target_link_libraries(${target} PRIVATE GTest::gtest_main)
  endif()
  _fuju_our_code(${target} fuju_test_pch)
  if(FUJU_SANITIZER_LAUNCHER)
    set_target_properties(${target} PROPERTIES CROSSCOMPILING_EMULATOR "${FUJU_SANITIZER_LAUNCHER}")
  endif()
  if(arg_BINARIES)
    add_dependencies(${target} ${arg_BINARIES})
  endif()
  if(NOT arg_KIND STREQUAL "system")
    set_property(GLOBAL APPEND PROPERTY FUJU_SMALL_TESTS ${target})
  endif()
  set(properties LABELS ${arg_KIND} TIMEOUT ${arg_TIMEOUT})
  if(arg_SERIAL OR arg_KIND STREQUAL "system") # a system test is a machine full of processes by itself
    list(APPEND properties RUN_SERIAL ON)
  endif()
  if(arg_WHOLE)
    add_test(NAME ${arg_KIND}/${arg_NAME} COMMAND ${target} WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
    set_tests_properties(
      ${arg_KIND}/${arg_NAME} PROPERTIES ${properties} ENVIRONMENT "FUJU_BIN_DIR=${CMAKE_RUNTIME_OUTPUT_DIRECTORY}")
    return()
  endif()
  gtest_discover_tests(
    ${target}
    DISCOVERY_MODE PRE_TEST
    DISCOVERY_TIMEOUT 60
    TEST_PREFIX "${arg_KIND}/${arg_NAME}/"
    WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}"
    PROPERTIES ${properties} ENVIRONMENT "FUJU_BIN_DIR=${CMAKE_RUNTIME_OUTPUT_DIRECTORY}")
endfunction()

# fuju_embed_text(TARGET fuju_chassis_store FILE commit.lua VARIABLE kCommitLua NAMESPACE fuju::chassis
#                 [PRELUDE <file under services/, put in front>])
#
# Makes the generated header "<folder of FILE under services/>/<FILE>.h" ("chassis/store/commit.lua.h") with
# `inline constexpr std::string_view kCommitLua` = the bytes of PRELUDE and FILE. A .lua file is syntax-checked when the build is
# configured and again whenever it changes.
function(fuju_embed_text)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "TARGET;FILE;VARIABLE;NAMESPACE;PRELUDE" "")
  _fuju_check_arguments(
    fuju_embed_text
    "${arg_UNPARSED_ARGUMENTS}"
    TARGET
    "${arg_TARGET}"
    FILE
    "${arg_FILE}"
    VARIABLE
    "${arg_VARIABLE}"
    NAMESPACE
    "${arg_NAMESPACE}")
  cmake_path(ABSOLUTE_PATH arg_FILE BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" OUTPUT_VARIABLE source)
  cmake_path(RELATIVE_PATH source BASE_DIRECTORY "${PROJECT_SOURCE_DIR}/services" OUTPUT_VARIABLE relative)
  set(header "${FUJU_GEN_DIR}/${relative}.h")
  set(prelude "")
  if(arg_PRELUDE)
    set(prelude "${PROJECT_SOURCE_DIR}/services/${arg_PRELUDE}")
  endif()
  set(check "")
  if(relative MATCHES "\\.lua$")
    set(check COMMAND "${FUJU_LUAC}" -p "${source}")
    execute_process(COMMAND "${FUJU_LUAC}" -p "${source}" RESULT_VARIABLE result ERROR_VARIABLE output)
    if(NOT result EQUAL 0)
      message(FATAL_ERROR "${relative} is not valid Lua:\n${output}")
    endif()
  endif()
  add_custom_command(
    OUTPUT "${header}"
    ${check}
    COMMAND "${CMAKE_COMMAND}" -D "SOURCE=${source}" -D "PRELUDE=${prelude}" -D "HEADER=${header}" -D
            "NAME=${relative}" -D "VARIABLE=${arg_VARIABLE}" -D "NAMESPACE=${arg_NAMESPACE}" -P "${FUJU_CMAKE_DIR}/EmbedText.cmake"
    DEPENDS "${source}" ${prelude} "${FUJU_CMAKE_DIR}/EmbedText.cmake"
    COMMENT "Embedding ${relative}"
    VERBATIM)
  target_sources(${arg_TARGET} PRIVATE "${header}")
  set_property(GLOBAL APPEND PROPERTY FUJU_GENERATED "${header}")
endfunction()

set(FUJU_CMAKE_DIR "${CMAKE_CURRENT_LIST_DIR}")
set(FUJU_GEN_DIR "${PROJECT_BINARY_DIR}/gen")
include(GoogleTest)

# What every room may use without naming it. The same for all, so that all can share one precompiled header.
add_library(fuju_base INTERFACE)
target_include_directories(fuju_base INTERFACE "${PROJECT_SOURCE_DIR}/services")
target_include_directories(fuju_base SYSTEM INTERFACE "${FUJU_GEN_DIR}")
target_link_libraries(
  fuju_base
  INTERFACE Threads::Threads
            gRPC::grpc++
            protobuf::libprotobuf
            absl::any_invocable
            absl::btree
            absl::cleanup
            absl::flags
            absl::flags_parse
            absl::flags_usage
            absl::flat_hash_map
            absl::flat_hash_set
            absl::hash
            absl::inlined_vector
            absl::random_random
            absl::span
            absl::status
            absl::statusor
            absl::str_format
            absl::strings
            absl::synchronization
            absl::time)

# What every test may use besides: gtest, gmock and tests/ as an include root ("support/fake_clock.h").
add_library(fuju_test_base INTERFACE)
target_include_directories(fuju_test_base INTERFACE "${PROJECT_SOURCE_DIR}/tests")
target_link_libraries(fuju_test_base INTERFACE fuju_base GTest::gtest GTest::gmock)

function(_fuju_our_code target pch)
  target_link_libraries(${target} PRIVATE fuju_warnings)
  target_precompile_headers(${target} REUSE_FROM ${pch})
endfunction()

# Ends the configuration if an argument is unknown or one of the named ones is empty.
function(_fuju_check_arguments function unparsed)
  if(NOT unparsed STREQUAL "")
    message(FATAL_ERROR "${function}: unknown arguments: ${unparsed}")
  endif()
  # By ARGVn, not ARGN: a value may be a list, which ARGN would flatten into names and values.
  set(at 2)
  while(at LESS ARGC)
    set(name "${ARGV${at}}")
    math(EXPR at "${at} + 1")
    if("${ARGV${at}}" STREQUAL "")
      message(FATAL_ERROR "${function}: ${name} is missing")
    endif()
    math(EXPR at "${at} + 1")
  endwhile()
endfunction()
