"""The steps of the Containerfile, as a builder would read them."""

import re
import shlex

from house.code import ROOT


def steps() -> list[tuple[str, str]]:
    """Instruction and argument of every step, continued lines joined."""
    text = re.sub(r"\\\n\s*", "", (ROOT / "Containerfile").read_text(encoding="utf-8"))
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(name, rest.strip()) for name, _, rest in (line.partition(" ") for line in lines)]


def runs() -> list[str]:
    """The commands that are run while the image is built."""
    return [rest for name, rest in steps() if name == "RUN"]


def copied() -> list[tuple[str, str]]:
    """What is copied into the image's folder, and where to."""
    pairs = [shlex.split(rest) for name, rest in steps() if name == "COPY"]
    return [(source, target) for *sources, target in pairs for source in sources]
