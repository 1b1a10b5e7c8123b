# The two ways to use the library, from one set of sources; both are always there.

# momento_token::momento_token: compiled; static or shared as BUILD_SHARED_LIBS says.
add_library(momento_token src/momento_token.cpp src/vending.cpp)
add_library(momento_token::momento_token ALIAS momento_token)
target_compile_features(momento_token PUBLIC cxx_std_20)
target_include_directories(momento_token PUBLIC "$<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/include>"
                                                "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>")
# format.hpp includes fmt, so whoever uses the library links it; the others stay behind the library's border.
target_link_libraries(momento_token PUBLIC fmt::fmt PRIVATE OpenSSL::Crypto nlohmann_json::nlohmann_json Threads::Threads)
target_compile_definitions(momento_token PRIVATE MOMENTO_TOKEN_BUILDING)
# The ABI is promised from 1.0 on; until then each minor version is its own.
set_target_properties(momento_token PROPERTIES
  VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}
  CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
if(NOT DEFINED CMAKE_POSITION_INDEPENDENT_CODE)
  set_target_properties(momento_token PROPERTIES POSITION_INDEPENDENT_CODE ON)
endif()

get_target_property(momento_token_type momento_token TYPE)
if(momento_token_type STREQUAL SHARED_LIBRARY)
  target_compile_definitions(momento_token PUBLIC MOMENTO_TOKEN_SHARED)
endif()
if(MOMENTO_TOKEN_NO_EXCEPTIONS AND NOT MSVC)
  target_compile_options(momento_token PRIVATE -fno-exceptions)
endif()
if(MOMENTO_TOKEN_EVP_ONLY)
  target_compile_definitions(momento_token PRIVATE OPENSSL_NO_DEPRECATED_3_0)
endif()
if(TARGET momento_token_developer)
  target_link_libraries(momento_token PRIVATE "$<BUILD_INTERFACE:momento_token_developer>")
endif()
# Hidden visibility leaves the standard library's templates visible; this leaves what is ours.
if(momento_token_type STREQUAL SHARED_LIBRARY AND CMAKE_SYSTEM_NAME MATCHES "Linux|BSD")
  target_link_options(momento_token PRIVATE "LINKER:--version-script,${CMAKE_CURRENT_SOURCE_DIR}/cmake/symbols.map")
  set_target_properties(momento_token PROPERTIES LINK_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/cmake/symbols.map")
endif()

# momento_token::header_only: nothing to link but what the bodies use.
add_library(momento_token_header_only INTERFACE)
add_library(momento_token::header_only ALIAS momento_token_header_only)
set_target_properties(momento_token_header_only PROPERTIES EXPORT_NAME header_only)
target_compile_features(momento_token_header_only INTERFACE cxx_std_20)
target_include_directories(momento_token_header_only INTERFACE
  "$<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/include>" "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>")
target_compile_definitions(momento_token_header_only INTERFACE MOMENTO_TOKEN_HEADER_ONLY)
target_link_libraries(momento_token_header_only INTERFACE
  OpenSSL::Crypto fmt::fmt nlohmann_json::nlohmann_json Threads::Threads)

# momento_token::testing: what the headers of testing.hpp need, for unit tests.
add_library(momento_token_testing INTERFACE)
add_library(momento_token::testing ALIAS momento_token_testing)
set_target_properties(momento_token_testing PROPERTIES EXPORT_NAME testing)
target_link_libraries(momento_token_testing INTERFACE momento_token)
