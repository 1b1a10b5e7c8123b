"""gdb's view of momento_token: errors, results and permissions in words; keys, tokens and other secrets never (`print/r`
still shows every byte). Load it with `source …/momento_token_gdb.py`, in ~/.gdbinit or at gdb's prompt.

Reads libstdc++ and libc++. tests/debugger holds the words to those of to_string()."""
import datetime
import re
import unicodedata

import gdb
import gdb.printing

OURS = re.compile(r"^momento_token::(?:v1|v1_ho)::(?P<name>[\w:]+)$")
LONGEST_TEXT = 1024

# detail::KindInfo: the noun and the verbs of the roles in the order of their numbers.
KINDS = {
    "CachePermissions": ("item", ("do nothing with", "read and write", "read", "write")),
    "TopicPermissions": ("topic", ("do nothing with", "publish and subscribe to", "subscribe to", "publish to")),
    "FunctionPermissions": ("function", ("do nothing with", "invoke")),
}


def find(value, *names):
    """The member nearest to the outside that has one of these names, in bases and parts too; None without one."""
    level = [value]
    while level:
        parts = []
        for part in level:
            if part.type.strip_typedefs().code not in (gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_UNION):
                continue
            for field in part.type.strip_typedefs().fields():
                if not hasattr(field, "bitpos"):  # static
                    continue
                if field.name in names:
                    return part[field]
                parts.append(part[field])
        level = parts
    return None


def bytes_at(pointer, size):
    if size == 0:
        return b""
    return bytes(gdb.selected_inferior().read_memory(int(pointer), min(int(size), LONGEST_TEXT)))


def string_bytes(value):
    """Of a std::string."""
    pointer = find(value, "_M_p")
    if pointer is not None:
        return bytes_at(pointer, find(value, "_M_string_length"))
    long, short, is_long = find(value, "__l"), find(value, "__s"), find(value, "__is_long_")
    size = int(find(short, "__size_"))
    if is_long is None:  # before libc++ 15: the lowest bit of the size
        is_long, size = size & 1, size >> 1
    return bytes_at(long["__data_"], long["__size_"]) if int(is_long) else bytes_at(short["__data_"].address, size)


def view_bytes(value):
    """Of a std::string_view."""
    return bytes_at(find(value, "_M_str", "__data_", "__data"), find(value, "_M_len", "__size_", "__size"))


def printable(data):
    """As momento_token::printable(): nothing that a terminal would obey."""
    out = []
    for letter in data.decode("utf-8", "surrogateescape"):
        if 0xDC80 <= ord(letter) <= 0xDCFF:
            out.append("\\x%02x" % (ord(letter) - 0xDC00))
        elif letter in "\"\\":
            out.append("\\" + letter)
        elif unicodedata.category(letter) in ("Cc", "Cf", "Zl", "Zp"):
            out.append("\\u%04x" % ord(letter))
        else:
            out.append(letter)
    return "".join(out)


def quoted(data):
    return '"%s"' % printable(data)


def at_start_of(value, type):
    """What lies at the value's address, as another type."""
    return value.address.cast(type.unqualified().pointer()).dereference()


def held_by_variant(value):
    index = int(find(value, "_M_index", "__index", "__index_"))
    return index, at_start_of(find(value, "_M_u", "__data"), value.type.strip_typedefs().template_argument(index))


def held_by_optional(value):
    if not int(find(value, "_M_engaged", "__engaged_")):
        return None
    return at_start_of(find(value, "_M_payload", "__val_"), value.type.strip_typedefs().template_argument(0))


def pointer_in(smart):
    """Of a shared_ptr or unique_ptr."""
    pointer = find(smart, "_M_ptr", "_M_head_impl", "__ptr_")
    while pointer.type.strip_typedefs().code == gdb.TYPE_CODE_STRUCT:
        pointer = find(pointer, "__value_")
    return pointer


