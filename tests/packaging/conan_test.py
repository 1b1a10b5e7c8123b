#!/usr/bin/env python3
"""Makes the Conan package in every combination of its options and tests each; then the copy for ConanCenter, from an archive.

  conan_test.py --tools DIR --work DIR --compiler COMPILER

OpenSSL, fmt and nlohmann/json are the system's, said as platform requirements; no server is asked. (The replacements in the
profile are for the copy, which names one version of each, as ConanCenter wants it.)"""
import itertools
import os
import pathlib
import re
import shutil

from support import CONSUMERS, ROOT, check, files_of, options, run, source_archive, version

PROFILE = """include(default)
[settings]
compiler.cppstd=20
build_type=Debug
[platform_requires]
openssl/%(libcrypto)s
fmt/%(fmt)s
nlohmann_json/%(nlohmann_json)s
[platform_tool_requires]
cmake/%(cmake)s
[replace_requires]
fmt/*: fmt/%(fmt)s
nlohmann_json/*: nlohmann_json/%(nlohmann_json)s
[conf]
tools.build:compiler_executables={"cpp": "%(compiler)s"}
tools.build:jobs=1
tools.cmake.cmaketoolchain:user_presets=
tools.compilation:verbosity=verbose
tools.cmake.cmake_layout:test_folder=%(tests)s
"""


# The system's library as a Conan package, with the names that ConanCenter's recipe has.
PACKAGED = """from conan import ConanFile

class Packaged(ConanFile):
    name = "%(name)s"
    version = "%(version)s"

    def package_info(self):
        self.cpp_info.set_property("cmake_file_name", "%(file)s")
        library = self.cpp_info.components["%(component)s"]
        library.set_property("cmake_target_name", "%(target)s")
        library.includedirs = library.libdirs = library.bindirs = []
        library.system_libs = %(libraries)s
"""


class Conan:
    def __init__(self, o):
        self.program = o.tools / "conan/bin/conan"
        self.home = o.work / "home"
        self.environment = {"CONAN_HOME": self.home, "CXX": o.compiler}
        run(self.program, "profile", "detect", env=self.environment)
        said = {name: run("pkg-config", "--modversion", name).strip() for name in ("libcrypto", "fmt", "nlohmann_json")}
        said.update(cmake=re.search(r"[\d.]+", run("cmake", "--version")).group(), compiler=o.compiler, tests=o.work / "tests")
        self.versions = said
        self.profile = o.work / "system.profile"
        self.profile.write_text(PROFILE % said, encoding="utf-8")
        self.packages_profile = o.work / "packages.profile"
        self.packages_profile.write_text(re.sub(r"(?s)\[platform_requires\].*?(?=\[platform_tool)", "", PROFILE % said),
                                         encoding="utf-8")

    def create(self, recipe, *arguments, status=0, profile=None):
        return run(self.program, "create", recipe, "--no-remote", "-pr:a", profile or self.profile, *arguments,
                   env=self.environment, status=status)

    def package_of(self, said):
        return pathlib.Path(re.findall(r"^.*Package folder (\S+)$", said, re.MULTILINE)[-1])


def package_id(said):
    return re.findall(r"momento_token/[^\s:]+:([0-9a-f]{40})", said)[-1]


def check_package(package, ending, header_only):
    names = files_of(package)
    check("licenses/LICENSE" in names, "no licence in the package")
    check("include/momento_token/momento_token.hpp" in names, "no headers in the package")
    debugger = [name for name in names if name.startswith("res/")]
    check(debugger == ["res/momento_token.natvis", "res/momento_token_gdb.py"], "for debuggers the package has %s" % debugger)
    libraries = [name for name in names if name.startswith("lib/")]
    check(bool(libraries) != header_only, "libraries: %s" % libraries)
    check(all(ending in name for name in libraries), "libraries of another kind: %s" % libraries)
    others = [name for name in names if not name.startswith(("include/", "lib/", "licenses/", "res/", "conan"))]
    check(not others, "the package has %s" % others)


def compiled_with_pic(said):
    lines = [line for line in said.splitlines() if "momento_token.cpp" in line and " -c " in line]
    check(len(lines) == 1, "the library is compiled %d times" % len(lines))
    return "-fPIC" in lines[0]


def every_combination(conan):
    """Eight combinations of three options, four packages: fPIC is of static libraries alone, and headers have neither."""
    made = {}
    for header_only, shared, pic in itertools.product([False, True], repeat=3):
        options = {"header_only": header_only, "shared": shared, "fPIC": pic}
        arguments = [word for name, value in options.items() for word in ("-o", "&:%s=%s" % (name, value))]
        kind = "headers" if header_only else "shared" if shared else "static, fPIC=%s" % pic
        if kind in made:
            said = conan.create(ROOT, *arguments, "--build=missing", "--test-folder=")
            check(package_id(said) == made[kind], "%s: another package than that of `%s`" % (options, kind))
            check("Already installed!" in said, "%s: built again" % options)
        else:
            made[kind] = package_id(make_and_test(conan, arguments, kind))
    check(len(set(made.values())) == 4, "the packages are %s" % made)


