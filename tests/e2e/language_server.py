"""A client of yaml-language-server: what an editor does when somebody opens a record."""

import json
import queue
import subprocess
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Self

TIMEOUT = 60.0  # seconds: far more than any answer takes, so that a test that hangs ends
_SETTINGS = {"yaml": {"schemaStore": {"enable": False}, "validate": True, "hover": True, "completion": True}}


class LanguageServer:
    """One server with one open file, over standard input and output."""

    def __init__(self, program: Path, folder: Path) -> None:
        self._process = subprocess.Popen(
            [str(program), "--stdio"],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._messages: queue.Queue[dict[str, Any]] = queue.Queue()
        self._asked = 0
        self._version = 0
        threading.Thread(target=self._listen, daemon=True).start()
        able = {"textDocument": {"hover": {"contentFormat": ["plaintext"]}}, "workspace": {"configuration": True}}
        self.ask("initialize", {"processId": None, "rootUri": folder.as_uri(), "capabilities": able})
        self._say({"method": "initialized", "params": {}})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait(TIMEOUT)
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                stream.close()

    def diagnose(self, file: Path, text: str) -> list[dict[str, Any]]:
        """Show the server a text of a file, and return what it says of it."""
        uri, self._version = file.as_uri(), self._version + 1
        if self._version == 1:
            document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
            self._say({"method": "textDocument/didOpen", "params": {"textDocument": document}})
        else:
            change = {"textDocument": {"uri": uri, "version": self._version}, "contentChanges": [{"text": text}]}
            self._say({"method": "textDocument/didChange", "params": change})
        while True:
            message = self._next()
            if message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == uri:
                return list(message["params"]["diagnostics"])

    def at(self, method: str, file: Path, line: int, column: int) -> Any:
        """Ask about a place of the open file; line and column from 1, as in findings."""
        place = {"line": line - 1, "character": column - 1}
        return self.ask(f"textDocument/{method}", {"textDocument": {"uri": file.as_uri()}, "position": place})

    def ask(self, method: str, params: object) -> Any:
        """Send a request and wait for its answer."""
        self._asked += 1
        self._say({"id": self._asked, "method": method, "params": params})
        while True:
            message = self._next()
            if message.get("id") == self._asked and "method" not in message:
                return message.get("result")

    def _next(self) -> dict[str, Any]:
        """The next message; what the server asks is answered on the way."""
        message = self._messages.get(timeout=TIMEOUT)
        if "method" in message and "id" in message:
            items = message.get("params", {}).get("items", [])
            answer = [_SETTINGS.get(item["section"]) for item in items] if items else None
            self._say({"id": message["id"], "result": answer})
        return message

    def _say(self, message: dict[str, Any]) -> None:
        content = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(content) + content)
        self._process.stdin.flush()

    def _listen(self) -> None:
        stream = self._process.stdout
        assert stream
        while head := stream.readline():
            length = int(head.split(b":")[1])
            while stream.readline().strip():
                pass
            self._messages.put(json.loads(stream.read(length)))
