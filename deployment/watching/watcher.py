"""Save by save: check the series, render what is not fresh, show it. One studio and one worker stay warm throughout.

One thread renders, so there are never two renders at once. A save during a render is noted: partitions that were
begun are finished and kept, no other is begun, and the newer words are rendered.
"""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from deployment.preflight import check_captions, check_models
from deployment.rendering import failed_checks
from deployment.watching.board import Board, Edit, Phase, Wave
from deployment.watching.problems import in_words, problems_of
from deployment.watching.progress import Progress, causes_of, drifted_in_words, left_to_do
from deployment.watching.saves import DECISIONS, Saves, changed_files, contents
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.series import folder_of
from microdrama_assets.graph.studio import Studio
from microdrama_assets.planning import Report, Request
from microdrama_assets.registering import register_series
from microdrama_assets.request import check_selection
from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.series_folder.fountain import episode_key
from microdrama_assets.speech.pronunciation import can_speak
from microdrama_assets.steps import STEPS
from microdrama_assets.story.folder_check import check_series
from microdrama_assets.user_errors import USER_ERRORS
from partitions.keys import Selection
from partitions.registry import SeriesRegistry, load
from resources.home import Home

if TYPE_CHECKING:
    from microdrama_assets.worker import Worker

PICTURE, PACKAGE = "abr_rendition", "episode_package"


class Superseded(MicrodramaError):
    """A newer save waits: nothing more is begun for the older words."""

    def __init__(self) -> None:
        super().__init__("a newer save came before this was begun", remedy="It is rendered next; nothing to do")