def make_and_test(conan, arguments, kind):
    said = conan.create(ROOT, *arguments)
    check(re.search(r"^momento_token [\d.]+ works$", said, re.MULTILINE), "%s: the test package did not run" % kind)
    package = conan.package_of(said)
    header_only = kind == "headers"
    check_package(package, "" if header_only else ".so" if kind == "shared" else ".a", header_only)
    check(header_only or compiled_with_pic(said) == (kind != "static, fPIC=False"), "%s: -fPIC is wrong" % kind)
    check(header_only == ("Target declared 'momento_token::header_only'" in said), "%s: the target is another" % kind)
    return said


def the_test_kit(conan, work):
    """A unit test links momento_token::testing; of the two generators one knows a misspelt component."""
    for generator, knows_components in (("CMakeDeps", False), ("CMakeConfigDeps", True)):
        build = work / ("test_kit-" + generator)
        run(conan.program, "install", "--requires=momento_token/%s" % version(), "--no-remote", "-pr:a", conan.profile,
            "-g", generator, "-g", "CMakeToolchain", "-of", build, env=conan.environment)
        configure = ["cmake", "-S", CONSUMERS / "test_kit", "-B", build, "-DCMAKE_BUILD_TYPE=Debug",
                     "-DCMAKE_TOOLCHAIN_FILE=%s" % (build / "conan_toolchain.cmake")]
        said = run(*configure, "-DCOMPONENTS=vendig", status=None)
        check(("vendig" in said and "Error" in said) == knows_components, "%s and a misspelt component:\n%s" % (generator, said))
        run(*configure, "-DCOMPONENTS=core;vending;testing")
        run("cmake", "--build", build)
        check("test kit works" in run(build / "consumer_test"), "%s: the test kit does not work" % generator)


def with_packages(conan, work):
    """What the package needs comes as Conan packages, too: their targets are what it hands on."""
    for name, version, file, component, target, libraries in [
            ("openssl", "libcrypto", "OpenSSL", "crypto", "OpenSSL::Crypto", ["crypto"]),
            ("fmt", "fmt", "fmt", "_fmt", "fmt::fmt", ["fmt"]),
            ("nlohmann_json", "nlohmann_json", "nlohmann_json", "_json", "nlohmann_json::nlohmann_json", [])]:
        recipe = work / "packaged" / name
        recipe.mkdir(parents=True)
        (recipe / "conanfile.py").write_text(PACKAGED % {"name": name, "version": conan.versions[version], "file": file,
                                                         "component": component, "target": target, "libraries": libraries})
        conan.create(recipe, profile=conan.packages_profile)
    for options, wanted in ((["-o", "&:shared=False"], "momento_token::momento_token"),
                            (["-o", "&:header_only=True"], "momento_token::header_only")):
        said = conan.create(ROOT, *options, profile=conan.packages_profile)
        check("Target declared '%s'" % wanted in said, "no target %s" % wanted)
        check(re.search(r"^momento_token [\d.]+ works$", said, re.MULTILINE), "%s: the test package did not run" % wanted)


def the_next_openssl(conan, work):
    """A system that has OpenSSL 4 says so in its profile, and no OpenSSL is looked for elsewhere."""
    profile = work / "openssl4.profile"
    profile.write_text(re.sub(r"openssl/\S+", "openssl/4.0.0", conan.profile.read_text(encoding="utf-8")), encoding="utf-8")
    said = run(conan.program, "graph", "info", ROOT, "--no-remote", "-pr:a", profile, env=conan.environment)
    check(re.search(r"openssl/4\.0\.0\S* - Platform", said), "OpenSSL 4 is not taken from the system:\n" + said)


def what_cannot_be_built(conan):
    for arguments, sentence in [(["-s", "compiler.cppstd=17"], "lower than the required C++ standard (20)"),
                                (["-s", "compiler=gcc", "-s", "compiler.version=11"], "needs gcc 12 or newer")]:
        said = conan.create(ROOT, *arguments, status=6)  # Conan's status for an invalid configuration
        check(sentence in said, "%s: Conan does not say `%s`:\n%s" % (arguments, sentence, said))


def the_copy_for_conan_center(conan, work):
    archive = source_archive(work / "archive.tar.gz", version())
    run("python3", ROOT / "packaging/registry_copies.py", "--archive", archive, "--out", work / "copies",
        "--url", "file://%s" % archive)
    said = conan.create(work / "copies/recipes/momento_token/all", "--version", version(), "-o", "&:shared=True")
    check("momento_token %s works" % version() in said, "the test package of the copy did not run")
    check_package(conan.package_of(said), ".so", False)


def main():
    o = options("tools", "compiler").parse_args()
    shutil.rmtree(o.work, ignore_errors=True)
    os.makedirs(o.work)
    conan = Conan(o)
    what_cannot_be_built(conan)
    the_next_openssl(conan, o.work)
    every_combination(conan)
    the_test_kit(conan, o.work)
    with_packages(conan, o.work)
    the_copy_for_conan_center(conan, o.work)


main()
