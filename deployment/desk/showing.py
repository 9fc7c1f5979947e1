"""What the desk's pages say of series, episodes and shots: read from heads and deliveries, never from the sources."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from deployment.watching.screening import Screening
from microdrama_assets.delivery.preview_assets import FILE as PREVIEW
from microdrama_assets.graph.action import Blob
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.partition_names import to_dagster
from microdrama_assets.steps import STEPS
from partitions.registry import load
from resources.home import Home

WEBSERVER = "MICRODRAMA_WEBSERVER"
BESIDE = {"review.html": "Review", "board.html": "Board", "board.pdf": "Board (PDF)"}
"""Pages that may lie beside an episode's languages, and what to call them."""
MADE_OF = ("keyframe", "interpolated_clip", "lipsynced_clip", "abr_rendition", "dialogue_track", "captions")


class Showing:
    """Everything the desk can show of one home."""

    def __init__(self, home: Home) -> None:
        self.home, self.screening = home, Screening(home)

    def series(self) -> list[dict[str, Any]]:
        return [self.one_series(slug) for slug in sorted(self.home.series())]

    def one_series(self, slug: str) -> dict[str, Any]:
        """Raises KeyError where there is none."""
        found = load(self.home.refs, slug)
        if found is None:
            raise KeyError(slug)
        registry = found[0]
        cast = [(character, self.screening.outputs("character_bundle", Key(slug, character=character)))
                for character in sorted(registry.live_characters)]
        return {"slug": slug, "languages": registry.live_languages,
                "episodes": [self.episode(slug, name) for name in registry.live_episodes],
                "cast": [{"slug": name, "sheet": f"/stills/{made['sheet.png'].digest}"}
                         for name, made in cast if made and "sheet.png" in made]}

    def episode(self, slug: str, episode: str, language: str | None = None) -> dict[str, Any]:
        """An episode in one language: by default the first. Raises KeyError where there is none."""
        found = load(self.home.refs, slug)
        if found is None or episode not in found[0].live_episodes:
            raise KeyError(f"{slug}.{episode}")
        languages = found[0].live_languages
        chosen = language if language in languages else languages[0]
        folder = self.home.deliveries / slug / episode
        return {**self.screening.episode(slug, episode, chosen), "series": slug, "languages": languages,
                "beside": {f"/deliveries/{slug}/{episode}/{name}": label
                           for name, label in BESIDE.items() if (folder / name).is_file()},
                "player": f"/deliveries/{slug}/{episode}/{chosen}/player.html"
                if (folder / chosen / "player.html").is_file() else None,
                "preview": f"/previews/{slug}.{episode}?{urlencode({'language': chosen})}"
                if self.preview(Key(slug, episode, language=chosen)) else None,
                "dagster": dagster_page("shot_manifest", Key(slug, episode))}

    def shot(self, slug: str, episode: str, shot: str, language: str | None = None) -> dict[str, Any]:
        """One shot with what made it. Raises KeyError where the newest cut has none."""
        whole = self.episode(slug, episode, language)
        told = next((one for one in whole["shots"] if one["id"] == shot), None)
        if told is None:
            raise KeyError(f"{slug}.{episode}.{shot}")
        key = Key(slug, episode, shot, language=whole["language"])
        clip = self.clip(key)
        return {**told, "series": slug, "episode": episode, "language": whole["language"],
                "languages": whole["languages"], "made": list(self._made(key)),
                "clip": f"/clips/{slug}.{episode}.{shot}?{urlencode({'language': key.language})}" if clip else None,
                "seen": [f"/stills/{still.digest}" for still in self._stills(key)]}

    def clip(self, key: Key) -> list[str]:
        """Digests of the parts of a shot's smallest rung, the init segment first. Of a shot that was not
        rendered, its preview."""
        outputs = self.screening.outputs("abr_rendition", key) or {}
        rungs = {name.split("/")[0] for name in outputs if name.endswith("/init.mp4")}
        if not rungs:
            return self.preview(key)
        rung = min(rungs, key=lambda name: int(name.removesuffix("p")))  # small: it is looked at in passing
        parts = sorted((name for name in outputs if name.startswith(f"{rung}/")), key=_init_first)
        return [outputs[name].digest for name in parts]

    def dialogue(self, key: Key) -> str | None:
        """Digest of what is said in a shot, as sound."""
        outputs = self.screening.outputs("dialogue_track", key) or {}
        return outputs["dialogue.wav"].digest if "dialogue.wav" in outputs else None

    def preview(self, key: Key) -> list[str]:
        """The preview of a shot or of an episode; nothing where none was made."""
        outputs = self.screening.outputs("preview" if key.shot else "episode_preview", key) or {}
        return [outputs[PREVIEW].digest] if PREVIEW in outputs else []

    def _made(self, key: Key) -> Iterator[dict[str, Any]]:
        for asset in MADE_OF:
            step = STEPS[asset]
            own = key if step.scope.value.endswith("language") else key.in_shot()
            result = self.screening.result(asset, own)
            if result is not None:
                yield {"asset": asset, "doc": step.doc, "seconds": result.seconds, "usd": result.usd,
                       "statement": result.statement, "models": result.recipe["models"],
                       "params": json.dumps(result.recipe["params"], ensure_ascii=False, indent=1)
                       if result.recipe["params"] else "",
                       "dagster": dagster_page(asset, own)}

    def _stills(self, key: Key) -> Iterator[Blob]:
        for asset, own, name in (("keyframe", key.in_shot(), "still.png"), ("lipsynced_clip", key, "preview.jpg")):
            outputs = self.screening.outputs(asset, own)
            if outputs and name in outputs:
                yield outputs[name]


def dagster_page(asset: str, key: Key) -> str | None:
    """A partition's page in the Dagster UI, where one is known to run."""
    webserver = os.environ.get(WEBSERVER)
    if not webserver:
        return None
    step = STEPS[asset]
    return f"{webserver}/assets/{key.series}/{asset}?{urlencode({'partition': to_dagster(step.scope, key)})}"


def _init_first(name: str) -> tuple[bool, str]:
    return not name.endswith("/init.mp4"), name
