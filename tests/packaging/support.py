"""What the tests of the packages share: running commands, making consumers, saying what is wrong."""
import argparse
import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CONSUMERS = HERE.parent / "consumers"


def version():
    """What version.hpp says."""
    text = (ROOT / "include/momento_token/version.hpp").read_text(encoding="utf-8")
    return re.search(r'MOMENTO_TOKEN_VERSION "([^"]+)"', text).group(1)


def fail(what, output=""):
    sys.exit("%s\n%s" % (what, output[-8000:]))


def check(holds, what):
    if not holds:
        fail(what)


def run(*command, status=0, env=None, cwd=None):
    """Runs and returns what was printed; stops when the command ends with another status (None: whatever it is)."""
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace", cwd=cwd, env=dict(os.environ, **{k: str(v) for k, v in (env or {}).items()}))
    if status is not None and done.returncode != status:
        fail("ended with %d, not %d: %s" % (done.returncode, status, " ".join(map(str, command))), done.stdout)
    return done.stdout


def options(*required):
    """A parser that wants --work and these."""
    parser = argparse.ArgumentParser()
    for name in ("work",) + required:
        parser.add_argument("--" + name, required=True, type=pathlib.Path if name in ("work", "tools") else str)
    return parser


def ninja_of(cmake):
    """The generator of the environment that the CMake is in."""
    return ["-GNinja", "-DCMAKE_MAKE_PROGRAM=%s" % cmake.with_name("ninja")]


def files_of(folder):
    return sorted(path.relative_to(folder).as_posix() for path in pathlib.Path(folder).rglob("*") if not path.is_dir())


def check_no_paths(folder, *places):
    """No text file names one of the places that a package was made in."""
    for name in files_of(folder):
        text = (pathlib.Path(folder) / name).read_bytes()
        for place in places:
            check(text[:4] == b"\x7fELF" or name.endswith(".a") or str(place).encode() not in text, "%s names %s" % (name, place))


def source_archive(to, version):
    """An archive as GitHub makes it of a tag, of the files that are here."""
    listed = run("git", "ls-files", "-co", "--exclude-standard", cwd=ROOT).splitlines()
    names = [name for name in listed if (ROOT / name).is_file()]
    pathlib.Path(to).parent.mkdir(parents=True, exist_ok=True)
    run("tar", "-czf", to, "--transform", "s,^,momento_token-%s/," % version, *names, cwd=ROOT)
    return pathlib.Path(to)


def source_tree(folder):
    """The files that are here, in a folder of their own."""
    folder.mkdir(parents=True)
    archive = source_archive(folder / "archive.tar.gz", "here")
    run("tar", "-xzf", archive, "--strip-components=1", cwd=folder)
    archive.unlink()
    return folder