def items_of_vector(vector):
    first, end = find(vector, "_M_start", "__begin_"), find(vector, "_M_finish", "__end_")
    return [(first + i).dereference() for i in range(int(end - first))]


def utc(time_point):
    seconds = int(find(time_point, "__r", "__rep_"))
    try:
        return (datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds)).isoformat() + "Z"
    except OverflowError:
        return "%d s after 1970" % seconds


def name_in(type):
    """Error for momento_token::v1::Error, Outer::Inner for …::Outer<…>::Inner; None for what is not ours."""
    name, arguments = type.strip_typedefs().unqualified().tag or "", 1
    while arguments:
        name, arguments = re.subn(r"<[^<>]*>", "", name)
    match = OURS.match(name)
    return match and match.group("name")


# The words of each kind of value.

def selector_words(noun, selector):
    index, held = held_by_variant(selector)
    if index == 0:
        return "%ss (no %s selector)" % (noun, noun)
    if index == 1:
        return "all %ss" % noun
    text = quoted(string_bytes(held["value"]))
    return "the %s %s" % (noun, text) if index == 2 else "the %ss that start with %s" % (noun, text)


def statement_words(value):
    noun, verbs = KINDS[name_in(value.type)]
    role = held_by_optional(value["role_"])
    verb = "do nothing (no role) with" if role is None else verbs[int(role)]
    return "%s %s of %s" % (verb, selector_words(noun, value["resource_"]), selector_words("cache", value["cache_"]))


def permissions_words(value):
    statements = [statement_words(held_by_variant(item)[1]) for item in items_of_vector(value["items_"])]
    return "; ".join(statements) or "nothing"


def action_words(value):
    noun = [noun for noun, _ in KINDS.values()][int(value["kind_"]) - 1]
    resource = "the %s %s" % (noun, quoted(view_bytes(value["resource_"]))) if value["has_resource_"] else "all %ss" % noun
    return "%s on %s of the cache %s" % (printable(view_bytes(value["name_"])), resource, quoted(view_bytes(value["cache_"])))


def static_text(value):
    return bytes_at(value["data_"], value["size_"]).decode()


def error_words(value):
    parts = [str(value["code"]).rpartition("::")[2], printable(string_bytes(value["field"])), static_text(value["message"])]
    return ": ".join(part for part in parts if part)


def key_words(value):
    """Which class, algorithm and kid; a user's own signer has its class alone."""
    kind = (value.type.strip_typedefs().unqualified().tag or "a key").rpartition("::")[2]
    algorithm, kid = find(value, "algorithm_"), find(value, "kid_")
    if algorithm is None or kid is None:
        return kind
    if algorithm.type.code == gdb.TYPE_CODE_REF:
        algorithm = algorithm.referenced_value()
    return "%s %s, kid %s" % (kind, view_bytes(algorithm["name"]).decode(), quoted(string_bytes(kid)))


def key_pair_words(value):
    signer = pointer_in(value["signer_"])
    if int(signer) == 0:
        return "KeyPair, moved from"
    signer = signer.dereference()
    return "KeyPair of " + key_words(at_start_of(signer, signer.dynamic_type))


def token_words(value):
    return "DisposableToken until %s, jti %s, endpoint %s; api_key not shown" % (
        utc(value["valid_until"]), quoted(jti_bytes(value["jti"])), quoted(string_bytes(value["endpoint"])))


def verified_words(value):
    return "VerifiedToken of %d statement(s) until %s" % (int(value["statements_"]), utc(value["expires_at_"]))


def unverified_words(value):
    return "UNVERIFIED token, alg %s, kid %s" % (quoted(string_bytes(value["alg_"])), quoted(string_bytes(value["kid_"])))


def claims_words(value):
    end, jti = held_by_optional(value["expires_at"]), held_by_optional(value["jti"])
    return "%s, %s" % ("without exp" if end is None else "until " + utc(end),
                       "without jti" if jti is None else "jti " + quoted(string_bytes(jti)))


