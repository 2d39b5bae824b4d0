"""Rule pages as tests: takes a page apart, runs its examples, rewrites its output (`python -m rules.pages --write`).

An example is the file of one record. A comment on its first lines may say more, for what a YAML block cannot show:
`# file: PATH` (another place in the repository), `# now: TIME`, `# encoding: NAME` (the bytes on disk),
`# symlink to: TARGET` (the file is a link). The comment is part of the file, so the places in the output fit.
"""

import json
import re
import sys
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from incidentops.flows.validate import validate
from incidentops.render import findings as render
from incidentops.rules.catalogue import ALL
from incidentops.rules.pages import page
from make import FILE, HANDBOOK_DATA, HANDBOOK_FILE, NOW

FOLDER = Path(__file__).parents[2] / "tool" / "incidentops" / "rules" / "pages"
HEADINGS = ("Why", "Bad", "Good", "Fix", "Waive")
_HINT = re.compile(r"# (file|now|encoding|symlink to): (.+)")
_BLOCK = re.compile(r"```(yaml|text)\n(.*?)```\n", re.DOTALL)
_PAGE_HANDBOOK = {**HANDBOOK_DATA, "statusio": {**HANDBOOK_DATA["statusio"], "notify": {"social": True}}}


@dataclass(frozen=True)
class Page:
    """A page taken apart."""

    title: str
    summary: str
    headings: tuple[str, ...]
    bad: str
    output: str
    good: str


def parsed(text: str) -> Page:
    """Take a page apart. Fails for one that is not built like the others."""
    title, summary, *_ = text.split("\n")
    parts = re.split(r"^## (.+)\n", text, flags=re.MULTILINE)
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    (bad_kind, bad), (output_kind, output) = _BLOCK.findall(sections["Bad"])
    ((good_kind, good),) = _BLOCK.findall(sections["Good"])
    assert (bad_kind, output_kind, good_kind) == ("yaml", "text", "yaml")
    return Page(title, summary, tuple(parts[1::2]), bad, output, good)


def findings_of(example: str) -> str:
    """Return what `incident validate` prints for an example."""
    hints = {}
    for line in example.split("\n"):
        match = _HINT.fullmatch(line)
        if not match:
            break
        hints[match[1]] = match[2]
    now = datetime.fromisoformat(hints["now"]) if "now" in hints else NOW
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        file = root / hints.get("file", FILE)
        file.parent.mkdir(parents=True)
        (root / HANDBOOK_FILE).write_text(json.dumps(_PAGE_HANDBOOK))
        if "symlink to" in hints:
            file.symlink_to(hints["symlink to"])
        else:
            file.write_bytes(example.encode(hints.get("encoding", "utf-8")))
        return render.text(validate(root, now).findings)


def rewritten(text: str) -> str:
    """Return a page with the output that its bad example has now."""
    bad = parsed(text).bad
    blocks = iter(_BLOCK.finditer(text))
    next(blocks)
    output = next(blocks)
    return f"{text[: output.start()]}```text\n{findings_of(bad)}```\n{text[output.end() :]}"


def main(arguments: list[str]) -> int:
    """Rewrite the output blocks with `--write`; without it, name the pages that differ and fail."""
    stale = 0
    for rule in ALL:
        old = page(rule.code)
        new = rewritten(old)
        if new != old:
            stale += 1
            print(f"{rule.code}.md: {'rewritten' if '--write' in arguments else 'the output block is out of date'}")
            if "--write" in arguments:
                (FOLDER / f"{rule.code}.md").write_text(new, encoding="utf-8")
    return 1 if stale and "--write" not in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
