# Visual Studio takes the .natvis among a target's sources, a consumer's too; gdb is told by its user (packaging/debugger).
set(natvis packaging/debugger/momento_token.natvis)
if(NOT EXISTS "${CMAKE_CURRENT_SOURCE_DIR}/${natvis}")
  return()  # an archive of a package manager
endif()
if(MSVC)
  foreach(target IN ITEMS momento_token momento_token_header_only)
    target_sources(${target} INTERFACE
      "$<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/${natvis}>"
      "$<INSTALL_INTERFACE:$<INSTALL_PREFIX>/${CMAKE_INSTALL_DATADIR}/momento_token/momento_token.natvis>")
  endforeach()
endif()
if(MOMENTO_TOKEN_INSTALL)
  install(FILES ${natvis} packaging/debugger/momento_token_gdb.py
          DESTINATION "${CMAKE_INSTALL_DATADIR}/momento_token" COMPONENT momento_token_development)
endif()
