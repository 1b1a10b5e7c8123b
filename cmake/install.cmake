# A relocatable package for find_package and pkg-config, in three parts: what runs, what is compiled against, the program.
include(CMakePackageConfigHelpers)
set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/momento_token")

install(TARGETS momento_token momento_token_header_only momento_token_testing EXPORT momento_token_targets
        RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT momento_token_runtime
        LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT momento_token_runtime
                NAMELINK_COMPONENT momento_token_development
        ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT momento_token_development)
install(EXPORT momento_token_targets NAMESPACE momento_token:: DESTINATION "${package_dir}"
        FILE momento_token-targets.cmake COMPONENT momento_token_development)
install(DIRECTORY include/momento_token DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
        COMPONENT momento_token_development FILES_MATCHING PATTERN "*.hpp" PATTERN "*.ipp")

# From DIRECTORY of an installation to TO, wherever the two are below the prefix (or, as distributions may have it, not).
function(momento_token_relative_path result directory to)
  file(RELATIVE_PATH path "${directory}" "${to}")
  string(REGEX REPLACE "/$" "" path "${path}")
  set(${result} "${path}" PARENT_SCOPE)
endfunction()

# An installed program finds an installed shared library beside it, wherever the two are moved.
momento_token_relative_path(momento_token_libdir "${CMAKE_INSTALL_FULL_BINDIR}" "${CMAKE_INSTALL_FULL_LIBDIR}")
if(APPLE)
  list(APPEND CMAKE_INSTALL_RPATH "@loader_path/${momento_token_libdir}")
else()
  list(APPEND CMAKE_INSTALL_RPATH "$ORIGIN/${momento_token_libdir}")
endif()

configure_package_config_file(cmake/momento_token-config.cmake.in momento_token-config.cmake
                              INSTALL_DESTINATION "${package_dir}")
write_basic_package_version_file(momento_token-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/momento_token-config.cmake"
              "${CMAKE_CURRENT_BINARY_DIR}/momento_token-config-version.cmake"
        DESTINATION "${package_dir}" COMPONENT momento_token_development)

# pkg-config resolves ${pcfiledir} when it is asked, so the prefix may move. There are no quotes around it, because
# pkgconf has escaped its spaces already.
momento_token_relative_path(momento_token_pc_prefix "${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig" "${CMAKE_INSTALL_PREFIX}")
momento_token_relative_path(momento_token_pc_libdir "${CMAKE_INSTALL_PREFIX}" "${CMAKE_INSTALL_FULL_LIBDIR}")
momento_token_relative_path(momento_token_pc_includedir "${CMAKE_INSTALL_PREFIX}" "${CMAKE_INSTALL_FULL_INCLUDEDIR}")
if(momento_token_type STREQUAL SHARED_LIBRARY)
  set(momento_token_pc_cflags " -DMOMENTO_TOKEN_SHARED")
endif()
string(TOUPPER "${CMAKE_BUILD_TYPE}" momento_token_config)
set(momento_token_pc_postfix "${CMAKE_${momento_token_config}_POSTFIX}")
configure_file(cmake/momento_token.pc.in momento_token.pc @ONLY)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/momento_token.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig"
        COMPONENT momento_token_development)
