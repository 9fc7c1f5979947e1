"""The desk beside the Dagster UI: episodes, shots, boards and reviews on pages to look at. It changes nothing.

The pictures that Dagster shows with materializations come from here, so any stored picture may be asked for by digest.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jinja2
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from deployment.desk.playing import shot_film
from deployment.desk.showing import Showing
from deployment.watching.guard import Guard
from deployment.watching.server import FOR_EVER, NEVER, page_file
from microdrama_assets.graph.key import Key
from microdrama_assets.user_errors import USER_ERRORS
from resources.home import Home

PAGES = Path(__file__).with_name("pages")
DELIVERED = "/deliveries"


class Desk:
    """The pages of one home."""

    def __init__(self, home: Home) -> None:
        self.showing = Showing(home)
        self.pages = jinja2.Environment(loader=jinja2.FileSystemLoader(PAGES), autoescape=True,
                                        undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)

    def application(self, host: str) -> Starlette:
        """`host` is the name or address it will be served under."""
        routes = [
            Route("/", self.index), Route("/desk.css", self.css), Route("/series/{series}", self.series),
            Route("/episodes/{series}.{episode}", self.episode),
            Route("/shots/{series}.{episode}.{shot}", self.shot), Route("/clips/{series}.{episode}.{shot}", self.clip),
            Route("/previews/{series}.{episode}", self.preview),
            Route("/stills/{digest}", self.still), Route("/media/{digest}", self.media),
            Mount(DELIVERED, StaticFiles(directory=self.showing.home.deliveries)),
        ]
        told: dict[Any, Callable[..., Any]] = {**dict.fromkeys(USER_ERRORS, _told), KeyError: _unknown}
        return Starlette(routes=routes, exception_handlers=told,
                         middleware=[Middleware(Guard, host=host, own=f"{DELIVERED}/", shared="/stills/")])

    def index(self, request: Request) -> Response:
        return self._page("index.html", title="Desk", series=self.showing.series())

    def series(self, request: Request) -> Response:
        slug = request.path_params["series"]
        return self._page("index.html", title=slug, series=[self.showing.one_series(slug)])

    def episode(self, request: Request) -> Response:
        series, episode = request.path_params.values()
        found = self.showing.episode(series, episode, request.query_params.get("language"))
        return self._page("episode.html", title=f"{series}.{episode}", episode=found)

    def shot(self, request: Request) -> Response:
        series, episode, shot = request.path_params.values()
        found = self.showing.shot(series, episode, shot, request.query_params.get("language"))
        return self._page("shot.html", title=f"{series}.{episode}.{shot}", shot=found)

    def clip(self, request: Request) -> Response:
        series, episode, shot = request.path_params.values()
        key = Key(series, episode, shot, language=request.query_params.get("language"))
        parts, dialogue, place = self.showing.clip(key), self.showing.dialogue(key), self.showing.home.objects.path
        if not parts:
            raise KeyError(f"{series}.{episode}.{shot}")
        film = shot_film([place(part) for part in parts], place(dialogue) if dialogue else None)
        return Response(film, media_type="video/mp4", headers=NEVER)

    def preview(self, request: Request) -> Response:
        series, episode = request.path_params.values()
        parts = self.showing.preview(Key(series, episode, language=request.query_params.get("language")))
        if not parts:
            raise KeyError(f"{series}.{episode}")
        return Response(self.showing.home.objects.get(parts[0]), media_type="video/mp4", headers=NEVER)

    def still(self, request: Request) -> Response:
        picture = self.showing.screening.still(request.path_params["digest"])
        return Response(picture, media_type="image/jpeg", headers=FOR_EVER)

    def media(self, request: Request) -> Response:
        digest = request.path_params["digest"]
        media_type = self.showing.screening.media_type(digest)
        if media_type is None:
            raise KeyError(digest)
        return FileResponse(self.showing.home.objects.path(digest), media_type=media_type, headers=FOR_EVER)

    def css(self, request: Request) -> Response:
        return page_file(PAGES / "desk.css")

    def _page(self, name: str, **told: Any) -> Response:
        return HTMLResponse(self.pages.get_template(name).render(**told), headers=NEVER)


async def _told(request: Request, error: Exception) -> Response:
    """Something in the home cannot be read: the page says why."""
    return PlainTextResponse(f"{error}\n", 500, headers=NEVER)


async def _unknown(request: Request, error: Exception) -> Response:
    return PlainTextResponse(f"nothing is known of {error.args[0]}; the whole desk: /\n", 404, headers=NEVER)


def main(host: str, port: int) -> None:
    """Serves the home of the environment until whoever started it is gone: standard input ends then."""
    application = Desk(Home.open()).application(host)
    server = uvicorn.Server(uvicorn.Config(application, host=host, port=port, lifespan="off", log_level="warning",
                                           access_log=False, server_header=False))

    def outlived() -> None:
        while os.read(0, 64):
            pass
        server.should_exit = True

    threading.Thread(target=outlived, daemon=True).start()
    server.run()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
