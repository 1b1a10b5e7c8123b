#!/usr/bin/env python3
"""Writes what is handed in to ConanCenter and to vcpkg, from the recipe and the port of this tree.

  registry_copies.py                       renews packaging/conan-center-index; its SHA-256 is 0 until there is a tag
  registry_copies.py --archive FILE --out DIR [--url URL]
                                           DIR/recipes/momento_token and DIR/ports/momento-token, with the hashes of FILE,
                                           the archive that GitHub makes of the tag v<version>; URL is where to get it

A release: tag it, download the archive, run the second form, and open the two pull requests with what is in DIR."""
import argparse
import hashlib
import pathlib
import re
import shutil

ROOT = pathlib.Path(__file__).resolve().parent.parent
COPY = ROOT / "packaging/conan-center-index/recipes/momento_token"
PORT = ROOT / "packaging/vcpkg/momento-token"
ARCHIVE = "https://github.com/momento-token/momento_token/archive/refs/tags/v%s.tar.gz"

# Where ConanCenter's recipe differs from ours: it fetches an archive, relies on no CMake that is there, and names one version
# of what has no promise of compatibility (docs/adding_packages/dependencies.md there: OpenSSL alone may be a range).
DIFFERENCES = [
    ("import os\nimport re\n", "import os\n"),
    ("import copy, load, rmdir\n", "import copy, get, rmdir\n"),
    ('    url = "https://github.com/momento-token/momento_token"\n',
     '    url = "https://github.com/conan-io/conan-center-index"\n'),
    ('    exports_sources = "CMakeLists.txt", "LICENSE", "cmake/*", "include/*", "src/*", "packaging/debugger/momento_token*"\n'
     '    test_package_folder = "packaging/conan-center-index/recipes/momento_token/all/test_package"\n', ""),
    ('    def set_version(self):\n'
     '        header = load(self, os.path.join(self.recipe_folder, "include", "momento_token", "version.hpp"))\n'
     '        self.version = self.version or re.search(r\'MOMENTO_TOKEN_VERSION "([^"]+)"\', header).group(1)\n\n', ""),
    ('"openssl/[>=3 <5]"', '"openssl/[>=3 <4]"'),  # the range that they ask of every recipe
    ('"fmt/[>=9 <13]"', '"fmt/11.2.0"'),
    ('"nlohmann_json/[>=3.10.5 <4]"', '"nlohmann_json/3.12.0"'),
    ("        cmake_layout(self)\n", '        cmake_layout(self, src_folder="src")\n'),
    ("    def generate(self):\n",
     '    def build_requirements(self):\n'
     '        self.tool_requires("cmake/[>=3.21]")\n\n'
     '    def source(self):\n'
     '        get(self, **self.conan_data["sources"][self.version], strip_root=True)\n\n'
     '    def generate(self):\n'),
]
# What the port says for overlays only.
OVERLAY = re.compile(r"# An overlay[^\n]*\n(?:#[^\n]*\n)*if\(.*?\nelse\(\)\n(?: *#[^\n]*\n)*(.*?)endif\(\)\n", re.DOTALL)


def version():
    text = (ROOT / "include/momento_token/version.hpp").read_text(encoding="utf-8")
    return re.search(r'MOMENTO_TOKEN_VERSION "([^"]+)"', text).group(1)


def replace_once(text, old, new):
    if text.count(old) != 1:
        raise SystemExit("this is %d times in the recipe, not once:\n%s" % (text.count(old), old))
    return text.replace(old, new)


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def conan_recipe(folder, url, sha256):
    recipe = (ROOT / "conanfile.py").read_text(encoding="utf-8")
    for ours, theirs in DIFFERENCES:
        recipe = replace_once(recipe, ours, theirs)
    write(folder / "all/conanfile.py", recipe)
    write(folder / "config.yml", 'versions:\n  "%s":\n    folder: all\n' % version())
    write(folder / "all/conandata.yml",
          'sources:\n  "%s":\n    url: "%s"\n    sha256: "%s"\n' % (version(), url, sha256))


def vcpkg_port(folder, sha512):
    shutil.copytree(PORT, folder, dirs_exist_ok=True)
    portfile = (PORT / "portfile.cmake").read_text(encoding="utf-8")
    portfile, found = OVERLAY.subn(lambda match: re.sub("(?m)^    ", "", match.group(1)), portfile)
    if found != 1:
        raise SystemExit("the port does not say what is for overlays only")
    write(folder / "portfile.cmake", replace_once(portfile, "    SHA512 0\n", "    SHA512 %s\n" % sha512))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--archive", type=pathlib.Path)
    parser.add_argument("--out", type=pathlib.Path)
    parser.add_argument("--url", default=ARCHIVE % version())
    options = parser.parse_args()
    if bool(options.archive) != bool(options.out):
        parser.error("--archive and --out belong together")
    if not options.archive:
        conan_recipe(COPY, options.url, "0" * 64)
        return
    archive = options.archive.read_bytes()
    recipe = options.out / "recipes/momento_token"
    shutil.copytree(COPY, recipe, dirs_exist_ok=True)
    conan_recipe(recipe, options.url, hashlib.sha256(archive).hexdigest())
    vcpkg_port(options.out / "ports/momento-token", hashlib.sha512(archive).hexdigest())


if __name__ == "__main__":
    main()
