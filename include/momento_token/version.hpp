#pragma once
// The one place that holds the version; CMake, Conan and the port files read it from here.

#define MOMENTO_TOKEN_VERSION_MAJOR 0
#define MOMENTO_TOKEN_VERSION_MINOR 1
#define MOMENTO_TOKEN_VERSION_PATCH 0
#define MOMENTO_TOKEN_VERSION "0.1.0"
