"""Run by gdb at a breakpoint of subject.cpp: Visual Studio is not at hand, but its file reads members by name, and gdb knows
which there are. Prints "missing …" for each that is not, and how many it looked for."""
import re
import xml.etree.ElementTree

import gdb

SPACE = {"n": "http://schemas.microsoft.com/vstudio/debugger/natvis/2010"}
SAMPLES = {"Result<*>": "Result<momento_token::%s::DisposableToken>", "All<*>": "All<momento_token::%s::CacheTag>",
           "Name<*>": "Name<momento_token::%s::CacheTag>", "Prefix<*>": "Prefix<momento_token::%s::FunctionTag>", "detail::LowLevelHmac<*>": None,
           "detail::LowLevelHmac<*>::Prefix": None, "detail::SmallBuffer<*>": None}


def expressions_of(type):
    for part in type.iter():
        if part.get("Condition"):
            yield part.get("Condition")
        if part.tag.endswith("DisplayString"):
            yield from re.findall(r"\{([^}]*)\}", part.text)
        elif part.tag.endswith("Item"):
            yield part.text


def paths_in(expression):
    """state_.index() == 0: the path state_; {code,en}: code; {data_,[size_]s8}: data_ and size_."""
    expression = re.sub(r",(en|s8)\b|\.?\b\w+\(\)|\b(nullptr|true|false)\b|\bs8\b", " ", expression)
    return re.findall(r"[a-z]\w*(?:\.[a-z]\w*)*", expression)


def member(type, name):
    type = type.strip_typedefs()
    if type.code in (gdb.TYPE_CODE_REF, gdb.TYPE_CODE_PTR):
        type = type.target().strip_typedefs()
    for field in type.fields():
        if field.name == name:
            return field.type
        if field.is_base_class:
            found = member(field.type, name)
            if found is not None:
                return found
    return None


def look(short, type, path):
    for name in path.split("."):
        type = member(type, name)
        if type is None:
            print("missing %s in %s" % (path, short))
            return


def check(natvis, namespace):
    looked = 0
    for type in xml.etree.ElementTree.parse(natvis).getroot().findall("n:Type", SPACE):
        names = [type.get("Name")] + [other.get("Name") for other in type.findall("n:AlternativeType", SPACE)]
        short = names[0].replace("momento_token::v1::", "", 1)
        if names != ["momento_token::%s::%s" % (flavour, short) for flavour in ("v1", "v1_ho")]:
            print("missing a flavour of " + short)
        sample = SAMPLES.get(short, short)
        if sample is None:
            continue
        name = "momento_token::%s::%s" % (namespace, sample.replace("%s", namespace))
        try:
            found = gdb.lookup_type(name)
        except gdb.error:
            print("missing type " + name)
            continue
        for expression in expressions_of(type):
            for path in paths_in(expression):
                looked += 1
                look(short, found, path)
    print("looked for %d members" % looked)
