"""AWS's own API models, member by member: what a request gives, and which of it breaks enum, pattern, length, range or required.

Unknown enum values are refused although AWS adds some from time to time: what we send must be in the model that we know.
"""

import functools
from dataclasses import dataclass

# A dependency of moto[server]: it knows the Unicode classes (\\p{L}) that the models' patterns use.
import regex

# What no regular expression engine of ours reads as AWS meant it, and how it is written here.
REWRITTEN = {
    r"\uD800\uDC00-\uDBFF\uDFFF": r"\U00010000-\U0010FFFF",  # UTF-16 halves: the characters beyond the first plane
    r"[\w-_]": r"[\w\-_]",  # a hyphen after a class is itself
    r"\p{Print}": r"[\x20-\x7E]",  # Java's POSIX class
    r"\p{ASCII}": r"[\x00-\x7F]",  # the same
}

# Constraints of the models that AWS itself does not keep, `(operation, member, kind)`, each with its reason.
NOT_KEPT_BY_AWS = {}

NUMBERS = ("integer", "long", "float", "double", "short", "byte")
SIZES = {"string": len, "blob": len, "list": len, "map": len}


@dataclass(frozen=True)
class Constraint:
    kind: str  # required, enum, pattern, min-length, max-length, min, max
    path: tuple  # names of members, indices of lists, keys of maps
    bound: object
    value: object
    kept: bool

    @property
    def member(self):
        """e.g. `Rules[].Status`: the same for every element of a list."""
        text = ""
        for step in self.path:
            text += "[]" if isinstance(step, int) else f"{'.' if text else ''}{step}"
        return text

    @property
    def sentence(self):
        """As AWS words it."""
        shown = "null" if self.kind == "required" else f"'{str(self.value)[:200]}'"
        return f"Value {shown} at '{self.member}' failed to satisfy constraint: {WORDS[self.kind].format(self.bound)}"


WORDS = {
    "required": "Member must not be null",
    "enum": "Member must satisfy enum value set: {}",
    "pattern": "Member must satisfy regular expression pattern: {}",
    "min-length": "Member must have length greater than or equal to {}",
    "max-length": "Member must have length less than or equal to {}",
    "min": "Member must have value greater than or equal to {}",
    "max": "Member must have value less than or equal to {}",
}


@functools.cache
def compiled(pattern):
    for written, meant in REWRITTEN.items():
        pattern = pattern.replace(written, meant)
    return regex.compile(pattern)


@functools.cache
def constrains(pattern):
    """Does the pattern refuse anything? `.*` and the like do not."""
    return not all(compiled(pattern).fullmatch(text) for text in ("", "\x00", "\n", " ", "a", "é", "!", "{", "\U0001f600"))


def constraints(operation, params):
    """Every constraint on a member that the request gives (or must give), kept or not."""
    shape = operation.input_shape
    if shape is None:
        return
    for found in walk(shape, params, ()):
        if (operation.name, found.member, found.kind) not in NOT_KEPT_BY_AWS:
            yield found


def walk(shape, value, path):
    kind = shape.type_name
    if kind == "structure":
        if shape.is_document_type:
            return
        for name in shape.required_members:
            given = value.get(name)
            yield Constraint("required", path + (name,), None, given, given is not None)
        for name, given in value.items():
            if given is not None:
                yield from walk(shape.members[name], given, path + (name,))
        return
    yield from own(shape, value, path)
    if kind == "list":
        for at, item in enumerate(value):
            yield from walk(shape.member, item, path + (at,))
    elif kind == "map":
        for key, item in value.items():
            yield from own(shape.key, key, path + ("(key)",))
            yield from walk(shape.value, item, path + (key,))


def own(shape, value, path):
    given = shape.metadata
    if shape.type_name == "string":
        if given.get("enum"):
            yield Constraint("enum", path, given["enum"], value, value in given["enum"])
        if given.get("pattern") and constrains(given["pattern"]):
            yield Constraint("pattern", path, given["pattern"], value, bool(compiled(given["pattern"]).fullmatch(value)))
    if shape.type_name in SIZES:
        size = SIZES[shape.type_name](value)
        if given.get("min"):
            yield Constraint("min-length", path, given["min"], value, size >= given["min"])
        if "max" in given:
            yield Constraint("max-length", path, given["max"], value, size <= given["max"])
    elif shape.type_name in NUMBERS:
        if "min" in given:
            yield Constraint("min", path, given["min"], value, value >= given["min"])
        if "max" in given:
            yield Constraint("max", path, given["max"], value, value <= given["max"])
