#!/usr/bin/env python3
"""The umbrella header costs at most 1.7 times the user CPU of the standard headers it includes (best of 5, in turn):
include_cost.py ROOT COMPILER"""
import os
import re
import resource
import subprocess
import sys
import tempfile

root, compiler = sys.argv[1:]
include = os.path.join(root, "include")


def standard_headers(name, seen):
    """Every <…> that the header and its headers name, without what only a header-only build opens."""
    if name in seen:
        return set()
    seen.add(name)
    text = re.sub(r"#if defined\(MOMENTO_TOKEN_HEADER_ONLY\)\n#include[^\n]*\n#endif", "", open(os.path.join(include, name)).read())
    found = set(re.findall(r"^#include <([^>]+)>", text, re.MULTILINE))
    for own in re.findall(r'^#include "([^"]+)"', text, re.MULTILINE):
        found |= standard_headers(own, seen)
    return found


def user_seconds(source):
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    subprocess.run([compiler, "-std=c++20", "-I", include, "-c", "-o", os.devnull, source], check=True)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


with tempfile.TemporaryDirectory() as work:
    sources = {"standard": os.path.join(work, "standard.cpp"), "umbrella": os.path.join(work, "umbrella.cpp")}
    with open(sources["standard"], "w") as f:
        f.writelines("#include <%s>\n" % name for name in sorted(standard_headers("momento_token/momento_token.hpp", set())))
    with open(sources["umbrella"], "w") as f:
        f.write('#include "momento_token/momento_token.hpp"\n')
    best = {name: 1e9 for name in sources}
    for _ in range(5):
        for name, source in sources.items():
            best[name] = min(best[name], user_seconds(source))
ratio = best["umbrella"] / best["standard"]
print("standard headers %.2f s, umbrella %.2f s: %.2f times" % (best["standard"], best["umbrella"], ratio))
# The figure to keep is 1.7. What fails is a gross break: even user CPU varies by a tenth on a shared machine.
sys.exit(0 if ratio <= 2.0 else 1)
