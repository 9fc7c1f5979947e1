"""The page's server: the page, what is new (server-sent events), the last good cuts, and one button.

Files are named by digest, so browsers keep them for good and ask for any range of bytes.
"""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from deployment.watching.board import Board
from deployment.watching.guard import Guard
from deployment.watching.screening import Screening
from microdrama_assets.release.page.rendering import FOLDER
from microdrama_assets.user_errors import USER_ERRORS
from resources.errors import ResourceError

PAGES = {"/": "page.html", "/page.css": "page.css", "/page.js": "page.js"}
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
FOR_EVER = {"Cache-Control": "private, max-age=31536000, immutable"}
NEVER = {"Cache-Control": "no-store"}
BEAT_S = 15.0
"""A page that has gone is noticed when this often something is sent."""
SHORTEST_S = 0.1
"""Progress is sent no more often."""


class Preview:
    """What the page can ask for. `again` is what its button does."""

    def __init__(self, board: Board, screening: Screening, again: Callable[[], object]) -> None:
        self.board, self.screening, self.again = board, screening, again

    def application(self, host: str) -> Starlette:
        """`host` is the name or address it will be served under."""
        routes = [
            *(Route(path, partial(_page_file, name)) for path, name in PAGES.items()),
            Route("/events", self.events), Route("/episodes/{episode}/{language}", self.episode),
            Route("/media/{digest}", self.media), Route("/stills/{digest}", self.still),
            Route("/render", self.render, methods=["POST"]),
        ]
        told = dict.fromkeys(USER_ERRORS, _told)
        return Starlette(routes=routes, middleware=[Middleware(Guard, host=host)], exception_handlers=told)

    async def events(self, request: Request) -> Response:
        return StreamingResponse(self._events(), media_type="text/event-stream", headers=NEVER)

    def episode(self, request: Request) -> Response:
        record, episode, language = self.board.record, *request.path_params.values()
        if record.series is None or episode not in record.episodes or language not in record.languages:
            return _refused(f"no episode {episode} in {language}")
        return JSONResponse(self.screening.episode(record.series, episode, language), headers=NEVER)

    def media(self, request: Request) -> Response:
        digest = request.path_params["digest"]
        media_type = self.screening.media_type(digest)
        if media_type is None:
            return _refused("no such file")
        return FileResponse(self.screening.home.objects.path(digest), media_type=media_type, headers=FOR_EVER)

    def still(self, request: Request) -> Response:
        digest = request.path_params["digest"]
        if self.screening.media_type(digest) is None:
            return _refused("no such picture")
        return Response(self.screening.still(digest), media_type="image/jpeg", headers=FOR_EVER)

    async def render(self, request: Request) -> Response:
        self.again()
        return Response(status_code=202, headers=NEVER)

    async def _events(self) -> AsyncIterator[str]:
        changed = self.board.listen()
        try:
            while not self.board.closed:
                changed.clear()
                yield f"event: board\ndata: {json.dumps(self.board.to_json())}\n\n"
                with suppress(TimeoutError):
                    await asyncio.wait_for(changed.wait(), BEAT_S)
                await asyncio.sleep(SHORTEST_S)
        finally:
            self.board.leave(changed)


async def _page_file(name: str, request: Request) -> Response:
    return page_file(Path(__file__).with_name("page") / name)


def page_file(file: Path) -> Response:
    """A file of a page. Styles begin with the colours that every page of ours has."""
    colours = (FOLDER / "palette.css").read_bytes() if file.suffix == ".css" else b""
    return Response(colours + file.read_bytes(), media_type=TYPES[file.suffix], headers=NEVER)


def _refused(why: str, status: int = 404) -> Response:
    return PlainTextResponse(f"{why}\n", status, headers=NEVER)


async def _told(request: Request, error: Exception) -> Response:
    """Something in the home cannot be read: the page is told why."""
    return _refused(str(error), 500)


class Serving:
    """The server in a thread of its own, listening from the moment it is made. Raises ResourceError where it cannot."""

    def __init__(self, preview: Preview, host: str, port: int) -> None:
        self._board = preview.board
        self._socket = listening(host, port)
        shown = f"[{host}]" if ":" in host else host
        self.address = f"http://{shown}:{self._socket.getsockname()[1]}/"
        config = uvicorn.Config(preview.application(host), lifespan="off", log_level="warning", access_log=False,
                                server_header=False, timeout_graceful_shutdown=2)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), name="preview", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Tells the pages, then ends."""
        self._board.close()
        self._server.should_exit = True
        self._thread.join(timeout=5)
        self._socket.close()


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises ResourceError where that cannot be."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        found = socket.create_server((host, port), family=family, backlog=64)
    except OSError as error:
        raise ResourceError(f"cannot listen there ({error.strerror or error})", f"{host}:{port}",
                            "Choose another --port (0: any free one) or --host") from error
    found.setblocking(False)
    return found
