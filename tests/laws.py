"""The laws of the source tree. Each is a function from the package's folder to a list of complaints.

They take a folder, not the imported package, so that a test can run them on a copy with a planted fault.
"""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from graphlib import CycleError, TopologicalSorter
from itertools import chain, repeat
from pathlib import Path
from typing import Any

from tests.houses import FLOORS, LATER, PURE, SHARED, SIDE_HOUSES

Law = Callable[[Path], list[str]]

WRITERS = "world/apply"  # apply.py and the handlers beside it
MUTATORS = {
    *("add", "append", "appendleft", "clear", "discard", "extend", "insert", "pop", "popitem"),
    *("remove", "reverse", "setdefault", "sort", "update"),
    *(
        "extend_later",
        "write",
        "write_runs",
        "clear_mark",
        "clear_marks",
        "begin_chunk",
        "store",
        "zero",
        "span_to_write",
        "user_arena_to_write",
    ),
}
#: An explorer's parts name, for types alone, the explorer that they are parts of.
MAY_GO_ROUND = "explore/"
#: Operations that one literal may name as texts: functions of Go's and moves of a workload have such names, too.
MOST_OPERATIONS = 3
#: What a handler must not read.
UNREAD = {"rules", "phase", "marking"}
#: Fields of the rules that are names: what they stand for is in the tables of go/versions.py.
NAMES_OF_DATA = {"goos", "goarch"}
#: Calls whose result is still a part of the world, not a copy.
WINDOWS = {"get", "values", "items", "span_of", "reversed", "enumerate"}
ROWS = {"World", "MSpan", "UserArena", "GCState", "HeapBits", "Marks", "Prefixes", "Slots"}

BIT_OPERATORS = {ast.BitAnd: "&", ast.LShift: "<<", ast.RShift: ">>", ast.Invert: "~"}
MAY_USE_BITS = ("go/", "bulk/bits.py", "bulk/marks.py", "bulk/place.py", "intake/varints.py")


@lru_cache(maxsize=2048)
def parsed(text: str) -> ast.Module:
    """Return the syntax tree of a text: each law reads all modules, of which a fault changes one."""
    return ast.parse(text)


@cache
def by_kind(node: ast.AST) -> dict[type[ast.AST], list[ast.AST]]:
    """Return all nodes of a module or a function by their kind: there are a million, and each law asks for some."""
    found: dict[type[ast.AST], list[ast.AST]] = defaultdict(list)
    for each in ast.walk(node):
        found[type(each)].append(each)
    return dict(found)


def nodes(node: ast.AST, *kinds: type[ast.AST]) -> Iterator[Any]:
    """Yield the nodes of some kinds in a module or a function, kind by kind."""
    return chain.from_iterable(map(by_kind(node).get, kinds, repeat(())))


def modules(root: Path) -> Iterator[tuple[str, ast.Module]]:
    """Yield each module of the package: its path below the package, its syntax tree."""
    for path in sorted(root.rglob("*.py")):
        yield path.relative_to(root).as_posix(), parsed(path.read_text(encoding="utf-8"))


