#!/usr/bin/env python3
"""Every place that repeats something of another place says the same: copies_test.py"""
import json
import tempfile

from support import ROOT, check, files_of, run, version

page = (ROOT / "docs/installing.md").read_text(encoding="utf-8")
now = version()
port = json.loads((ROOT / "packaging/vcpkg/momento-token/vcpkg.json").read_text(encoding="utf-8"))
manifest = json.loads((ROOT / "vcpkg.json").read_text(encoding="utf-8"))
check(port["version"] == now, "the port has the version %s, not %s" % (port["version"], now))
check([name for name in port["dependencies"] if isinstance(name, str)] == manifest["dependencies"], "the two vcpkg.json differ")
check(port["features"]["tools"]["dependencies"] == manifest["features"]["tools"]["dependencies"], "the two vcpkg.json differ")
minor = now.rpartition(".")[0]
for wanted in ("momento_token/%s\n" % now, "GIT_TAG v%s)" % now, "find_package(momento_token %s REQUIRED" % minor,
               "`libmomento-token%s`" % minor):
    check(wanted in page, "docs/installing.md does not say %s" % wanted)

# ConanCenter's copy is what packaging/registry_copies.py makes of conanfile.py.
copy = ROOT / "packaging/conan-center-index/recipes/momento_token"
with tempfile.TemporaryDirectory() as folder:
    run("cp", "-r", copy, folder)
    run("python3", "-c", "import sys; sys.path.insert(0, sys.argv[1]); import pathlib, registry_copies as r; "
        "r.conan_recipe(pathlib.Path(sys.argv[2]), r.ARCHIVE % r.version(), '0' * 64)", ROOT / "packaging", folder + "/momento_token")
    for name in files_of(copy):
        made, kept = (open("%s/%s" % (where, name), encoding="utf-8").read() for where in (folder + "/momento_token", copy))
        check(made == kept, "%s is not what packaging/registry_copies.py writes: run it" % name)