def request_words(value):
    name = name_in(value.type)
    scope = " to " + permissions_words(value["permissions"]) if name == "DisposableTokenRequest" else ""
    return "%s for %d s%s; token_id not shown" % (name, int(find(value["valid_for"], "__r", "__rep_")), scope)


def batch_words(value):
    return "BatchToken until %s, jti %s; api_key not shown" % (utc(value["valid_until"]), quoted(jti_bytes(value["jti"])))


def grant_words(value, scope, and_what=""):
    return "%s for %d s to %s%s; token_id not shown" % (
        name_in(value.type).rpartition("::")[2], int(find(value["valid_for"], "__r", "__rep_")), permissions_words(value[scope]), and_what)


def policy_words(value):
    return grant_words(value, "scope", " and the scopes of %d group(s)" % len(items_of_vector(value["groups"])))


def http_request_words(value):
    return "Request %s with %d header(s); target, headers and body not shown" % (
        printable(view_bytes(value["method"])), len(items_of_vector(value["headers"])))


def http_response_words(value):
    return "Response %d with %d header(s); body not shown" % (int(value["status"]), len(items_of_vector(value["headers"])))


def jti_bytes(value):
    return bytes_at(value["text_"].address, value["size_"])


def not_shown(value):
    return name_in(value.type).rpartition("::")[2] + ", not shown"


