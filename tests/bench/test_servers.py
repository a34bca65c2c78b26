"""The servers that are measured are set alike."""

import ast
from pathlib import Path

from bench.servers import ROOT

#: What each says in its own way; the factory is what is loaded, once or in each worker.
OWN = {"address", "port", "workers", "blocking_threads", "factory"}


def settings(path: Path) -> dict[str, str]:
    """Read how a module sets its server."""
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    [made] = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "Server"]
    return {each.arg: ast.unparse(each.value) for each in made.keywords if each.arg and each.arg not in OWN}


def test_floors_are_served_with_the_settings_of_the_product() -> None:
    product, floor = (settings(ROOT / path) for path in ("tracker/cli/serving.py", "bench/floor_server.py"))
    assert "interface" in product
    assert product == floor
