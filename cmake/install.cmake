# A relocatable package for find_package and pkg-config.
include(CMakePackageConfigHelpers)
set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/momento_token")

install(TARGETS momento_token momento_token_header_only EXPORT momento_token_targets
        ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}"
        RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
install(EXPORT momento_token_targets NAMESPACE momento_token:: DESTINATION "${package_dir}"
        FILE momento_token-targets.cmake)
install(DIRECTORY include/momento_token DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
        FILES_MATCHING PATTERN "*.hpp" PATTERN "*.ipp")

# An installed program finds an installed shared library beside it, wherever the two are moved.
file(RELATIVE_PATH momento_token_libdir "/prefix/${CMAKE_INSTALL_BINDIR}" "/prefix/${CMAKE_INSTALL_LIBDIR}")
if(APPLE)
  set(CMAKE_INSTALL_RPATH "@loader_path/${momento_token_libdir}")
else()
  set(CMAKE_INSTALL_RPATH "$ORIGIN/${momento_token_libdir}")
endif()

configure_package_config_file(cmake/momento_token-config.cmake.in momento_token-config.cmake
                              INSTALL_DESTINATION "${package_dir}")
write_basic_package_version_file(momento_token-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/momento_token-config.cmake"
              "${CMAKE_CURRENT_BINARY_DIR}/momento_token-config-version.cmake" DESTINATION "${package_dir}")

# pkg-config resolves ${pcfiledir} when it is asked, so the prefix may move.
file(RELATIVE_PATH momento_token_pc_prefix "/prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/prefix")
string(REGEX REPLACE "/$" "" momento_token_pc_prefix "${momento_token_pc_prefix}")
if(momento_token_type STREQUAL SHARED_LIBRARY)
  set(momento_token_pc_cflags " -DMOMENTO_TOKEN_SHARED")
endif()
configure_file(cmake/momento_token.pc.in momento_token.pc @ONLY)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/momento_token.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