def imports(name: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield (line, absolute dotted name) of everything a module imports, wherever the import stands."""
    package = ["arenalab", *name.split("/")[:-1]]
    for node in nodes(tree, ast.Import, ast.ImportFrom):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        else:
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            if base == "arenalab":  # `from arenalab import view` names the floor in the alias
                yield from ((node.lineno, f"arenalab.{alias.name}") for alias in node.names)
            else:
                yield node.lineno, base


def floors_import_downwards(root: Path) -> list[str]:
    """A floor imports only the floors below it."""
    allowed = FLOORS | SIDE_HOUSES
    complaints = []
    for name, tree in modules(root):
        floor = name.split("/")[0]
        if floor not in allowed:
            continue  # the shop window and the command line stand outside the house
        for line, dotted in imports(name, tree):
            top, _, rest = dotted.partition(".")
            target = rest.split(".")[0]
            if top == "arenalab" and target not in allowed[floor] | SHARED | {floor}:
                complaints.append(f"{name}:{line}: {floor} must not import {dotted}")
    return complaints


def pure_floors_need_only_numpy(root: Path) -> list[str]:
    """The model and its views import nothing but the standard library and numpy; `LATER`, when first needed."""
    known = sys.stdlib_module_names | {"numpy", "arenalab"}
    return [
        f"{name}:{line}: {dotted} is neither numpy nor the standard library"
        for name, tree in modules(root)
        if name.startswith(tuple(f"{floor}/" for floor in PURE))
        for line, dotted in imports(name, tree)
        if (top := dotted.split(".")[0]) not in known
        and (top not in LATER.get(name, ()) or line in {each.lineno for each in tree.body})
    ]


def bits_only_in_go(root: Path) -> list[str]:
    """Address and bit arithmetic stands in one place; elsewhere `&` on sets is spelt `.intersection`."""
    complaints = []
    for name, tree in modules(root):
        if name.startswith(MAY_USE_BITS):
            continue
        for node in nodes(tree, ast.BinOp, ast.UnaryOp, ast.AugAssign):
            operator = type(node.op)
            if operator in BIT_OPERATORS:
                complaints.append(f"{name}:{node.lineno}: operator {BIT_OPERATORS[operator]} outside go/")
    return complaints


def only_apply_writes(root: Path) -> list[str]:
    """Nothing but `world/apply*.py` changes a World or a part of one."""
    return [
        f"{name}:{line}: {what}"
        for name, tree in modules(root)
        if not name.startswith(WRITERS)
        for function in nodes(tree, ast.FunctionDef, ast.AsyncFunctionDef)
        for line, what in _writes(function, _world_names(function))
    ]


def events_never_change(root: Path) -> list[str]:
    """An event, once made, is history: nothing assigns to one (they are not frozen, for speed)."""
    trees = dict(modules(root))
    kinds = event_kinds(root) | {"Event"}
    return [
        f"{name}:{line}: {what.partition(';')[0]}, but an event never changes"
        for name, tree in trees.items()
        for function in nodes(tree, ast.FunctionDef)
        for line, what in _writes(function, {"event"} | _annotated(function, kinds))
    ]


def event_kinds(root: Path) -> set[str]:
    """Return the names of the Event subclasses that the package defines."""
    return {
        node.name
        for _, tree in modules(root)
        for node in nodes(tree, ast.ClassDef)
        if "Event" in {ast.unparse(base) for base in node.bases}
    }


def _annotated(function: ast.FunctionDef | ast.AsyncFunctionDef, kinds: set[str]) -> set[str]:
    """Return the parameters whose annotation names one of `kinds`."""
    args = function.args
    return {
        arg.arg
        for arg in [*args.posonlyargs, *args.args, *args.kwonlyargs]
        if arg.annotation and kinds.intersection(re.findall(r"\w+", ast.unparse(arg.annotation)))
    }


def _world_names(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    """Return the local names that stand for a World or a part of one."""
    names = {"w", "world"} | _annotated(function, ROWS)
    before = -1
    while before != len(names):  # an alias of an alias
        before = len(names)
        for node in nodes(function, *BINDING):
            for target, value in _bindings(node):
                if _is_world(value, names):
                    names |= {leaf.id for leaf in ast.walk(target) if _stored_name(leaf)}
    return names


def _stored_name(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


BINDING = (ast.Assign, ast.NamedExpr, ast.AnnAssign, ast.For, ast.comprehension)


def _bindings(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    if isinstance(node, ast.Assign):
        yield from ((target, node.value) for target in node.targets)
    elif isinstance(node, ast.NamedExpr | ast.AnnAssign) and node.value:
        yield node.target, node.value
    elif isinstance(node, ast.For | ast.comprehension):
        yield node.target, node.iter


def _is_world(node: ast.expr, names: set[str]) -> bool:
    """Return whether an expression is reached from a World without a copy in between."""
    if isinstance(node, ast.Name):
        return node.id in names
    if isinstance(node, ast.Attribute):
        return node.attr == "world" or _is_world(node.value, names)
    if isinstance(node, ast.Subscript):
        return not isinstance(node.slice, ast.Slice) and _is_world(node.value, names)
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute):
            return node.func.attr in WINDOWS and _is_world(node.func.value, names)
        called = isinstance(node.func, ast.Name) and node.func.id in WINDOWS
        return called and any(_is_world(arg, names) for arg in node.args)
    return False


def _writes(function: ast.AST, names: set[str]) -> Iterator[tuple[int, str]]:
    """Yield each place where a function writes to what is reached through `names`."""
    for node in nodes(function, ast.Attribute, ast.Subscript):
        if isinstance(node.ctx, ast.Store | ast.Del) and _is_world(node.value, names):
            yield node.lineno, f"writes {ast.unparse(node)}; yield an event instead"
    for node in nodes(function, ast.Call):
        if _changes(node, names):
            yield node.lineno, f"calls {ast.unparse(node.func)}; yield an event instead"


def _changes(call: ast.Call, names: set[str]) -> bool:
    """Return whether a call changes what is reached through `names`."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr in MUTATORS and _is_world(call.func.value, names)
    named = isinstance(call.func, ast.Name) and call.func.id in {"setattr", "delattr"}
    return named and bool(call.args) and _is_world(call.args[0], names)


def one_place_makes_unfinished_files(root: Path) -> list[str]:
    """A file that is to last is written by files.py; what tempfile makes is 0600, whatever the umask."""
    return [
        f"{name}:{node.lineno}: {node.attr}; files.written_whole makes a file that its user's umask allows"
        for name, tree in modules(root)
        for node in nodes(tree, ast.Attribute)
        if node.attr in {"mkstemp", "mkdtemp", "NamedTemporaryFile"}
    ]


def apply_decides_nothing(root: Path) -> list[str]:
    """A handler writes what its event says: it reads no rules and no phase, and no branch asks the World."""
    return [
        f"{name}:{line}: {function.name} {what}; let the event say it"
        for name, tree in modules(root)
        if name.startswith(WRITERS) and name != "world/apply_forget.py"
        for function in nodes(tree, ast.FunctionDef)
        for line, what in _decisions(function)
    ]


def _decisions(function: ast.FunctionDef) -> Iterator[tuple[int, str]]:
    """Yield each place where a handler looks up a rule or decides by what it finds in the World."""
    names = _world_names(function)
    for node in nodes(function, ast.Attribute):
        if isinstance(node.ctx, ast.Load) and node.attr in UNREAD:
            yield node.lineno, f"reads {ast.unparse(node)}"
    for node in nodes(function, ast.If, ast.IfExp, ast.While, ast.Match, ast.comprehension, ast.Call):
        for asked in _asked(node):
            if any(_is_world(leaf, names) and _is_told(leaf) for leaf in ast.walk(asked)):
                yield asked.lineno, f"decides by {ast.unparse(asked)}"


def _asked(node: ast.AST) -> Iterator[ast.expr]:
    """Yield what a statement or expression chooses by."""
    if isinstance(node, ast.If | ast.IfExp | ast.While):
        yield node.test
    elif isinstance(node, ast.Match):
        yield node.subject
    elif isinstance(node, ast.comprehension):
        yield from node.ifs
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("max", "min"):
        yield node


def _is_told(node: ast.AST) -> bool:
    """Whether a part of a World is a fact: not the World itself, nor whose row it is (`epoch`)."""
    return isinstance(node, ast.Attribute | ast.Subscript) and getattr(node, "attr", "") != "epoch"


def every_rule_is_read(root: Path) -> list[str]:
    """A field of the rules that nobody reads says nothing about Go, and a what-if with it changes nothing."""
    homes = ("rules/", "go/rules.py", "go/versions.py")
    read = {
        node.attr
        for name, tree in modules(root)
        if not name.startswith(homes[0]) and name != homes[2]
        for node in nodes(tree, ast.Attribute)
        if isinstance(node.ctx, ast.Load)
    }
    return [
        f"{name}:{line}: {field} is read by nobody"
        for name, tree in modules(root)
        if name.startswith(homes[0])
        for field, line in _fields(tree)
        if field not in read | NAMES_OF_DATA
    ]


def _fields(tree: ast.Module) -> Iterator[tuple[str, int]]:
    for node in nodes(tree, ast.AnnAssign):
        if isinstance(node.target, ast.Name):
            yield node.target.id, node.lineno


def event_kinds_are_types(root: Path) -> list[str]:
    """Code names a kind of event by its type, so that a renamed kind fails the type checker."""
    kinds = event_kinds(root)
    complaints = []
    for name, tree in modules(root):
        told = {id(node.value) for node in nodes(tree, ast.Expr)}  # docstrings
        for node in nodes(tree, ast.Constant):
            if isinstance(node.value, str) and id(node) not in told:
                complaints += [
                    f"{name}:{node.lineno}: {kind} as a text; name the type"
                    for kind in sorted(kinds.intersection(re.findall(r"\w+", node.value)))
                ]
    return complaints


def operations_are_described_once(root: Path) -> list[str]:
    """No table of operations by name but what real Go makes of them: the descriptions tell all else."""
    described = (root / "world/ops.py").read_text(encoding="utf-8")
    names = set(re.findall(r'^    name = "(\w+)"$', described, re.MULTILINE))
    return [
        f"{name}:{node.lineno}: a table of operations, {', '.join(sorted(told))}; ask their descriptions"
        for name, tree in modules(root)
        if not name.startswith("oracle/")
        for node in nodes(tree, ast.Dict, ast.Set, ast.List, ast.Tuple)
        if len(told := _texts_in(node) & names) > MOST_OPERATIONS
    ]


def _texts_in(node: ast.Dict | ast.Set | ast.List | ast.Tuple) -> set[str]:
    """Return the texts that a literal holds, or that are its keys."""
    held = node.keys if isinstance(node, ast.Dict) else node.elts
    return {each.value for each in held if isinstance(each, ast.Constant) and isinstance(each.value, str)}


def files_stay_short(root: Path) -> list[str]:
    """A file that has outgrown 450 lines is two files."""
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in root.rglob("*.py")}
    return [f"{path.relative_to(root)}: {n} lines, at most 450" for path, n in lengths.items() if n > 450]


