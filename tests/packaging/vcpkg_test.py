#!/usr/bin/env python3
"""Follows what vcpkg does with the port, checks what it checks afterwards, and uses the result.

  vcpkg_test.py --tools DIR --cmake CMAKE --work DIR --compiler COMPILER --linkage static|dynamic [--features tools,serve]
      [--from-archive] [--configure-only]"""
import json
import pathlib
import shutil

from support import CONSUMERS, ROOT, check, check_no_paths, files_of, options, run, source_archive

NAME = "momento-token"


def make_package(o, port, archive):
    run(o.cmake, "-DPORT=" + NAME, "-DCURRENT_PORT_DIR=%s" % port, "-DWORK=%s" % o.work, "-DLINKAGE=" + o.linkage,
        "-DFEATURES=" + o.features.replace(",", ";"), "-DARCHIVE=%s" % (archive or ""), "-DGENERATOR=Unix Makefiles",
        "-DPATCHELF=%s" % (o.tools / "vcpkg/bin/patchelf"), "-DCONFIGURE_ONLY=%s" % o.configure_only,
        "-DEXTRA_OPTIONS=-DCMAKE_CXX_COMPILER=%s;-DCMAKE_CXX_FLAGS_RELEASE=-O0;-DCMAKE_CXX_FLAGS_DEBUG=-O0" % o.compiler,
        "-P", pathlib.Path(__file__).with_name("vcpkg_stand_in.cmake"))
    return o.work / "packages"


def port_of_archive(o):
    """The copy for vcpkg's own tree, which takes the archive of a tag."""
    version = json.loads((ROOT / "packaging/vcpkg" / NAME / "vcpkg.json").read_text(encoding="utf-8"))["version"]
    folder = o.work.with_name(o.work.name + "-registry")
    shutil.rmtree(folder, ignore_errors=True)
    archive = source_archive(folder / "archive.tar.gz", version)
    run("python3", ROOT / "packaging/registry_copies.py", "--archive", archive, "--out", folder)
    return folder / "ports" / NAME, archive


def check_configured(o):
    """The features reach the build that is released; the debug one has no program."""
    for config, features in (("Release", o.features.split(",")), ("Debug", [])):
        program = o.work / "buildtrees" / config / "cli/CMakeFiles/momento_token_cli.dir/build.make"
        sources = program.read_text(encoding="utf-8") if program.is_file() else ""
        check(("main.cpp" in sources) == ("tools" in features), "%s: the program is built without its feature, or not with it" % config)
        check(("serve/server.cpp" in sources) == ("serve" in features), "%s: the server is in the program, or not" % config)


def check_package(package, o):
    """What vcpkg looks at after a build, and names as mistakes of a port."""
    names = files_of(package)
    starting = lambda *beginnings: [name for name in names if name.startswith(beginnings)]
    check(starting("include/momento_token/"), "no headers")
    check(not starting("debug/include/", "debug/share/"), "headers or shared files in debug/")
    check(not starting("cmake/", "lib/cmake/", "debug/cmake/", "debug/lib/cmake/"), "a misplaced package config")
    check(not [name for name in names if "/" not in name], "files beside the folders")
    check(not starting("bin/", "debug/bin/"), "programs that are not in tools/")
    folders = [path for path in package.rglob("*") if path.is_dir()]
    check(all(any(folder.iterdir()) for folder in folders), "an empty folder")
    libraries = lambda folder: [name for name in starting(folder) if name.endswith((".a", ".so", ".dylib"))]
    check(len(libraries("lib/")) == len(libraries("debug/lib/")) == 1, "other libraries in debug than in release")
    check(libraries("lib/")[0].endswith(".a") == (o.linkage == "static"), "a library of another linkage")
    check([name for name in names if name.endswith(".pc")] ==
          ["debug/lib/pkgconfig/momento_token.pc", "lib/pkgconfig/momento_token.pc"], "misplaced pkg-config files")
    licence = (package / "share" / NAME / "copyright").read_text(encoding="utf-8")
    check("Apache License" in licence, "no licence")
    usage = (package / "share" / NAME / "usage").read_text(encoding="utf-8")
    check("find_package(momento_token CONFIG REQUIRED)" in usage, "no usage")
    check(("tools/%s/%s" % (NAME, NAME) in names) == ("tools" in o.features), "the program is there without its feature, or not with it")
    check_no_paths(package, o.work, ROOT)


def use_package(package, o):
    """From another folder, in both configurations, with the commands of `usage`."""
    installed = o.work / "elsewhere/test-triplet"
    shutil.copytree(package, installed, symlinks=True)
    shutil.rmtree(package)
    components = "core;vending;testing" + (";program" if "tools" in o.features else "")
    for config, folder in (("Release", "lib"), ("Debug", "debug/lib")):
        build = o.work / ("consumer-" + config)
        run(o.cmake, "-S", CONSUMERS / "components", "-B", build, "-DCMAKE_BUILD_TYPE=" + config, "-DCOMPONENTS=" + components,
            "-DCMAKE_PREFIX_PATH=%s" % installed, "-DCMAKE_CXX_COMPILER=" + o.compiler)
        said = run(o.cmake, "--build", build, "--verbose")
        check("%s/%s/libmomento_token." % (installed, folder) in said, "%s does not link %s" % (config, folder))
        check("test kit works" in said, "the test kit does not work")
        check("consumer works" in run(build / "consumer"), "the program does not work")
    if "tools" in o.features:
        commands = run(installed / "tools" / NAME / NAME, "--help", env={"LD_LIBRARY_PATH": installed / "lib"})
        check(("Vend tokens over HTTP" in commands) == ("serve" in o.features), "the server is there without its feature, or not with it")


def main():
    parser = options("tools", "cmake", "compiler")
    parser.add_argument("--linkage", required=True, choices=["static", "dynamic"])
    parser.add_argument("--features", default="")
    parser.add_argument("--from-archive", action="store_true")
    parser.add_argument("--configure-only", action="store_true")
    o = parser.parse_args()
    port, archive = port_of_archive(o) if o.from_archive else (ROOT / "packaging/vcpkg" / NAME, None)
    package = make_package(o, port, archive)
    if o.configure_only:
        check_configured(o)
        return
    check_package(package, o)
    use_package(package, o)


main()
