# The published schemas of `attributes` (schemas/*.json) as text in the binary, for what validates documents on write.
file(GLOB published CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/schemas/*-*.json)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${published})
set(rows "")
foreach(path ${published})
  get_filename_component(file ${path} NAME_WLE)
  string(REGEX MATCH "^(.+)-([0-9]+\\.[0-9]+)$" found ${file})
  file(READ ${path} text)
  string(APPEND rows "    {\"${CMAKE_MATCH_1}\", \"${CMAKE_MATCH_2}\", R\"schema(${text})schema\"},\n")
endforeach()
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/published_schemas.cpp @ONLY CONTENT [[
#include "tenancy/attributes.h"

namespace gatehouse::tenancy {

std::span<const PublishedSchema> published_schemas() {
  static constexpr PublishedSchema all[] = {
@rows@  };
  return all;
}

}  // namespace gatehouse::tenancy
]])
target_sources(gh_tenancy PRIVATE ${CMAKE_BINARY_DIR}/published_schemas.cpp)
