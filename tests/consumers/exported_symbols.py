#!/usr/bin/env python3
"""What the installed shared library exports is ours: exported_symbols.py NM PREFIX"""
import pathlib
import re
import subprocess
import sys

nm, prefix = sys.argv[1:]
library = next(pathlib.Path(prefix).rglob("libmomento_token.so"))
listed = subprocess.run([nm, "-DC", "--defined-only", str(library)], stdout=subprocess.PIPE, text=True, check=True).stdout
names = [line.split(maxsplit=2)[2] for line in listed.splitlines()]
strangers = [name for name in names if not re.match(r"((typeinfo|typeinfo name|vtable|guard variable) for )?momento_token::", name)]
if strangers:
    sys.exit("exports what is not ours:\n" + "\n".join(strangers))
# One of each sort: plain, const, const and for lvalues, type information that crosses the border with an exception.
for wanted in (r"momento_token::v1::Issuer::create\(", r"momento_token::v1::Verifier::verify\(.*\) const",
               r"momento_token::v1::VerifiedToken::jti\(\) const &", r"typeinfo for momento_token::v1::BadResultAccess"):
    if not any(re.match(wanted, name) for name in names):
        sys.exit("does not export %s" % wanted)
print("%d symbols, all ours" % len(names))
