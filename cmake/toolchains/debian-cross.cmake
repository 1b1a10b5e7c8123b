# For another processor with Debian's cross compiler, the libraries in a folder, and the tests under qemu:
#   cmake --toolchain cmake/toolchains/debian-cross.cmake -DCROSS_TRIPLE=s390x-linux-gnu -DCROSS_SYSROOT=DIR …
# scripts/matrix makes such a folder.
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES CROSS_TRIPLE CROSS_SYSROOT)
string(REGEX REPLACE "-.*" "" processor "${CROSS_TRIPLE}")
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR ${processor})
set(CMAKE_CXX_COMPILER ${CROSS_TRIPLE}-g++)
set(CMAKE_LIBRARY_ARCHITECTURE ${CROSS_TRIPLE})
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-${processor} -L "${CROSS_SYSROOT}")

set(CMAKE_FIND_ROOT_PATH "${CROSS_SYSROOT}")
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
# Debian splits OpenSSL's headers; FindOpenSSL names the common folder alone.
set(CMAKE_CXX_FLAGS_INIT "-isystem ${CROSS_SYSROOT}/usr/include/${CROSS_TRIPLE}")
# What libcrypto and libfmt need themselves.
set(CMAKE_EXE_LINKER_FLAGS_INIT "-Wl,-rpath-link,${CROSS_SYSROOT}/usr/lib/${CROSS_TRIPLE}:${CROSS_SYSROOT}/lib/${CROSS_TRIPLE}")
