"""What Doxygen's XML says of the public headers, as headers with entries in the order of their lines."""
import os
import re
import xml.etree.ElementTree as ElementTree

OUR_BASES = {"detail::PermissionBase"}  # its members are shown as the permission classes' own


def text_of(node):
    return "".join(node.itertext()).strip() if node is not None else ""


def without_namespace(name):
    return re.sub(r"^momento_token::(?:detail::)?", "", name)


class Entry:
    """A class, enum, function, variable or alias. `docs` are XML nodes, `members` entries."""

    def __init__(self, node, kind, name, scope):
        location = node.find("location")
        self.node, self.kind, self.name, self.scope = node, kind, name, scope
        self.id = node.get("id")
        self.file, self.line = location.get("file"), int(location.get("line"))
        self.docs = [node.find("briefdescription"), node.find("detaileddescription")]
        self.members = []

    @property
    def full_name(self):
        return self.scope + "::" + self.name if self.scope else self.name

    @property
    def anchor(self):
        return self.full_name.replace("::", "-")

    @property
    def documented(self):
        return any(text_of(doc) for doc in self.docs)

    @property
    def type(self):
        return tidy(text_of(self.node.find("type")))

    @property
    def arguments(self):
        return tidy(text_of(self.node.find("argsstring")))

    @property
    def default(self):
        return re.sub(r"^= ?", "", tidy(text_of(self.node.find("initializer"))))


def tidy(code):
    """Doxygen's `Result< Issuer > &` as we write it."""
    code = re.sub(r"\s+", " ", code)
    code = re.sub(r"< ", "<", code)
    code = re.sub(r" >", ">", code)
    code = re.sub(r" ([&*]+)(?=\w)", r"\1 ", code)  # "const T &x" -> "const T& x"
    code = re.sub(r" ([&*]+)(?=[,)>]|$)", r"\1", code)
    code = re.sub(r"\) const (&&?)", r") const\1", code)
    code = re.sub(r"(\)|const)( ?&&?)(?! )(?=\w|->|$)", r"\1\2 ", code)  # ") const &noexcept" -> ") const& noexcept"
    code = re.sub(r"\)(&&?)(?= |$)", r") \1", code)
    code = re.sub(r" ?= ?default$", "", code)
    code = re.sub(r"(?<=[\w>]) ?= ?(?=[\w*:{\"])", " = ", code)
    return re.sub(r" ?= ?0$", " = 0", code).strip()


def is_boilerplate(member, class_name):
    """What every class has, and overloads that exist in order not to compile."""
    if "=delete" in member.arguments.replace(" ", "") or member.name.startswith("~"):
        return True
    if "detail::" in member.type + member.arguments:  # nothing for users
        return True
    own = re.escape(class_name)
    if member.name == class_name and member.arguments == "()" and not member.documented:
        return True
    copies = re.fullmatch(r"\((?:const )?%s ?&{1,2}(?: \w+)?\)( noexcept)?(?: ?=default)?" % own, member.arguments)
    return bool(copies) or member.name == "operator="


def members_of(compound, class_name):
    found = []
    for section in compound.findall("sectiondef"):
        for node in section.findall("memberdef"):
            name = text_of(node.find("name"))
            public = "operator" in name if node.get("kind") == "friend" else node.get("prot") == "public"
            member = Entry(node, node.get("kind"), name, class_name)
            if public and not is_boilerplate(member, class_name.rpartition("::")[2]):
                found.append(member)
    return found


def compound_entry(compound, by_name):
    full = without_namespace(text_of(compound.find("compoundname")))
    scope, _, name = full.rpartition("::")
    entry = Entry(compound, compound.get("kind"), name, scope)
    entry.members = members_of(compound, full)
    entry.bases = []
    for base in compound.findall("basecompoundref"):
        base_name = without_namespace(re.sub(r"<.*", "", text_of(base)).strip())
        shown = "detail::" + base_name if "detail::" + base_name in OUR_BASES else base_name
        if shown in OUR_BASES:
            inherited = members_of(by_name["momento_token::" + shown], full)
            entry.members += [member for member in inherited if member.name not in ("Role", "ResourceSelector")]
        elif base.get("prot") == "public":
            entry.bases.append(base_name)
    return entry


def namespace_entries(compound):
    scope = without_namespace(text_of(compound.find("compoundname")) + "::").rstrip(":")
    scope = "" if scope == "momento_token" else scope
    for node in compound.iter("memberdef"):
        yield Entry(node, node.get("kind"), text_of(node.find("name")), scope)


def load(xml):
    """All entries of the headers, by file, in the order of their lines."""
    compounds = []
    for name in sorted(os.listdir(xml)):
        if re.match(r"(class|struct|namespace)", name):
            compounds.append(ElementTree.parse(os.path.join(xml, name)).getroot().find("compounddef"))
    by_name = {text_of(compound.find("compoundname")): compound for compound in compounds}
    entries = []
    for name, compound in by_name.items():
        if not name.startswith("momento_token") or "::detail" in name:
            continue
        if compound.get("kind") == "namespace":
            entries += namespace_entries(compound)
        elif compound.get("prot") != "private" and not re.search(r"<", name):
            entries.append(compound_entry(compound, by_name))
    files = {}
    for entry in sorted(entries, key=lambda entry: entry.line):
        if "/detail/" not in entry.file:
            files.setdefault(entry.file, []).append(entry)
    return files
