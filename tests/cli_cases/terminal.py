"""A shell on a terminal of its own, typed into as a person would."""
import os, pty, re, select, signal, time

PATIENCE = 60  # seconds until a shell that says nothing counts as broken


class Terminal:
    def __init__(self, command, folder, path):
        environment = {"PATH": path + ":" + os.environ["PATH"], "HOME": folder, "TERM": "vt100", "LC_ALL": "C.UTF-8",
                       "PS1": "$ ", "INPUTRC": "/dev/null", "HISTFILE": "/dev/null", "COLUMNS": "400", "LINES": "60"}
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.execvpe(command[0], command, environment)
        self.run("stty cols 400 rows 60")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.terminal)

    def type(self, keys):
        os.write(self.terminal, keys.encode())

    def read_until(self, pattern):
        text, end = "", time.monotonic() + PATIENCE
        while not re.search(pattern, text, re.DOTALL):
            if not select.select([self.terminal], [], [], max(0, end - time.monotonic()))[0]:
                raise TimeoutError("waited for %r, saw %r" % (pattern, text))
            text += os.read(self.terminal, 65536).decode(errors="replace")
        return text

    def run(self, line):
        """Its echo shows the arithmetic, its output the sum: so the end of the output is told from the echo."""
        self.type(line + "; echo end$((40+2))\r")
        return self.read_until(r"end42\r?\n")

    def words_of(self, typed, more):
        """The words a shell sees when `typed` has been completed and `more` been written behind it."""
        self.type(typed + "\t" + more + "\x01printf '<%s>' \x05; echo end$((40+2))\r")
        shown = self.read_until(r"end42\r?\n")
        return re.findall(r"<([^<>]*)>", shown[:shown.rindex("end42")].rpartition("\n")[2])

    def list_for(self, typed, words):
        """Waits for these words as the completions of `typed`. Nothing is typed ahead: zsh would leave the list out."""
        self.type(typed + "\t")
        self.read_until("".join(r"(?=.*\b%s\b)" % word for word in words))
        self.run("\x15true")
