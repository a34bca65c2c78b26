"""Put templates/, static/ and migrations/ inside the package of a wheel.

Static text goes in with its Brotli and gzip form beside it; a checkout is served as it is.
"""

import gzip
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FOLDERS = ("migrations", "static", "templates")
TEXT = {".css", ".js", ".svg", ".txt"}


class Folders(BuildHookInterface):
    """Add the folders that stand beside the package in a checkout."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name each file and its place; the compressed ones live until the wheel is closed."""
        if version == "editable":
            return
        self.temporary = tempfile.TemporaryDirectory()
        for path in self._files():
            relative = Path("tracker", path.relative_to(self.root))
            build_data["force_include"][str(path)] = str(relative)
            if relative.parts[1] == "static" and path.suffix in TEXT:
                for compressed in self._compress(path, Path(self.temporary.name, relative)):
                    place = compressed.relative_to(self.temporary.name)
                    build_data["force_include"][str(compressed)] = str(place)

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the compressed files."""
        if version != "editable":
            self.temporary.cleanup()

    def _files(self) -> list[Path]:
        found = [path for folder in FOLDERS for path in Path(self.root, folder).rglob("*")]
        return sorted(p for p in found if p.is_file() and "__pycache__" not in p.parts)

    @staticmethod
    def _compress(path: Path, target: Path) -> list[Path]:
        import brotli  # not installed where the project is only run from its folder

        content = path.read_bytes()
        target.parent.mkdir(parents=True, exist_ok=True)
        br, gz = (target.with_name(target.name + ending) for ending in (".br", ".gz"))
        br.write_bytes(brotli.compress(content))
        gz.write_bytes(gzip.compress(content, mtime=0))
        return [br, gz]
