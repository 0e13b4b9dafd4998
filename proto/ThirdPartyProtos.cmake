# Copies the third-party .proto files from Debian's packages into third_party_dir when the build is configured, and
# lists them: FUJU_THIRD_PARTY_PROTOS, and those that define services in FUJU_THIRD_PARTY_SERVICE_PROTOS. scripts/lint runs
# it alone: cmake -D third_party_dir=... -P proto/ThirdPartyProtos.cmake
set(gogo_dir /usr/share/gocode/src/github.com/gogo/googleapis) # golang-github-gogo-googleapis-dev
set(jar /usr/share/java/proto-google-common-protos.jar) # libgoogle-common-protos-java
set(grpc_proto_dir /usr/share/grpc-proto) # grpc-proto

set(from_gogo google/rpc/code.proto google/rpc/error_details.proto google/rpc/status.proto)
set(from_jar google/api/field_behavior.proto google/api/resource.proto google/type/date.proto)
# Health and reflection v1alpha are inside libgrpc++ and libgrpc++_reflection; the client of health is what we add.
set(from_grpc_proto grpc/health/v1/health.proto grpc/reflection/v1/reflection.proto)

foreach(source IN ITEMS "${gogo_dir}/google/rpc/error_details.proto" "${jar}"
                        "${grpc_proto_dir}/grpc/reflection/v1/reflection.proto")
  if(NOT EXISTS "${source}")
    message(FATAL_ERROR "${source} was not found. `scripts/setup` installs what this build needs.")
  endif()
endforeach()

foreach(proto IN LISTS from_gogo)
  configure_file("${gogo_dir}/${proto}" "${third_party_dir}/${proto}" COPYONLY)
endforeach()
foreach(proto IN LISTS from_grpc_proto)
  configure_file("${grpc_proto_dir}/${proto}" "${third_party_dir}/${proto}" COPYONLY)
endforeach()
set(unpack_dir "${third_party_dir}/from_jar")
file(MAKE_DIRECTORY "${unpack_dir}")
execute_process(COMMAND "${CMAKE_COMMAND}" -E tar xf "${jar}" ${from_jar} WORKING_DIRECTORY "${unpack_dir}"
                                                                                            COMMAND_ERROR_IS_FATAL ANY)
foreach(proto IN LISTS from_jar)
  configure_file("${unpack_dir}/${proto}" "${third_party_dir}/${proto}" COPYONLY)
endforeach()

set(FUJU_THIRD_PARTY_PROTOS ${from_gogo} ${from_jar})
set(FUJU_THIRD_PARTY_SERVICE_PROTOS ${from_grpc_proto})
