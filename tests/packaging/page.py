"""docs/installing.md, taken apart: its files, and its commands under the names it gives them."""
import re

from support import ROOT, check

WORKS = "may publish to room-7: yes"

BLOCK = re.compile(r"^<!-- installing: (\S+) -->\n(?:<!-- [^\n]* -->\n)*```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks():
    found = dict(BLOCK.findall((ROOT / "docs/installing.md").read_text(encoding="utf-8")))
    check(len(found) > 10, "docs/installing.md has %d named blocks: has the way of writing them changed?" % len(found))
    return found


def write(folder, *names):
    for name in names:
        (folder / name.rpartition("/")[2]).write_text(blocks()[name], encoding="utf-8")


def sees(output):
    check(WORKS in output, "the program of the page does not run:\n" + output)


def commands(name, leave_out=""):
    """The commands of a block, one a line, without those that match `leave_out`: what a stranger has done before."""
    lines = blocks()[name].splitlines()
    left = [line for line in lines if not leave_out or not re.search(leave_out, line)]
    check(not leave_out or len(left) < len(lines), "nothing in the block `%s` is %r" % (name, leave_out))
    return "\n".join(left)
