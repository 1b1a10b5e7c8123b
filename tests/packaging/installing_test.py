#!/usr/bin/env python3
"""Does what docs/installing.md says, as a stranger would, beginning in an empty directory with an empty home.

  installing_test.py --work DIR PART       PART is cmake, fetch or conan

git is told of a repository of the files that are here instead of GitHub's, and Conan's requirements are the system's."""
import os
import shutil

import page
from support import options, run, source_tree, version

GITHUB = "https://github.com/momento-token/momento_token"


def release(folder):
    """A repository with the files that are here, under the tag of their version."""
    source_tree(folder)
    run("git", "init", "--quiet", cwd=folder)
    run("git", "add", "--all", cwd=folder)
    run("git", "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "--quiet", "-m", "A release", cwd=folder)
    run("git", "tag", "v%s" % version(), cwd=folder)
    return folder


class Stranger:
    def __init__(self, work):
        shutil.rmtree(work, ignore_errors=True)
        self.folder = work / "begin-here"
        self.home = work / "home"
        self.home.mkdir(parents=True)
        self.folder.mkdir()
        repository = release(work / "github")
        self.environment = {"HOME": self.home, "CONAN_HOME": self.home / ".conan2", "CMAKE_BUILD_PARALLEL_LEVEL": 1,
                            "PATH": os.pathsep.join([str(self.home / ".conan-venv/bin"), os.environ["PATH"]]),
                            "GIT_CONFIG_COUNT": 1, "GIT_CONFIG_KEY_0": "url.file://%s.insteadOf" % repository,
                            "GIT_CONFIG_VALUE_0": GITHUB}

    def does(self, script):
        return run("bash", "-euc", script, cwd=self.folder, env=self.environment)

    def writes(self, *names):
        page.write(self.folder, *names)

    def clones(self):
        self.does(page.commands("clone"))

    def sees(self, output):
        page.sees(output)


def cmake(stranger):
    stranger.writes("main.cpp", "CMakeLists.txt")
    stranger.clones()
    stranger.does(page.commands("install"))
    stranger.sees(stranger.does(page.commands("find")))
    stranger.sees(stranger.does(page.commands("pkg-config")))


def fetch(stranger):
    stranger.writes("main.cpp", "fetch/CMakeLists.txt")
    stranger.sees(stranger.does(page.commands("fetch")))


def conan(stranger):
    stranger.writes("main.cpp", "CMakeLists.txt", "conanfile.txt")
    stranger.clones()
    stranger.does(page.commands("conan-get") + "\ntest \"$(command -v conan)\" = ~/.conan-venv/bin/conan")
    ours = lambda name: page.commands(name, r"^conan profile" if name == "conan" else "").replace(
        "-s compiler.cppstd=20", "-pr:a system.profile")
    stranger.does("conan profile detect --exist-ok")
    stranger.does(page.commands("conan-profile"))
    stranger.does(ours("conan") + " --no-remote")
    stranger.sees(stranger.does(ours("conan-use")))


def main():
    parser = options()
    parser.add_argument("part", choices=["cmake", "fetch", "conan"])
    o = parser.parse_args()
    {"cmake": cmake, "fetch": fetch, "conan": conan}[o.part](Stranger(o.work))


main()
