#!/usr/bin/env python3
"""Completes command lines in a real shell, and holds the manual page to the program:
completion_test.py (program|bash|zsh|fish|man) PATH-OF-THE-PROGRAM ROOT
Ends with 77 (ctest: skipped) where the shell is not installed, unless MOMENTO_TOKEN_NO_SKIPS is set."""
import os, re, shutil, subprocess, sys, tempfile

sys.dont_write_bytecode = True
what, program, root = sys.argv[1:]
program, root = os.path.abspath(program), os.path.abspath(root)
scripts = os.path.join(root, "cli", "completions")
COMMANDS = ["keygen", "jwks", "mint", "inspect", "verify", "can", "scope convert", "scope lint", "scope diff",
            "hash-password"]
passed, failed = 0, 0


def equal(name, got, wanted):
    global passed, failed
    if got == wanted:
        passed += 1
    else:
        failed += 1
        print("%s:\n  got    %r\n  wanted %r" % (name, got, wanted))


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout


def candidates(*words):
    return [line.split("\t")[0] for line in output(program, "complete", *words).splitlines()]


def named_in_help(command):
    """What --help names: the options, and the sets that options take, as {option: [choice…]}."""
    text = output(program, *command.split(), "--help").split("\nExample:")[0]
    options = re.findall(r"^ {2,10}(?:-\w, *)?(--[\w-]+)", text, re.MULTILINE)
    return options, {option: choices.split(",") for option, choices in re.findall(r"(--[\w-]+) \w+:\{([^}]+)\}", text)}


def serves():
    """Whether the program was built with `serve`, which needs Boost."""
    return "serve" in candidates("")


def check_program():
    """Beside what a shell shows; the words come from --help, docs/cli.md and README's scopes."""
    equal("the commands", candidates(""), ["keygen", "jwks", "mint", "inspect", "verify", "can", "scope", "hash-password"] +
          ["serve"] * serves())
    equal("the commands of scope", candidates("scope", ""), ["convert", "lint", "diff"])
    sets = 0
    for command in COMMANDS + ["serve"] * serves():
        options, choices = named_in_help(command)
        equal(command + " has the options of its --help", candidates(*command.split(), "-"), options)
        for option, values in choices.items():
            sets += 1
            equal("%s %s" % (command, option), candidates(*command.split(), option, ""), values)
            equal("%s %s=" % (command, option), candidates(*command.split(), option + "="),
                  [option + "=" + value for value in values])
    equal("options that take one of a set: --shape, --profile, --from, --to, --function; --log", sets, 5 + serves())
    check_values()
    check_places()


def check_values():
    algorithms = candidates("keygen", "--alg", "")
    equal("13 algorithms", len(algorithms), 13)
    for name in algorithms:
        bits = ["--bits", "2048"] if name[0] in "RP" else []
        equal("keygen takes " + name, '"alg":"%s"' % name in output(program, "keygen", "--alg", name, *bits), True)
    actions = candidates("can", "--scope", "all_data_read_write", "")
    equal("6 actions", len(actions), 6)
    for name in actions:
        ran = subprocess.run([program, "can", "--scope", "all_data_read_write", name, "c"], capture_output=True)
        equal("can takes " + name, ran.returncode in (0, 1), True)
    help_names = re.findall(r"^  (\w+\(?)[\w,]*\)?$", output(program, "mint", "--help").split("Scopes by name")[1], re.MULTILINE)
    equal("the scopes of mint --help, and files", candidates("mint", "--scope", ""), help_names + [":files"])
    equal("a key is a file", candidates("verify", "--key", "k"), [":files"])
    equal("nothing is known of a token id", candidates("mint", "--token-id", ""), [])


def check_places():
    equal("nothing is offered twice", "--key" in candidates("mint", "--key", "k.json", "--"), False)
    equal("but what may be given twice is", "--audience" in candidates("mint", "--audience", "a", "--"), True)
    equal("nothing that is excluded", "--key" in candidates("verify", "--jwks", "k.json", "--"), False)
    equal("the value of an option is no command", candidates("mint", "--token-id", "scope", "--sh"), ["--shape"])
    equal("nor an option", candidates("mint", "--token-id", "--shape", "--sha"), ["--shape"])
    equal("behind -- no option", candidates("can", "--", "--"), [])
    equal("the second argument of diff", candidates("scope", "diff", "a", "all_"), ["all_data_read_write", ":files"])
    equal("a third there is not", candidates("jwks", "a", "b", ""), [":files"])
    equal("of what is unknown nothing", candidates("mint", "--bogus=x", "--bogus="), [])
    equal("no words at all", output(program, "complete"), "")


# Typed, what is typed behind the completion, and the words that the shell then sees.
LINES = [
    ("momento-token ke", "", ["keygen"]),
    ("momento-token scope co", "", ["scope", "convert"]),
    ("momento-token mint --sha", "", ["mint", "--shape"]),
    ("momento-token mint --shape no", "", ["mint", "--shape", "node"]),
    ("momento-token mint --shape=no", "", ["mint", "--shape=node"]),
    ("momento-token verify --key one", "", ["verify", "--key", "one key.json"]),
    ("momento-token verify --key=one", "", ["verify", "--key=one key.json"]),
    ("momento-token verify --issuer https://a.example --key one", "",
     ["verify", "--issuer", "https://a.example", "--key", "one key.json"]),
    ("momento-token mint --scope topic_publish_o", "chat,room\\)", ["mint", "--scope", "topic_publish_only(chat,room)"]),
    ("momento-token mint --scope 'topic_publish_o", "chat,room)'", ["mint", "--scope", "topic_publish_only(chat,room)"]),
    ("momento-token can cache.c", "", ["can", "cache.conditional_write"]),
]
IN_THE_HOME = "~/momento-token ke"


