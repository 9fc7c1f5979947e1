"""Who may talk to the page's server: itself. Other sites can neither read it, frame it, nor make it do anything.

A site in the same browser can send requests to this machine, also under a name of its own that it points here (DNS
rebinding). So the Host must be an address or this machine, and whatever is not a mere read must come from this page.
"""

from __future__ import annotations

import ipaddress
import socket

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
          "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
          "require-trusted-types-for 'script'; trusted-types 'none'")
HEADERS = {
    "Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
}
READS = ("GET", "HEAD")


class Guard:
    """ASGI middleware. `host` is the name or address that the server was told to listen on. Pages below the path `own`
    bring a policy of their own. What lies below `shared` may be shown by pages from elsewhere (Dagster's, on another
    port), though not read by them."""

    def __init__(self, app: ASGIApp, host: str, own: str | None = None, shared: str | None = None) -> None:
        self.app, self.own, self.shared = app, own, shared
        self.names = {"localhost", socket.gethostname().lower(), host.lower()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers(scope["path"]).items():
                    headers[name] = value
            await send(message)

        refusal = self._refusal(scope["method"], Headers(scope=scope))
        app = self.app if refusal is None else PlainTextResponse(refusal, 403)
        await app(scope, receive, send_guarded)

    def _headers(self, path: str) -> dict[str, str]:
        headers = dict(HEADERS)
        if self.own is not None and path.startswith(self.own):
            del headers["Content-Security-Policy"]
        if self.shared is not None and path.startswith(self.shared):
            headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return headers

    def _refusal(self, method: str, headers: Headers) -> str | None:
        host = headers.get("host", "")
        if not self._is_here(host):
            return f"This server does not answer to {host[:80]!r}\n"
        if method not in READS and headers.get("origin") != f"http://{host}":
            return "Only the page itself may change anything\n"
        return None

    def _is_here(self, host: str) -> bool:
        name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
        name = name.strip("[]").lower()
        if name in self.names:
            return True
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return True
