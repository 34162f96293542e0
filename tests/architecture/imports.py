"""Who imports whom, read from source text: the table of the house style, and what breaks it."""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from local.places import ROOT

PACKAGE = "commerce_sync"
LAYER = ROOT / "layers" / "shared" / PACKAGE
FUNCTIONS = ROOT / "functions"

SLICES = (
    "webhooks",
    "intake",
    "identity",
    "delivery",
    "profiles",
    "operating",
    "duplicates",
    "privacy",
    "consent",
    "polling",
    "currency",
    "validation",
    "comparing",
    "budgets",
    "backfilling",
    "sampling",
)
PURE = frozenset({"phonenumbers", "msgspec", "jiter", "pydantic", "pydantic_core", "idna"})
"""Libraries that compute and do nothing else."""
AWS_SDK = frozenset({"boto3", "botocore", "urllib3"})
"""urllib3 is what botocore sends by; the intake uses it without a client around it."""
OUTSIDE = frozenset(
    {"asyncio", "ftplib", "http", "multiprocessing", "smtplib", "socket", "socketserver", "ssl", "subprocess"}
    | {"urllib.request"}
)
"""Standard modules that reach out of the process."""
ENVIRONMENT = frozenset({"environ", "environb", "getenv", "getenvb", "putenv"})
OPENERS = frozenset(
    {"Session", "cached_secret", "client", "configured_stores", "create_client", "field_map", "get_session", "open"}
    | {"mapped_fields"}
    | {"read_text", "resource", "session", "settings_for", "urlopen"}
)
"""What opens a connection, reads the environment or reads a file."""


@dataclass(frozen=True)
class Allowed:
    """What one part of the bundle may import beside the standard library and itself."""

    parts: frozenset[str] = frozenset()
    libraries: frozenset[str] = frozenset()
    may_reach_out: bool = False


def _allowed(parts: str, libraries: frozenset[str] = frozenset(), *, may_reach_out: bool = False) -> Allowed:
    return Allowed(frozenset(parts.split()), libraries, may_reach_out)


RULES = {
    "errors": _allowed(""),
    "settings": _allowed("errors"),
    "observability": _allowed("settings errors"),
    "contracts": _allowed("errors", frozenset({"pydantic", "pydantic_core"})),
    "config": _allowed("contracts errors", frozenset({"pydantic", "phonenumbers"})),
    "aws": _allowed("contracts errors settings", AWS_SDK | {"cryptography"}, may_reach_out=True),
    "vendors": _allowed("contracts errors observability", frozenset({"requests"}), may_reach_out=True),
    "composing": _allowed(f"aws config contracts errors observability settings vendors {' '.join(SLICES)}"),
    "webhooks": _allowed("errors"),
    **{part: _allowed("contracts errors", PURE) for part in SLICES if part != "webhooks"},
}


@dataclass(frozen=True)
class Module:
    """One module: its dotted name, whether it is a package's ``__init__``, and its text."""

    name: str
    text: str
    is_package: bool = False

    @property
    def part(self) -> str:
        """The part of the bundle it belongs to: a slice, an adapter, ``functions``; nothing for the package itself."""
        first, _, rest = self.name.partition(".")
        return first if first != PACKAGE else rest.split(".")[0]


@cache
def shipped_modules() -> tuple[Module, ...]:
    """Every module that is deployed."""
    return tuple(
        Module(_dotted(path, top), path.read_text(), path.name == "__init__.py")
        for top, folder in ((LAYER.parent, LAYER), (ROOT, FUNCTIONS))
        for path in sorted(folder.rglob("*.py"))
    )


def broken_rules(module: Module) -> list[str]:
    """Each import that a module's part may not make, as ``<module> imports <other>``."""
    wrong = [name for name in imported(module) if not _may_import(module.part, name)]
    return [f"{module.name} imports {name}" for name in dict.fromkeys(wrong)]


def imported(module: Module) -> Iterator[str]:
    """The dotted name of everything a module imports, wherever in it the import stands."""
    for node in ast.walk(ast.parse(module.text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(module, node)
            yield from (f"{base}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and _called(node) in {"import_module", "__import__"}:
            yield "a name made at run time"


def environment_readers(module: Module) -> list[str]:
    """Each mention of the environment in a module, as ``<module>:<line>``."""
    lines = []
    for node in ast.walk(ast.parse(module.text)):
        if isinstance(node, ast.Attribute) and node.attr in ENVIRONMENT:
            lines.append(node.lineno)
        elif isinstance(node, ast.ImportFrom) and node.module == "os":
            lines.extend(node.lineno for alias in node.names if alias.name in ENVIRONMENT)
    return [f"{module.name}:{line}" for line in lines]


def opened_at_import(module: Module) -> list[str]:
    """Each call made while a module is imported that opens something, as ``<module>:<line> <call>``.

    A class of ``aws`` or ``vendors`` that is built there counts as opened.
    """
    tree = ast.parse(module.text)
    adapters = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith((f"{PACKAGE}.aws", f"{PACKAGE}.vendors"))
        for alias in node.names
    }
    calls = ((node, _called(node)) for node in _run_at_import(tree) if isinstance(node, ast.Call))
    return [f"{module.name}:{node.lineno} {name}" for node, name in calls if name in OPENERS | adapters]


def _may_import(part: str, name: str) -> bool:
    top, _, rest = name.partition(".")
    if part == "functions":
        return top != "functions"
    if name == "a name made at run time":
        return part == "webhooks"  # the scheme that a request needs, and no other
    allowed = RULES.get(part, Allowed())
    if top == PACKAGE:
        return rest.split(".")[0] in {part, *allowed.parts} - {""}
    if top in sys.stdlib_module_names:
        return allowed.may_reach_out or not any(f"{name}.".startswith(f"{one}.") for one in OUTSIDE)
    return top in allowed.libraries


def _absolute(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = module.name.split(".") if module.is_package else module.name.split(".")[:-1]
    kept = package[: len(package) - node.level + 1]
    return ".".join([*kept, *([node.module] if node.module else [])])


def _called(node: ast.Call) -> str:
    called = node.func
    if isinstance(called, ast.Attribute):
        return called.attr
    return called.id if isinstance(called, ast.Name) else ""


def _run_at_import(node: ast.AST) -> Iterator[ast.AST]:
    """Every node that runs when the module is imported: all but the bodies of functions."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            for part in (*child.decorator_list, *child.args.defaults, *filter(None, child.args.kw_defaults)):
                yield part
                yield from _run_at_import(part)
        elif not isinstance(child, ast.Lambda):
            yield child
            yield from _run_at_import(child)


def _dotted(path: Path, top: Path) -> str:
    parts = path.relative_to(top).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