def lay_out(folder):
    """The shell's folder, which is its home, too."""
    open(os.path.join(folder, "one key.json"), "w").close()
    os.symlink(program, os.path.join(folder, "momento-token"))


def check_in(shell, *setup):
    from cli_cases.terminal import Terminal  # where there are terminals

    with tempfile.TemporaryDirectory() as folder:
        lay_out(folder)
        with Terminal(shell, folder, os.path.dirname(program)) as terminal:
            for line in setup:
                terminal.run(line)
            for typed, more, words in LINES:
                equal(typed, terminal.words_of(typed, more), ["momento-token"] + words)
            equal(IN_THE_HOME, terminal.words_of(IN_THE_HOME, ""), [os.path.join(folder, "momento-token"), "keygen"])
            terminal.list_for("momento-token mint --shape ", ["functions", "node", "rust", "envelope", "jwt"])


def check_bash():
    script = os.path.join(scripts, "momento-token.bash")
    registered = output("bash", "--norc", "-c", "source '%s' && complete -p momento-token" % script)
    equal("complete -p", registered, "complete -F _momento_token momento-token\n")
    check_in(["bash", "--norc", "--noprofile", "-i"], "bind 'set show-all-if-ambiguous on'",
             "bind 'set enable-bracketed-paste off'", "source '%s'" % script)


def check_zsh():
    check_in(["zsh", "-f", "-i"], "bindkey -e; fpath=('%s' $fpath); autoload -Uz compinit; compinit -u -D" % scripts)


def check_fish():
    with tempfile.TemporaryDirectory() as folder:
        lay_out(folder)
        environment = {**os.environ, "HOME": folder, "PATH": os.path.dirname(program) + ":" + os.environ["PATH"]}
        script = "source '%s'; complete -C $argv[1]" % os.path.join(scripts, "momento-token.fish")
        for typed, _, words in [*LINES, (IN_THE_HOME, "", ["keygen"])]:
            ran = subprocess.run(["fish", "--no-config", "-c", script, typed], cwd=folder, env=environment,
                                 capture_output=True, text=True, timeout=120)
            found = [line.split("\t")[0].replace("\\ ", " ") for line in ran.stdout.splitlines()]
            equal(typed, (found, ran.stderr), ([re.sub(r"chat.*", "", words[-1])], ""))


def read_from_environment():
    """The variables that the program's sources ask for by name."""
    found = set()
    for where, _, names in os.walk(os.path.join(root, "cli")):
        for name in names:
            if name.endswith(".cpp"):
                with open(os.path.join(where, name), encoding="utf-8") as f:
                    found.update(re.findall(r'\b(?:getenv|variable)\("([A-Z_]+)"\)', f.read()))
    return sorted(found)


def check_man():
    # That of a program without `serve` is cut out of the other when it is configured.
    page = os.path.join(*((root, "docs", "man") if serves() else (os.path.dirname(program),)), "momento-token.1")
    with open(page, encoding="utf-8") as f:
        equal("the page that is installed is what `momento-token man-page` prints", f.read(), output(program, "man-page"))
    warnings = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", page], capture_output=True, text=True)
    equal("groff warns of nothing", (warnings.returncode, warnings.stderr), (0, ""))
    text = re.sub(r".\x08", "", warnings.stdout)
    for command in COMMANDS + ["serve"] * serves():
        part = re.search(r"^   momento-token %s\n(.*?)(?=^   momento|\Z|^[A-Z])" % command, text, re.DOTALL | re.MULTILINE)
        for option in named_in_help(command)[0]:
            equal("%s %s is in it" % (command, option), part is not None and option in part.group(1), True)
    if serves():
        of_serve = output(program, "serve", "--help")
        for word in ["Exit codes: 0 ended well; 1 requests were cut off", *read_from_environment()]:
            equal("serve --help says " + word, word in of_serve, True)
            equal("the page says " + word, word in text, True)
    lint = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", page], capture_output=True, text=True)
    # A page without a date is the same page in every build.
    equal("mandoc warns of nothing but the date", [line for line in lint.stdout.splitlines() if "missing date" not in line], [])


needed = {"program": [], "man": ["man", "mandoc", "groff"]}.get(what, [what])
missing = [tool for tool in needed if shutil.which(tool) is None]
if missing:
    print("skipped: %s is not installed" % ", ".join(missing))
    sys.exit(1 if os.environ.get("MOMENTO_TOKEN_NO_SKIPS") else 77)
{"program": check_program, "bash": check_bash, "zsh": check_zsh, "fish": check_fish, "man": check_man}[what]()
print("%d passed, %d failed" % (passed, failed))
sys.exit(1 if failed else 0)
