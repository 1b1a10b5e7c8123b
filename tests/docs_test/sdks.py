#!/usr/bin/env python3
"""Compiles the Rust blocks and runs the JavaScript blocks of docs/ against Momento's own packages, from their registries, and
those of jwt-cpp against its headers: sdks.py ROOT WORK. Takes minutes, so it is for those who change these pages
(./scripts/docs --sdks). Names what it leaves out because cargo, npm or jwt-cpp is not here, which is an error where
MOMENTO_TOKEN_NO_SKIPS is set. JWT_CPP_INCLUDE names the folder of jwt-cpp's headers."""
import os
import shutil
import subprocess
import sys

import pages

CRATES = {"momento": "0.70.0", "momento-functions-token": "0.27.0"}
SDK = "@gomomento/sdk@1.118.1"


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def run(folder, *command):
    if subprocess.run(command, cwd=folder).returncode != 0:
        sys.exit("failed: " + " ".join(command))


def pieces(root, language):
    """(page, hidden code and blocks in their order)"""
    by_page = {}
    for block in pages.all_blocks(root):
        if block.kind == language or (block.kind == "hidden" and block.marks == [language]):
            by_page.setdefault(block.page, []).append(block)
    return by_page


def check_rust(root, work):
    functions, hidden = [], ""
    for page, blocks in pieces(root, "rust").items():
        for block in blocks:
            if block.kind == "hidden":
                hidden = block.code
                continue
            functions.append("// %s\npub async fn block_%d(auth_client: momento::AuthClient) -> Result<(), Box<dyn std::error::Error>> {\n%s%s"
                             "Ok(())\n}\n" % (block.where, len(functions), hidden, block.code))
    requirements = "".join('%s = "=%s"\n' % crate for crate in CRATES.items())
    write(work + "/rust/Cargo.toml", '[package]\nname = "pages"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\n' + requirements)
    write(work + "/rust/src/lib.rs", "#![allow(unused)]\n" + "".join(functions))
    run(work + "/rust", "cargo", "check", "--quiet")
    return len(functions)


def check_javascript(root, work):
    count = 0
    write(work + "/js/package.json", '{"private": true}')
    run(work + "/js", "npm", "install", "--silent", "--no-audit", "--no-fund", SDK)
    for page, blocks in pieces(root, "js").items():
        code = "".join("// %s\n%s" % (block.where, block.code) for block in blocks)
        count += sum(block.kind == "js" for block in blocks)
        write(work + "/js/page.js", "const check = holds => { if (!holds) throw new Error('does not hold'); };\n"
              "(async () => {\n%s})().catch(error => { console.error(error); process.exit(1); });\n" % code)
        run(work + "/js", "node", "page.js")
    return count


def include_of_jwt_cpp():
    for folder in filter(None, (os.environ.get("JWT_CPP_INCLUDE"), "/usr/include", "/usr/local/include")):
        if os.path.exists(os.path.join(folder, "jwt-cpp/jwt.h")):
            return folder
    return None


def check_jwt_cpp(root, work):
    folder, count = include_of_jwt_cpp(), 0
    for page, blocks in blocks_of_jwt_cpp(root).items():
        code = "".join('#line %d "%s"\n%s' % (block.line, block.page, block.code) for block in blocks)
        count += sum(block.kind == "cpp" for block in blocks)
        write(work + "/jwt-cpp/page.cpp", "#include <jwt-cpp/jwt.h>\n#include <cstdlib>\n#include <iostream>\n"
              "using namespace std::chrono_literals;\n"
              "#define check(holds) if (!(holds)) return std::cerr << #holds << '\\n', EXIT_FAILURE\n"
              "int main() {\n%s}\n" % code)
        run(work + "/jwt-cpp", os.environ.get("CXX", "c++"), "-std=c++20", "-w", "-I", folder, "page.cpp", "-o", "page", "-lcrypto")
        run(work + "/jwt-cpp", "./page")
    return count


def blocks_of_jwt_cpp(root):
    """{page: what is marked as jwt-cpp's}"""
    by_page = {}
    for block in pages.all_blocks(root):
        if "jwt-cpp" in block.marks:
            by_page.setdefault(block.page, []).append(block)
    return by_page


def main():
    root, work = sys.argv[1:]
    skipped = False
    for name, check_blocks, found, where in (
            ("jwt-cpp", check_jwt_cpp, include_of_jwt_cpp(), "get https://github.com/Thalhammer/jwt-cpp and set JWT_CPP_INCLUDE "
             "to the folder in which jwt-cpp/jwt.h is"),
            ("JavaScript", check_javascript, shutil.which("npm"), "install nodejs and npm"),
            ("Rust", check_rust, shutil.which("cargo"), "install cargo from https://rustup.rs")):
        if not found:
            skipped = True
            print("left out: %s (%s)" % (name, where))
            continue
        count = check_blocks(root, work)
        if not count:
            sys.exit("no block of %s found: has the way of writing them changed?" % name)
        print("%d blocks of %s" % (count, name))
    if skipped and os.environ.get("MOMENTO_TOKEN_NO_SKIPS"):
        sys.exit("nothing may be left out where MOMENTO_TOKEN_NO_SKIPS is set")


main()