class Watcher:
    """Renders one series folder on every save until the process is interrupted."""

    def __init__(self, home: Home, folder: Path, languages: tuple[str, ...] | None, board: Board,
                 say: Callable[[str], object]) -> None:
        self.folder, self.languages, self.board, self.say = folder, languages, board, say
        self.studio = Studio(home, STEPS, on_progress=self._advanced)
        self.saves = Saves(folder, home)
        self._worker: Worker | None = None
        self._finished: dict[str, str] | None = None
        self._unfinished = True
        self._again = threading.Event()
        self._gave_way = False
        self._progress = Progress()
        self._log_start = 0
        self._wave = ""
        self._cut_at: float | None = None
        self._show_what_is_there(home)

    def run(self) -> None:
        """Renders now and after every save. Ends by KeyboardInterrupt alone."""
        self.saves.start()
        self.saves.note()
        try:
            while True:
                self.turn(self.saves.take())
        finally:
            self.saves.stop()

    def render_again(self) -> None:
        """Renders what is not fresh without waiting for a save. From any thread."""
        self._again.set()
        self.saves.note()

    def turn(self, saved_at: float) -> None:
        """One save. Does nothing where the files say what they said before."""
        words, goes_on = contents(self.folder, self.studio.home), self._unfinished or self._again.is_set()
        self._again.clear()
        if words == self._finished and not goes_on:
            return
        files = changed_files(self._finished or words, words)
        narrow = None if goes_on or self.board.record.problems or self.board.record.failures else _episode_of(files)
        self.board.change(phase=Phase.READING, files=tuple(files), wave=None, active={})
        self._words, self._saved_at = words, saved_at
        try:
            self._render(self._opened(narrow), goes_on)
        except Superseded:
            return
        except USER_ERRORS as error:
            self._faulty(error)
        except Exception as error:  # a defect: told, and the next save has another chance
            self.say(traceback.format_exc())
            self._faulty(error)
        self._finished = words

    def _show_what_is_there(self, home: Home) -> None:
        """Before anything is read, the last good cut of a folder that this home knows."""
        known = [slug for slug, bound in home.series().items() if bound == self.folder.resolve()]
        found = load(home.refs, known[0]) if known else None
        if found is not None:
            self._announce(found[0], found[0].slug)

    def _announce(self, registry: SeriesRegistry, title: str) -> None:
        languages = [tag for tag in registry.live_languages if self.languages is None or tag in self.languages]
        self.board.change(series=registry.slug, title=title, episodes=registry.live_episodes,
                          languages=tuple(languages))

    def _opened(self, episode: str | None) -> Request:
        """The request that the folder stands for now: one episode, or all. Raises what is wrong with the folder, before
        anything is made."""
        check_series(self.folder, can_speak=can_speak)
        check_captions(self.folder)
        registry = register_series(self.studio.home, self.folder)
        chosen = Selection(registry.slug, episode if episode in registry.live_episodes else None)
        check_selection(chosen, self.languages, registry)
        self.studio.refresh()
        self._announce(registry, folder_of(self.studio.desk, registry.slug).series.title)
        check_models(self.studio, registry.slug)
        return Request(chosen, self.languages, include_drifted=False)

    def _render(self, request: Request, goes_on: bool) -> None:
        from microdrama_assets.worker import Worker  # loads Dagster: the page is up before

        self._request, self._progress, self._wave, self._cut_at = request, Progress(), "", None
        self._gave_way = False
        self._log_start = len(self.studio.toolbox.log)
        renewed = self.board.record.renewed if goes_on else {}
        self.board.change(problems=(), failures=(), failed={}, causes=(), renewed=renewed)
        self._unfinished = True
        if self._worker is None:
            self.board.change(drifted=drifted_in_words(self.studio, request))
            self._worker = Worker(self.studio)
        report = self._worker.render(request, self._next_wave)
        self._give_way()
        self._ended(report)

    def _give_way(self) -> None:
        if self._gave_way or (self.saves.waiting() and contents(self.folder, self.studio.home) != self._words):
            self._gave_way = True
            raise Superseded

    def _next_wave(self, asset: str, count: int) -> None:
        """Called before each wave: what the one before has made can be shown."""
        self._give_way()
        self._after_wave()
        if self._wave in ("", "shot_manifest"):
            left = left_to_do(self.studio, self._request)
            self._progress.expect(left)
            if not self._wave:
                self.board.change(causes=causes_of(left))
        self._wave = asset
        share = self.board.record.wave.share if self.board.record.wave else 0.0
        self.board.renew(phase=Phase.RENDERING, wave=Wave(asset, count, share=share), active={})

    def _after_wave(self) -> None:
        if self._wave == PACKAGE:
            self._cut_at = time.perf_counter()
        failed = {str(failure.key): str(failure.error) for failure in self.studio.failures if failure.key.shot}
        if self._wave and failed:
            self.board.change(failed={**self.board.record.failed, **failed})

    def _advanced(self, asset: str, key: Key, share: float) -> None:
        """Told by the studio's threads, also before a partition is begun; what this raises ends that partition."""
        if share == 0:
            self._give_way()
        done, whole = self._progress.advance(asset, key, share)
        how = None
        if asset == PICTURE and share >= 1:
            made = (asset, str(key)) in self.studio.toolbox.log[self._log_start:]
            how = "made" if made or self._progress.worked_on(asset, key) else "found"
        self.board.progress(str(key), share, done, whole, how)

    def _ended(self, report: Report) -> None:
        self._unfinished = False
        self._after_wave()
        failures = report.failures or failed_checks(self.studio, self._request)
        recorded = self._progress.finished()
        made = recorded & set(self.studio.toolbox.log[self._log_start:])
        cut_s = None if self._cut_at is None else self._cut_at - self._saved_at
        edit = Edit(self.board.record.files, cut_s, time.perf_counter() - self._saved_at, len(recorded), len(made))
        self.board.renew(phase=Phase.IDLE, wave=None, active={}, failures=tuple(failures), edit=edit)
        self._say_ended(edit, failures)

    def _say_ended(self, edit: Edit, failures: list[str]) -> None:
        files = ", ".join(edit.files) or str(self.folder)
        if not edit.recorded:
            self.say(f"{files}: nothing to render")
        else:
            found = edit.recorded - edit.made
            self.say(f"{files}: {edit.recorded} partitions, {found} of them from the cache, {edit.seconds:.1f} s")
        for failure in failures:
            self.say(f"failed: {failure}")

    def _faulty(self, error: Exception) -> None:
        problems = problems_of(error)
        self.board.renew(phase=Phase.FAULTY, problems=tuple(problems), wave=None, active={})
        for problem in problems:
            self.say(f"error: {in_words(problem)}")


def _episode_of(files: Sequence[str]) -> str | None:
    """The episode (`e001`) that all of these files belong to, or None."""
    episodes = {_episode(PurePosixPath(file)) for file in files}
    return episodes.pop() if len(episodes) == 1 else None


def _episode(file: PurePosixPath) -> str | None:
    if file.parts[0] == DECISIONS:
        return file.name
    return episode_key(f"{file.name.split('.')[0]}.fountain") if file.parts[0] == "episodes" else None
