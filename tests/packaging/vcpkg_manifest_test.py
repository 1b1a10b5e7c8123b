#!/usr/bin/env python3
"""Configures the preset `vcpkg` with nothing to be found but what vcpkg.json names, and again without each of these:
vcpkg_manifest_test.py --work DIR --cmake CMAKE --compiler COMPILER

vcpkg_toolchain.cmake stands in for vcpkg's: the packages themselves are the system's."""
import json
import shutil

from support import HERE, check, options, run, source_tree


def main():
    o = options("cmake", "compiler").parse_args()
    shutil.rmtree(o.work, ignore_errors=True)
    tree = source_tree(o.work / "tree")
    toolchain = o.work / "vcpkg/scripts/buildsystems/vcpkg.cmake"
    toolchain.parent.mkdir(parents=True)
    shutil.copy(HERE / "vcpkg_toolchain.cmake", toolchain)
    manifest = json.loads((tree / "vcpkg.json").read_text(encoding="utf-8"))

    def configure(text, status, *arguments):
        (tree / "vcpkg.json").write_text(json.dumps(text), encoding="utf-8")
        shutil.rmtree(tree / "build-vcpkg", ignore_errors=True)
        return run(o.cmake, "--preset", "vcpkg", "-DCMAKE_CXX_COMPILER=" + o.compiler, *arguments, cwd=tree, status=status,
                   env={"VCPKG_ROOT": o.work / "vcpkg"})

    left_out = "momento-token is built without `serve`"
    check(left_out not in configure(manifest, 0), "the server is left out")
    features = manifest["features"]
    for name in manifest["dependencies"]:
        without = dict(manifest, dependencies=[other for other in manifest["dependencies"] if other != name])
        check("momento_token needs" in configure(without, 1), "nothing is missing without " + name)
    for feature, switch in (("tests", "MOMENTO_TOKEN_BUILD_TESTS"), ("tools", "MOMENTO_TOKEN_BUILD_CLI")):
        without = dict(manifest, **{"default-features": [other for other in features if other != feature]})
        check("momento_token needs" in configure(without, 1), "nothing is missing without the feature " + feature)
        configure(without, 0, "-D%s=OFF" % switch)
    without = dict(manifest, **{"default-features": [other for other in features if other != "serve"]})
    check(left_out in configure(without, 0), "nothing is left out without the feature serve")
    print("%d dependencies, %d features" % (len(manifest["dependencies"]), len(features)))


main()
