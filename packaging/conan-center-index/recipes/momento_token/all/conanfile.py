import os

from conan import ConanFile
from conan.errors import ConanInvalidConfiguration
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy, get, rmdir
from conan.tools.scm import Version

required_conan_version = ">=2.1"


class MomentoTokenConan(ConanFile):
    name = "momento_token"
    description = "Short-lived, scoped tokens in C++: mint, verify, authorize"
    license = "Apache-2.0"
    url = "https://github.com/conan-io/conan-center-index"
    homepage = "https://github.com/momento-token/momento_token"
    topics = ("token", "jwt", "authorization", "permissions", "header-only")
    package_type = "library"
    settings = "os", "arch", "compiler", "build_type"
    options = {
        "shared": [True, False],
        "fPIC": [True, False],
        "header_only": [True, False],
    }
    default_options = {
        "shared": False,
        "fPIC": True,
        "header_only": False,
    }
    implements = ["auto_shared_fpic", "auto_header_only"]

    @property
    def _min_compiler_versions(self):
        return {"gcc": "12", "clang": "14", "apple-clang": "15", "msvc": "193"}

    def layout(self):
        cmake_layout(self, src_folder="src")

    def requirements(self):
        # The bodies include all three; of the compiled library no public header but format.hpp does, which brings fmt.
        header_only = bool(self.options.header_only)
        self.requires("openssl/[>=3 <4]", transitive_headers=header_only)
        self.requires("fmt/11.2.0", transitive_headers=True, transitive_libs=True)
        self.requires("nlohmann_json/3.12.0", transitive_headers=header_only)

    def validate(self):
        check_min_cppstd(self, 20)
        minimum = self._min_compiler_versions.get(str(self.settings.compiler))
        if minimum and Version(self.settings.compiler.version) < minimum:
            raise ConanInvalidConfiguration(f"{self.ref} needs {self.settings.compiler} {minimum} or newer")

    def build_requirements(self):
        self.tool_requires("cmake/[>=3.21]")

    def source(self):
        get(self, **self.conan_data["sources"][self.version], strip_root=True)

    def generate(self):
        toolchain = CMakeToolchain(self)
        for part in ("CLI", "TESTS", "EXAMPLES"):
            toolchain.cache_variables[f"MOMENTO_TOKEN_BUILD_{part}"] = False
        toolchain.generate()
        CMakeDeps(self).generate()

    def build(self):
        if not self.options.header_only:
            cmake = CMake(self)
            cmake.configure()
            cmake.build()

    def package(self):
        copy(self, "LICENSE", self.source_folder, os.path.join(self.package_folder, "licenses"))
        copy(self, "momento_token*", os.path.join(self.source_folder, "packaging", "debugger"),
             os.path.join(self.package_folder, "res"))
        if self.options.header_only:
            for pattern in ("*.hpp", "*.ipp"):
                copy(self, pattern, os.path.join(self.source_folder, "include"), os.path.join(self.package_folder, "include"))
            return
        CMake(self).install()
        for folder in (os.path.join("lib", "cmake"), os.path.join("lib", "pkgconfig"), "share"):
            rmdir(self, os.path.join(self.package_folder, folder))

    def package_info(self):
        header_only = bool(self.options.header_only)
        target = "header_only" if header_only else "momento_token"
        self.cpp_info.set_property("cmake_file_name", "momento_token")
        self.cpp_info.set_property("cmake_target_name", f"momento_token::{target}")
        if header_only:  # so that a consumer's CMakeLists.txt holds whatever the option is
            self.cpp_info.set_property("cmake_target_aliases", ["momento_token::momento_token"])
        self.cpp_info.set_property("cmake_components", ["core", "vending", "testing"])
        self.cpp_info.set_property("pkg_config_name", "momento_token")

        core = self.cpp_info.components["core"]
        testing = self.cpp_info.components["testing"]
        testing.requires = ["core"]
        core.resdirs = ["res"]  # what shows values in a debugger
        if header_only:
            core.defines = ["MOMENTO_TOKEN_HEADER_ONLY"]
            for component in (core, testing):
                component.bindirs = []
                component.libdirs = []
        else:
            core.libs = ["momento_token"]
            core.defines = ["MOMENTO_TOKEN_SHARED"] if self.options.shared else []

        if self.settings.os in ("Linux", "FreeBSD"):
            core.system_libs.append("pthread")
        packaged = {dependency.ref.name for dependency in self.dependencies.host.values()}
        for target, library in (("openssl::crypto", "crypto"), ("fmt::fmt", "fmt"), ("nlohmann_json::nlohmann_json", "")):
            if target.split("::")[0] in packaged:
                core.requires.append(target)
            elif library == "fmt" or (library and not self.options.get_safe("shared")):
                core.system_libs.append(library)  # the system's ([platform_requires]): no package, so no target
