"""Small made-up wheels, written by hand: an index of packages that nobody has to download."""

import base64
import hashlib
import zipfile
from collections.abc import Sequence
from pathlib import Path


def a_wheel(folder: Path, name: str, version: str, requires: Sequence[str] = (), extra: str = "") -> str:
    """Write a wheel of one module into a folder; return its SHA-256."""
    metadata = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    metadata += [f"Provides-Extra: {extra}"] if extra else []
    metadata += [f"Requires-Dist: {requirement}" for requirement in requires]
    return pack(folder, name, version, {f"{name}.py": f"VERSION = {version!r}\n"}, metadata)


def pack(folder: Path, name: str, version: str, files: dict[str, str], metadata: Sequence[str]) -> str:
    """Write files and metadata as a wheel; return its SHA-256."""
    info = f"{name}-{version}.dist-info"
    tag = ["Wheel-Version: 1.0", "Generator: by hand", "Root-Is-Purelib: true", "Tag: py3-none-any"]
    files = {**files, f"{info}/METADATA": _lines(metadata), f"{info}/WHEEL": _lines(tag)}
    record = [f"{path},sha256={_digest(text)},{len(text)}" for path, text in files.items()]
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for inside, text in {**files, f"{info}/RECORD": _lines([*record, f"{info}/RECORD,,"])}.items():
            archive.writestr(inside, text)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _lines(lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
