"""A study as the kernel has it: its file, and the media in its folder."""

import json
import mimetypes
from collections.abc import Mapping
from os import PathLike
from pathlib import Path

FILE = "study.json"

_TYPES = mimetypes.MimeTypes()
for _extension, _type in {
    ".avif": "image/avif",
    ".glb": "model/gltf-binary",
    ".gltf": "model/gltf+json",
    ".md": "text/markdown",
    ".webp": "image/webp",
}.items():
    _TYPES.add_type(_type, _extension)


class Study:
    """A study in a folder, or an object whose media lie in the working directory."""

    def __init__(self, study: str | PathLike[str] | Mapping) -> None:
        """Raises FileNotFoundError where there is no study file."""
        if isinstance(study, Mapping):
            self.folder, self.text = Path.cwd(), json.dumps(study)
            return
        path = Path(study).expanduser()
        file = path / FILE if path.is_dir() else path
        if not file.is_file():
            raise FileNotFoundError(f"{file}: there is no such study file; `ksort init FOLDER` writes one for a folder of media")
        self.folder, self.text = file.parent.resolve(), file.read_text(encoding="utf-8")

    def read(self, path: str) -> tuple[bytes, str]:
        """The bytes and the media type of a file, by its path in the folder.

        Raises FileNotFoundError where there is none, and for every file that is hidden or outside the folder.
        """
        if path == FILE:
            return self.text.encode(), "application/json"
        missing = FileNotFoundError(f"{path}: no such file in the study's folder")
        try:
            file = (self.folder / path).resolve()
            inside = file.relative_to(self.folder)
        except ValueError:
            raise missing from None
        if any(part.startswith(".") for part in inside.parts) or not file.is_file():
            raise missing
        return file.read_bytes(), _TYPES.guess_type(file.name)[0] or "application/octet-stream"
