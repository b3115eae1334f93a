# The migrations that this binary was built with, for its check at start (src/server/schema_check.h).
set(lists "")
foreach(kind Control Product Audit)
  string(TOLOWER ${kind} folder)
  file(GLOB ups CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/migrations/${folder}/*.up.sql)
  set(versions "")
  foreach(up ${ups})
    get_filename_component(name ${up} NAME)
    string(REGEX MATCH "^[0-9]+" digits ${name})
    math(EXPR version "1${digits} - 10000")
    list(APPEND versions ${version})
  endforeach()
  list(JOIN versions ", " versions)
  string(APPEND lists "constexpr int k${kind}[] = {${versions}};\n")
endforeach()
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/schema_versions.h CONTENT [[
// Made by CMake from the names of the files in migrations/.
#pragma once

namespace gatehouse::server::schema_versions {

@lists@
}  // namespace gatehouse::server::schema_versions
]] @ONLY)
target_include_directories(gh_server PRIVATE ${CMAKE_BINARY_DIR}/generated)
