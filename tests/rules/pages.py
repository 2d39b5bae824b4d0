"""Rule pages as tests: takes a page apart, runs its examples, rewrites its output (`python -m rules.pages --write`).

An example is the file of one record. A comment on its first lines may say more, for what a YAML block cannot show:
`# file: PATH` (another place in the repository), `# now: TIME`, `# encoding: NAME` (the bytes on disk),
`# symlink to: TARGET` (the file is a link). The comment is part of the file, so the places in the output fit.

An example may have several blocks, and each of them says what it is. `# landed by: ADDRESS` is a file on the default
branch; what follows is the merge request, committed by ana, or by `# committed by: ADDRESS`. A landed file at a path
of its own is gone in the merge request. `# beside: PATH` is another record of the repository.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from incidentops.flows.validate.validate import validate
from incidentops.render import findings as render
from incidentops.rules.engine.catalogue import ALL
from incidentops.rules.engine.documentation import rule_document
from make import FILE, HANDBOOK_DATA, HANDBOOK_FILE, NOW

FOLDER = Path(__file__).parents[2] / "tool" / "incidentops" / "rules" / "docs"
HEADINGS = ("Why", "Bad", "Good", "Fix", "Waive")
_HINT = re.compile(r"# (file|now|encoding|symlink to|landed by|committed by|beside): (.+)")
_BLOCK = re.compile(r"```(yaml|text)\n(.*?)```\n", re.DOTALL)
_PAGE_HANDBOOK = {**HANDBOOK_DATA, "statusio": {**HANDBOOK_DATA["statusio"], "notify": {"social": True}}}


@dataclass(frozen=True)
class Page:
    """A page taken apart; an example is its blocks."""

    title: str
    summary: str
    headings: tuple[str, ...]
    bad: tuple[str, ...]
    output: str
    good: tuple[str, ...]


def parsed(text: str) -> Page:
    """Take a page apart. Fails for one that is not built like the others."""
    title, summary, *_ = text.split("\n")
    parts = re.split(r"^## (.+)\n", text, flags=re.MULTILINE)
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    *bad, (output_kind, output) = _BLOCK.findall(sections["Bad"])
    good = _BLOCK.findall(sections["Good"])
    assert output_kind == "text"
    assert {"yaml"} == {kind for kind, _ in (*bad, *good)}
    return Page(title, summary, tuple(parts[1::2]), tuple(b for _, b in bad), output, tuple(b for _, b in good))


def hints_of(block: str) -> dict[str, str]:
    """Return what the comments on the first lines say."""
    hints = {}
    for line in block.split("\n"):
        match = _HINT.fullmatch(line)
        if not match:
            break
        hints[match[1]] = match[2]
    return hints


def findings_of(example: Sequence[str]) -> str:
    """Return what `incident validate` prints for an example."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        _write(root / HANDBOOK_FILE, json.dumps(_PAGE_HANDBOOK).encode())
        now, base = NOW, None
        for block in example:
            hints = hints_of(block)
            if "now" in hints:
                now = datetime.fromisoformat(hints["now"])
            file = root / (hints.get("beside") or hints.get("file", FILE))
            if "symlink to" in hints:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.symlink_to(hints["symlink to"])
            else:
                _write(file, block.encode(hints.get("encoding", "utf-8")))
            if "landed by" in hints:
                base = _commit(root, hints["landed by"], base)
                landed = file
        if base:
            if landed != file:
                landed.unlink()
            _commit(root, hints.get("committed by", "ana@example.com"), base)
        return render.text(validate(root, now, base=base).findings)


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def _commit(root: Path, address: str, earlier: str | None) -> str:
    """Commit what is there in somebody's name; return the commit."""
    who = {f"GIT_{role}_{what}": address for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    nowhere = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    for words in ([] if earlier else [["init", "-q"]]) + [["add", "-A"], ["commit", "-q", "-m", "x"]]:
        subprocess.run(["git", *words], cwd=root, env={**os.environ, **who, **nowhere}, check=True)
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=root, check=True, capture_output=True, text=True)
    return head.stdout.strip()


def rewritten(text: str) -> str:
    """Return a page with the output that its bad example has now."""
    output = next(block for block in _BLOCK.finditer(text) if block[1] == "text")
    return f"{text[: output.start()]}```text\n{findings_of(parsed(text).bad)}```\n{text[output.end() :]}"


def main(arguments: list[str]) -> int:
    """Rewrite the output blocks with `--write`; without it, name the pages that differ and fail."""
    stale = 0
    for rule in ALL:
        old = rule_document(rule.code)
        new = rewritten(old)
        if new != old:
            stale += 1
            print(f"{rule.code}.md: {'rewritten' if '--write' in arguments else 'the output block is out of date'}")
            if "--write" in arguments:
                (FOLDER / f"{rule.code}.md").write_text(new, encoding="utf-8")
    return 1 if stale and "--write" not in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
