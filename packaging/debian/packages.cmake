# Three Debian packages from `cpack -G DEB`, in a build that was configured with the preset `deb`: the shared library, what
# is compiled against it, and the program.
find_program(momento_token_dpkg dpkg-deb NO_CACHE)
find_program(momento_token_gzip gzip NO_CACHE)
if(NOT momento_token_dpkg OR NOT momento_token_gzip)
  return()  # no Debian
endif()
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME momento-token)
set(CPACK_PACKAGE_VENDOR "momento_token")
set(CPACK_PACKAGE_CONTACT "momento_token maintainers <momento-token@users.noreply.github.com>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "")  # each package has its own
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_STRIP_FILES ON)
set(CPACK_PRE_BUILD_SCRIPTS "${CMAKE_CURRENT_LIST_DIR}/files_of_debian.cmake")
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_COMPONENTS_ALL momento_token_development)
if(momento_token_type STREQUAL SHARED_LIBRARY)
  list(APPEND CPACK_COMPONENTS_ALL momento_token_runtime)
  set(CPACK_COMPONENT_MOMENTO_TOKEN_DEVELOPMENT_DEPENDS momento_token_runtime)
  set(CPACK_COMPONENT_MOMENTO_TOKEN_PROGRAM_DEPENDS momento_token_runtime)
endif()
if(MOMENTO_TOKEN_BUILD_CLI)
  list(APPEND CPACK_COMPONENTS_ALL momento_token_program)
endif()

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_HOMEPAGE "${PROJECT_HOMEPAGE_URL}")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS "${PROJECT_BINARY_DIR}")
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS_POLICY "=")  # the ABI is promised from 1.0 on
set(CPACK_DEBIAN_ENABLE_COMPONENT_DEPENDS ON)
set(CPACK_DEBIAN_MOMENTO_TOKEN_RUNTIME_PACKAGE_CONTROL_EXTRA "${CMAKE_CURRENT_LIST_DIR}/triggers")

# momento_token_debian_package(COMPONENT NAME SECTION DESCRIPTION DEPENDS…)
function(momento_token_debian_package component name section description)
  string(TOUPPER "CPACK_DEBIAN_MOMENTO_TOKEN_${component}" prefix)
  list(JOIN ARGN ", " depends)
  set(${prefix}_PACKAGE_NAME ${name} PARENT_SCOPE)
  set(${prefix}_PACKAGE_SECTION ${section} PARENT_SCOPE)
  set(${prefix}_PACKAGE_DEPENDS "${depends}" PARENT_SCOPE)
  set(${prefix}_DESCRIPTION "${description}" PARENT_SCOPE)
  # Where Debian looks for them; no other installation has them.
  install(FILES "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/copyright" "${CMAKE_CURRENT_BINARY_DIR}/debian/changelog.gz"
          DESTINATION "${CMAKE_INSTALL_DATAROOTDIR}/doc/${name}" COMPONENT momento_token_${component} EXCLUDE_FROM_ALL)
endfunction()

file(READ "${CMAKE_CURRENT_LIST_DIR}/description" about)
momento_token_debian_package(runtime libmomento-token${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR} libs
  "short-lived, scoped tokens (shared library)\n${about}")
momento_token_debian_package(development libmomento-token-dev libdevel
  "short-lived, scoped tokens (development files)\n${about}"
  "libssl-dev (>= ${momento_token_openssl_version})" "libfmt-dev (>= ${momento_token_fmt_version})"
  "nlohmann-json3-dev (>= ${momento_token_nlohmann_json_version})")
momento_token_debian_package(program momento-token utils "short-lived, scoped tokens (program)\n${about}")

string(TIMESTAMP momento_token_debian_date "%a, %d %b %Y %H:%M:%S +0000" UTC)  # of SOURCE_DATE_EPOCH where it is set
configure_file("${CMAKE_CURRENT_LIST_DIR}/changelog.in" debian/changelog @ONLY)
execute_process(COMMAND "${momento_token_gzip}" -9nkf "${CMAKE_CURRENT_BINARY_DIR}/debian/changelog")
include(CPack)
