# An overlay in the library's own tree (packaging/vcpkg) builds that tree. vcpkg does not see when the tree changes, so
# `vcpkg install momento-token --overlay-ports=…` wants --no-binarycaching while one works on it.
if(EXISTS "${CURRENT_PORT_DIR}/../../../include/momento_token/version.hpp")
    get_filename_component(SOURCE_PATH "${CURRENT_PORT_DIR}/../../.." ABSOLUTE)
else()
    # SHA512 is 0 until there is a tag: packaging/registry_copies.py writes it into the copy that goes to vcpkg.
    vcpkg_from_github(
        OUT_SOURCE_PATH SOURCE_PATH
        REPO momento-token/momento_token
        REF "v${VERSION}"
        SHA512 0
        HEAD_REF main
    )
endif()

vcpkg_check_features(OUT_FEATURE_OPTIONS FEATURE_OPTIONS
    FEATURES
        serve MOMENTO_TOKEN_BUILD_SERVE
        tools MOMENTO_TOKEN_BUILD_CLI
)

vcpkg_cmake_configure(
    SOURCE_PATH "${SOURCE_PATH}"
    OPTIONS
        -DMOMENTO_TOKEN_BUILD_TESTS=OFF
        -DMOMENTO_TOKEN_BUILD_EXAMPLES=OFF
    OPTIONS_RELEASE
        ${FEATURE_OPTIONS}
    OPTIONS_DEBUG
        -DMOMENTO_TOKEN_BUILD_CLI=OFF
)

vcpkg_cmake_install()
vcpkg_copy_pdbs()
vcpkg_cmake_config_fixup(PACKAGE_NAME momento_token CONFIG_PATH lib/cmake/momento_token)
vcpkg_fixup_pkgconfig()

if("tools" IN_LIST FEATURES)
    vcpkg_copy_tools(TOOL_NAMES momento-token AUTO_CLEAN)
endif()

file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/debug/include" "${CURRENT_PACKAGES_DIR}/debug/share")

file(INSTALL "${CMAKE_CURRENT_LIST_DIR}/usage" DESTINATION "${CURRENT_PACKAGES_DIR}/share/${PORT}")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE")
