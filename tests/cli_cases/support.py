"""What the tests of momento-token share: running the program, and tokens made by Python itself."""
import base64, hashlib, hmac, json, os, subprocess

NOW = 1893456000  # 2030-01-01T00:00:00Z

# RFC 7515 A.1.1: the key of the HS256 example, and A.1: its token.
RFC_KEY = {"kty": "oct", "k": "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}
RFC_TOKEN = ("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
             "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
# permissionmessages.proto by hand: Permissions.explicit(2){ permissions(1){ function(3){ role(1)=1, cache_selector(3){
# cache_name(1)="fo" }, function_selector(5){ function_name(1)="od" } } } }.
OD_IN_FO = "1212" "0a10" "1a0e" "0801" "1a04" "0a02666f" "2a04" "0a026f64"
OD_IN_FO_JSON = {"explicit": {"permissions": [{"function_permissions": {
    "role": "FunctionInvoke", "cache_selector": {"cacheName": "fo"}, "function_selector": {"function_name": "od"}}}]}}
BOTH_SELECTORS = {"explicit": {"permissions": [{"cache_permissions": {
    "role": "CacheReadOnly", "all_caches": None, "cache_selector": {"cacheName": "media"}, "all_items": None}}]}}


def decoded(segment):
    return base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))


# RFC 8037 A.1, as PKCS#8 (RFC 8410 §7: a fixed head and the 32 bytes).
PEM_PRIVATE = """-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
-----END PRIVATE KEY-----
"""
# RFC 8037 A.2: its public half, and the same as SPKI (RFC 8410 §4).
RFC_8037_X = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
PEM_PUBLIC = ("-----BEGIN PUBLIC KEY-----\n" +
              base64.b64encode(bytes.fromhex("302a300506032b6570032100") + decoded(RFC_8037_X)).decode() +
              "\n-----END PUBLIC KEY-----\n")

program = ""  # set by cli_test.py
passed, failures = 0, []
cases = []


def case(function):
    """Runs in a new, empty folder; its name is the sentence it holds the program to."""
    cases.append(function)
    return function


def check(name, held, detail=""):
    global passed
    if held:
        passed += 1
    else:
        failures.append(name)
        print("FAILED: %s %s" % (name, str(detail)[:600]))


def equal(name, got, want):
    check(name, got == want, "got %r, want %r" % (got, want))


class Ran:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out.decode(), err.decode()

    def json(self):
        return json.loads(self.out)

    def __repr__(self):
        return "exit %d, stdout %r, stderr %r" % (self.code, self.out, self.err)


def run(*args, stdin=b"", **more):
    data = stdin.encode() if isinstance(stdin, str) else stdin
    p = subprocess.run([program, *args], input=data, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60, **more)
    return Ran(p.returncode, p.stdout, p.stderr)


def batch(*args, lines):
    text = "".join((x if isinstance(x, str) else json.dumps(x)) + "\n" for x in lines)
    ran = run(*args, "--batch", stdin=text)
    equal("%s --batch ends with 0" % args[0], ran.code, 0)
    return [json.loads(x) for x in ran.out.splitlines()]


def refused_with(name, code, words, *args, **more):
    """Exit code, nothing on stdout, one line on stderr that holds the words."""
    ran = run(*args, **more)
    held = ran.code == code and ran.out == "" and ran.err.count("\n") == 1 and words in ran.err
    check(name, held, ran)
    return ran


def write(name, text, mode=0o600):
    with open(name, "w") as f:
        f.write(text if isinstance(text, str) else json.dumps(text))
    os.chmod(name, mode)
    return name


def unpadded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def signed(claims, key, header=None):
    """A compact JWS made by Python: RFC 7515 §5.1 with HMAC SHA-256."""
    head = unpadded(json.dumps(header or {"alg": "HS256"}).encode())
    body = unpadded(claims if isinstance(claims, bytes) else json.dumps(claims).encode())
    mac = hmac.new(decoded(key["k"]), ("%s.%s" % (head, body)).encode(), hashlib.sha256).digest()
    return "%s.%s.%s" % (head, body, unpadded(mac))


def hs256():
    return {**RFC_KEY, "alg": "HS256", "kid": "k1"}


def mint(*more, key="hs256.json", scope="function_invoke(fo,od)", valid_for="1h"):
    ran = run("mint", "--key", key, "--scope", scope, "--valid-for", valid_for, "--now", str(NOW), "--shape", "jwt",
              *more)
    check("mint for the next test", ran.code == 0 and ran.out.endswith("\n"), ran)
    return ran.out[:-1]
