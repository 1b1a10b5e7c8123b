#!/usr/bin/env python3
"""Signatures are compared in constant time and in one place only: CRYPTO_memcmp in HmacVerificationKey::verify (public-key
signatures are checked by libcrypto). So are the keyed hashes of tokens that a verifier remembers, in VerifiedCache, and what
the vending kit is given and keeps: bootstrap credentials, secrets read again, hashes of passwords.

usage: mac_compare_test.py PROJECT-ROOT
"""
import pathlib, re, sys

# How often CRYPTO_memcmp is there.
ALLOWED = {"include/momento_token/detail/hmac_key.hpp": 1, "include/momento_token/detail/verified_cache.hpp": 1,
           "include/momento_token/impl/vending/caller_auth.ipp": 1, "include/momento_token/impl/vending/key_source.ipp": 1,
           "include/momento_token/impl/vending/password_auth.ipp": 1,
           "include/momento_token/detail/password_decisions.hpp": 1}
# Comparisons of other bytes, which are no secrets: JSON words, names of a scope, public keys, names of headers, paths.
OTHER_BYTES = {"include/momento_token/detail/claims_reader.hpp", "include/momento_token/detail/json_reader.hpp",
               "include/momento_token/detail/pkey.hpp", "include/momento_token/detail/grant.hpp",
               "include/momento_token/detail/vending_text.hpp", "cli/serve/app.cpp", "cli/serve/authorize.cpp"}
BYTEWISE = re.compile(r"(?<!CRYPTO_)\b(memcmp|strcmp|strncmp|strcasecmp|bcmp|equal|lexicographical_compare|mismatch)\s*\(")
VALUE = r"(?!\w*(?:bytes|size)_?\b)(?:signature|mac|expected|digest|hmac|computed|actual)\w*"
# `mac == other`, `other != signature_view`: not sizes, null pointers, numbers, single members.
LEFT = re.compile(r"(?<![\w.>])%s(?:\.data\(\)|\.view\(\))?\s*[!=]=(?!=)\s*(?!nullptr|\d)" % VALUE)
RIGHT = re.compile(r"[!=]=(?!=)\s*%s(?![\w.]|\s*\.|->|\()" % VALUE)


def code_lines(text):
    for number, line in enumerate(text.splitlines(), 1):
        yield number, re.sub(r'"(\\.|[^"\\])*"', '""', line).split("//")[0]


def faults(name, text):
    for number, line in code_lines(text):
        if BYTEWISE.search(line) and name not in OTHER_BYTES:
            yield name, number, "compares bytes, and nobody has said that they are no signature"
        if LEFT.search(line) or RIGHT.search(line):
            yield name, number, "compares a signature with == or !="


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    root = pathlib.Path(sys.argv[1])
    for planted in ("if (std::memcmp(signature.data(), expected, 32) == 0)", "return strcmp(a, b) == 0;", "return mac == other;",
                    "return a != expected;", "if (std::ranges::equal(a, b))", "ok = as_text(x) == signature;"):
        if not list(faults("planted", planted)):
            sys.exit("the search overlooks: " + planted)
    found, constant_time = [], {}
    for folder in ("include", "src", "cli"):
        for path in sorted((root / folder).rglob("*.[hic]pp")):
            name, text = str(path.relative_to(root)), path.read_text()
            found += faults(name, text)
            count = sum(line.count("CRYPTO_memcmp(") for _, line in code_lines(text))
            if count:
                constant_time[name] = count
    for fault in found:
        print("%s:%d: %s" % fault)
    if constant_time != ALLOWED:
        print("CRYPTO_memcmp is in %s, wanted %s" % (constant_time, ALLOWED))
    return 1 if found or constant_time != ALLOWED else 0


if __name__ == "__main__":
    sys.exit(main())