def functions_stay_short(root: Path) -> list[str]:
    """A function over 40 lines is cut, or says why one Go function is kept whole: `# kept whole: ...`."""
    complaints = []
    for name, tree in modules(root):
        lines = (root / name).read_text(encoding="utf-8").splitlines()
        for node in nodes(tree, ast.FunctionDef):
            if (length := node.end_lineno - node.lineno + 1) > 40:
                text = "\n".join(lines[node.lineno - 1 : node.end_lineno])
                if "# kept whole:" not in text:
                    complaints.append(f"{name}:{node.lineno}: {node.name} is {length} lines, at most 40")
    return complaints


def event_parts_missing(events: set[str], **parts: set[str]) -> list[str]:
    """Name, for each part an event must have, the events that lack it and the strays that have no event."""
    return [
        *(f"{event} has no {part}" for part, having in parts.items() for event in sorted(events - having)),
        *(
            f"{part} for {stray}, which is no event"
            for part, having in parts.items()
            for stray in sorted(having - events)
        ),
    ]


def no_import_circles(root: Path) -> list[str]:
    """Within a floor no module leads back to itself, not by a late import nor by one for types alone."""
    trees, floors = dict(modules(root)), defaultdict(dict)
    for name, tree in trees.items():
        if not name.startswith(MAY_GO_ROUND):
            floors[name.split("/")[0]][name] = set(_leads_to(name, tree, trees))
    complaints = []
    for leads in floors.values():
        try:
            TopologicalSorter(leads).prepare()
        except CycleError as error:
            circle = error.args[1][:0:-1]  # it came with its first module at its end once more
            last = circle.index(max(circle))
            complaints.append(f"{' -> '.join([*circle[last:], *circle[: last + 1]])}: imports go round")
    return complaints


def _leads_to(name: str, tree: ast.Module, trees: dict[str, ast.Module]) -> Iterator[str]:
    """Yield the modules of its floor that a module imports; of `from a import b` that is a.b where it is one."""
    package = ["arenalab", *name.split("/")[:-1]]
    floor = name.split("/", maxsplit=1)[0]
    for node in nodes(tree, ast.Import, ast.ImportFrom):
        dotted = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            named = [f"{base}.{alias.name}" for alias in node.names]
            dotted = [each if _file_of(each, trees) else base for each in named]
        yield from (file for each in dotted if (file := _file_of(each, trees)).split("/")[0] == floor)


def _file_of(dotted: str, trees: dict[str, ast.Module]) -> str:
    """Return the path below the package of a module by its dotted name, "" for what is none of ours."""
    path = dotted.removeprefix("arenalab").removeprefix(".").replace(".", "/")
    return next((each for each in (f"{path}.py", f"{path}/__init__.py") if each in trees), "")