WORDS = {
    "StaticText": lambda v: '"%s"' % static_text(v),
    "Error": error_words,
    "SecretBytes": lambda v: "%d secret bytes, not shown" % int(v["size_"]),
    "Permissions": permissions_words,
    "CachePermissions": statement_words,
    "TopicPermissions": statement_words,
    "FunctionPermissions": statement_words,
    "Unset": lambda v: "unset",
    "All": lambda v: "all",
    "Name": lambda v: quoted(string_bytes(v["value"])),
    "Prefix": lambda v: "prefix " + quoted(string_bytes(v["value"])),
    "Action": action_words,
    "Jti": lambda v: quoted(jti_bytes(v)),
    "KeyPair": key_pair_words,
    "detail::HmacSigner": key_words,
    "detail::HmacVerificationKey": key_words,
    "detail::AsymmetricSigner": key_words,
    "detail::AsymmetricVerificationKey": key_words,
    "Credential": lambda v: "Credential for %s; api_key not shown" % quoted(string_bytes(v["endpoint"])),
    "DisposableToken": token_words,
    "VerifiedToken": verified_words,
    "UnverifiedToken": unverified_words,
    # Whose token it is, is nobody else's business.
    "Claims": lambda v: "Claims %s; token_id and sub not shown" % claims_words(v),
    "VerifiedJwt": lambda v: "VerifiedJwt of claims %s; payload not shown" % claims_words(v["claims"]),
    "DisposableTokenRequest": request_words,
    "PreparedTokenRequest": request_words,
    "DenyQuery": lambda v: "DenyQuery for jti %s; token_id not shown" % quoted(view_bytes(v["jti"])),
    "BatchToken": batch_words,
    "client::FetchedToken": lambda v: "FetchedToken until %s; token not shown" % utc(v["expires_at"]),
    # What callers send to a vending machine, what it holds of them, what it answers.
    "vending::Header": lambda v: "Header %s, value not shown" % quoted(view_bytes(v["name"])),
    "vending::FieldLookup": lambda v: "FieldLookup of %d field(s), value not shown" % int(v["count"]),
    "vending::Request": http_request_words,
    "vending::EventRequest": not_shown,
    "vending::EventRequest::State": not_shown,
    "vending::Response": http_response_words,
    "vending::Claim": lambda v: "Claim %s, value not shown" % quoted(string_bytes(v["name"])),
    "vending::Identity": lambda v: "Identity in %d group(s); name and claims not shown" % len(items_of_vector(v["groups"])),
    "vending::VendingGrant": lambda v: grant_words(v, "permissions"),
    "vending::PolicyRules": policy_words,
    "vending::PasswordUser": not_shown,
    "vending::PasswordAuth::State": not_shown,
    "detail::RulesPolicy": not_shown,
    # What is worked out of a key is as good as the key.
    "PreparedScope": not_shown,
    "PreparedScope::State": not_shown,
    "detail::HmacState": not_shown,
    "detail::HmacPrefix": not_shown,
    "detail::PaddedKey": not_shown,
    "detail::LowLevelHmac": not_shown,
    "detail::EvpHmac": not_shown,
    "detail::PkeyOperations": not_shown,
    "detail::LowLevelHmac::Prefix": not_shown,
    "detail::EvpHmac::Prefix": not_shown,
    "detail::EvpHmac::Scratch": not_shown,
    "detail::PkeyContext": not_shown,
    # Private keys while they are read and written.
    "detail::Jwk": not_shown,
    "detail::SecretText": not_shown,
    "detail::DerReader": not_shown,
    "detail::Pkcs8": not_shown,
    "detail::EcPrivateKey": not_shown,
    # Passwords, what they are checked against, what was decided about them.
    "detail::PasswordClaim": not_shown,
    "detail::PasswordHash": not_shown,
    "detail::KnownUser": lambda v: "KnownUser in %d group(s); hash not shown" % len(items_of_vector(v["groups"])),
    "detail::DecisionCache": not_shown,
    "detail::DecisionCache::Slot": not_shown,
    "detail::ChecksUnderWay": not_shown,
    "detail::OnlyCheck": not_shown,
    # Tokens while they are made: their text, whose they are, and the ids of those to come.
    "detail::PreparedText": not_shown,
    "detail::PreparedText::Dated": not_shown,
    "detail::TokenBeginning": not_shown,
    "detail::Minting": not_shown,
    "detail::TokenString": not_shown,
    "detail::TokenSpan": not_shown,
    "detail::BatchRoom": not_shown,
    "detail::SmallBuffer": not_shown,
    "detail::RandomPool": not_shown,
    # And while they are read. What points into their text shows it to its end.
    "detail::Compact": not_shown,
    "detail::ClaimsView": not_shown,
    "detail::StrictClaims": not_shown,
    "detail::FixedOrderClaims": not_shown,
    "detail::JsonReader": not_shown,
    "detail::NameStack": not_shown,
    "detail::ProtoReader": not_shown,
    "detail::StatementCollector": not_shown,
    "detail::TokenAccess::Parts": not_shown,
    # What accepted tokens are found again by.
    "detail::TokenHash": not_shown,
    "detail::SoughtToken": not_shown,
    "detail::VerifiedCache": not_shown,
    "detail::VerifiedCache::Shard": not_shown,
}


class InWords:
    def __init__(self, value, words):
        self.value, self.words = value, words

    def to_string(self):
        return self.words(self.value)


class ResultPrinter:
    """Its value below it, or its error in words."""

    def __init__(self, value):
        self.held = self.error = None
        if find(value, "state_") is None:  # Result<void>
            pointer = pointer_in(value["error_"])
            self.error = pointer.dereference() if int(pointer) else None
        else:
            index, held = held_by_variant(value["state_"])
            self.held, self.error = (held, None) if index == 0 else (None, held)

    def to_string(self):
        if self.error is not None:
            return "Result with the error " + error_words(self.error)
        return "Result with success" if self.held is None else "Result"

    def children(self):
        return iter([] if self.held is None else [("value", self.held)])


class MomentoTokenPrinters(gdb.printing.PrettyPrinter):
    def __init__(self):
        super().__init__("momento_token", [])

    def __call__(self, value):
        if value.type.code == gdb.TYPE_CODE_REF:
            value = value.referenced_value()
        name = name_in(value.type)
        if name == "Result":
            return ResultPrinter(value)
        return InWords(value, WORDS[name]) if name in WORDS else None


gdb.printing.register_pretty_printer(gdb.current_objfile(), MomentoTokenPrinters(), replace=True)
