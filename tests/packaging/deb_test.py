#!/usr/bin/env python3
"""Builds the Debian packages with the commands of docs/installing.md, installs them into a root of their own, uses and removes
them: deb_test.py --work DIR --compiler COMPILER

Whether their dependencies are there, dpkg looks up in a copy of this machine's list; the machine itself is left alone."""
import os
import re
import shutil

import page
from support import CONSUMERS, ROOT, check, check_no_paths, files_of, options, run, source_archive

NAMES = ["libmomento-token-dev", "libmomento-token0.1", "momento-token"]


def build(o):
    archive = source_archive(o.work / "archive.tar.gz", "here")
    run("tar", "-xzf", archive, cwd=o.work)
    (o.work / "momento_token-here").rename(o.work / "momento_token")
    script = page.commands("deb", r"^sudo|^cmake|^build/").replace("cmake --preset deb", "cmake --preset deb %s" % o.cmake_arguments, 1)
    run("bash", "-euc", script, cwd=o.work, env={"CXX": o.compiler, "CXXFLAGS": "-O0"})
    packages = sorted((o.work / "momento_token/build-deb").glob("*.deb"))
    check([re.sub("_.*", "", package.name) for package in packages] == NAMES, "other packages: %s" % packages)
    return packages


def field(package, name):
    return run("dpkg-deb", "--field", package, name).strip()


def check_fields(packages):
    development, library, program = packages
    for package in packages:
        check(field(package, "Maintainer") and field(package, "Description"), "%s says not who or what" % package)
    check(re.search(r"libssl3.*\(>= 3\.0", field(library, "Depends")), "the library does not depend on libssl3")
    check("libfmt" in field(library, "Depends"), "the library does not depend on libfmt")
    check("libmomento-token0.1 (= " in field(program, "Depends"), "the program does not depend on the library")
    for wanted in ("libmomento-token0.1 (= ", "libssl-dev (>= 3.0)", "libfmt-dev (>= 9.0)", "nlohmann-json3-dev (>= 3.10.5)"):
        check(wanted in field(development, "Depends"), "the development files do not depend on %s" % wanted)
    said = run("dpkg-deb", "--info", library, "shlibs")
    check(re.fullmatch(r"libmomento_token 0\.1 libmomento-token0\.1 \(= .*\)\n", said), "shlibs says " + said)
    if shutil.which("lintian"):
        said = run("lintian", "--allow-root", "--fail-on", "error", *packages)
        print(said or "lintian has nothing to say")


class Root:
    def __init__(self, work):
        self.folder = work / "root"
        state = self.folder / "var/lib/dpkg"
        for name in ("info", "updates", "triggers"):
            (state / name).mkdir(parents=True)
        shutil.copy("/var/lib/dpkg/status", state / "status")
        (self.folder / "var/log").mkdir()
        self.programs = work / "bin"
        self.programs.mkdir()
        (self.programs / "ldconfig").symlink_to("/bin/true")
        self.environment = {"DEBIAN_FRONTEND": "noninteractive",
                            "PATH": "%s:%s:/usr/sbin:/sbin" % (self.programs, os.environ["PATH"])}

    def dpkg(self, *arguments):
        # Without a shell in this root the packages' scripts run outside it, and the machine's own ldconfig is not for them.
        fake = [] if os.getuid() == 0 else ["fakeroot"]
        return run(*fake, "dpkg", "--root=%s" % self.folder, "--force-not-root", "--force-script-chrootless", "--no-triggers",
                   "--log=/dev/null", *arguments, env=self.environment)

    def files(self):
        return [name for name in files_of(self.folder) if not name.startswith("var/")]


def use(root, work, compiler):
    usr = root.folder / "usr"
    library = next(usr.rglob("libmomento_token.so.0.1")).parent
    found = {"LD_LIBRARY_PATH": library}
    said = run(usr / "bin/momento-token", "keygen", "--alg", "ES256", env=found)
    check('"kty"' in said, "the program does not run")
    flags = run("pkg-config", "--cflags", "--libs", "momento_token", env={"PKG_CONFIG_PATH": library / "pkgconfig"}).split()
    run(compiler, "-std=c++20", CONSUMERS / "use_the_library.cpp", *flags, "-o", work / "by_pkg_config")
    check("consumer works" in run(work / "by_pkg_config", env=found), "the program made with pkg-config does not run")
    build = work / "consumer"
    run("cmake", "-S", CONSUMERS / "components", "-B", build, "-DCOMPONENTS=core;vending;testing;program", "-DCMAKE_PREFIX_PATH=%s" % usr,
        "-DCMAKE_CXX_COMPILER=" + compiler)
    run("cmake", "--build", build, env=found)
    check("consumer works" in run(build / "consumer"), "the program made with CMake does not run")


def follow_the_page(root, work, compiler):
    """The rest of the block, which finds below /usr by itself what is in the root here."""
    folder = work / "begin-here"
    folder.mkdir()
    page.write(folder, "main.cpp", "CMakeLists.txt")
    usr = root.folder / "usr"
    page.sees(run("bash", "-euc", page.commands("deb", r"^sudo|^\(cd "), cwd=folder,
                  env={"CXX": compiler, "CMAKE_PREFIX_PATH": usr, "CMAKE_BUILD_PARALLEL_LEVEL": 1,
                       "LD_LIBRARY_PATH": next(usr.rglob("libmomento_token.so.0.1")).parent}))


def main():
    parser = options("compiler")
    parser.add_argument("--cmake-arguments", default="-DCMAKE_CXX_FLAGS_RELEASE=-O0")
    o = parser.parse_args()
    shutil.rmtree(o.work, ignore_errors=True)
    o.work.mkdir(parents=True)
    packages = build(o)
    check_fields(packages)
    root = Root(o.work)
    root.dpkg("--install", *packages)
    for name in ("bin/momento-token", "share/man/man1/momento-token.1.gz", "share/zsh/vendor-completions/_momento-token",
                 "share/bash-completion/completions/momento-token", "share/fish/vendor_completions.d/momento-token.fish"):
        check("usr/" + name in root.files(), "%s is not installed" % name)
    check_no_paths(root.folder / "usr", o.work, ROOT)
    use(root, o.work, o.compiler)
    follow_the_page(root, o.work, o.compiler)
    root.dpkg("--purge", *NAMES)
    check(not root.files(), "after removal there is still %s" % root.files())


main()
