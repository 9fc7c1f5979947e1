"""The package plays in a browser as delivered: native HLS to the end, seeks across every cut, a page from a folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser import Browser, browser, serving  # noqa: F401  the fixture
from tests.delivery.synthetic import FPS, FRAMES, HUES, SHOTS, package_folder, start_of

PLAYER = """
const [url, width] = args;
document.body.innerHTML = '';
const video = document.createElement('video');
video.muted = true; video.crossOrigin = 'anonymous'; video.width = width; document.body.append(video);
window.video = video;
const ready = new Promise((good, bad) => {
  video.oncanplay = good; video.onerror = () => bad(new Error(video.error.message)); });
video.src = url; await ready;
return {duration: video.duration, width: video.videoWidth, height: video.videoHeight};
"""
SEEK = """
const [seconds] = args;
const video = window.video;
const shown = new Promise((good, bad) => { video.onerror = () => bad(new Error(video.error.message));
  video.requestVideoFrameCallback((now, frame) => good(frame.mediaTime)); });
video.currentTime = seconds;
const mediaTime = await shown;
const canvas = document.createElement('canvas'); canvas.width = 9; canvas.height = 16;
const context = canvas.getContext('2d'); context.drawImage(video, 0, 0, 9, 16);
return {mediaTime, pixel: Array.from(context.getImageData(4, 8, 1, 1).data).slice(0, 3)};
"""
PLAY = """
const video = window.video;
const times = [];
const seeked = new Promise(good => { video.onseeked = good; }); video.currentTime = 0; await seeked;
const ended = new Promise((good, bad) => {
  video.onended = good; video.onerror = () => bad(new Error(video.error.message)); });
const each = (now, frame) => { times.push(frame.mediaTime); video.requestVideoFrameCallback(each); };
video.requestVideoFrameCallback(each);
await video.play(); await ended;
return {times, at: video.currentTime};
"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving(package_folder()) as url:
        yield url


def test_hls_seeks_across_every_cut_and_shows_the_right_shot(browser: Browser, address: str) -> None:  # noqa: F811
    """Just before and after each cut, forwards and backwards, the picture at that time is of the right shot."""
    browser.open(f"{address}/player.json")
    found = browser.run(PLAYER, f"{address}/master.m3u8", 360)
    assert found["duration"] == pytest.approx(FRAMES / FPS, abs=0.05)
    cuts = [start_of(shot) for shot in SHOTS][1:]
    places = [(cut + step, shot) for shot, cut in zip(list(SHOTS)[1:], cuts, strict=True) for step in (2.5, -2.5)]
    for frame, shot in [*places, (1.5, "sh010")]:
        seen = browser.run(SEEK, frame / FPS)
        owner = shot if frame > start_of(shot) else list(SHOTS)[list(SHOTS).index(shot) - 1]
        assert seen["mediaTime"] == pytest.approx(int(frame) / FPS, abs=0.002)
        assert _strongest(seen["pixel"]) == _strongest(HUES[owner][::-1])


def test_hls_plays_from_start_to_end(browser: Browser, address: str) -> None:  # noqa: F811
    """Native HLS runs through all cuts to the end without error; pictures come in order and of every shot."""
    browser.open(f"{address}/player.json")
    browser.run(PLAYER, f"{address}/master.m3u8", 360)
    played = browser.run(PLAY)
    assert played["at"] == pytest.approx(FRAMES / FPS, abs=0.1)
    assert played["times"] == sorted(played["times"])
    for shot in SHOTS:
        start_s = start_of(shot) / FPS
        assert any(start_s <= time_s < start_s + SHOTS[shot] / FPS for time_s in played["times"])
    assert all(abs(time_s * FPS - round(time_s * FPS)) < 0.05 for time_s in played["times"])


@pytest.mark.parametrize("source", ["served", "a folder"])
def test_the_page_plays_and_asks_nobody_else(source: str, browser: Browser, address: str) -> None:  # noqa: F811
    """player.html plays over HTTP and opened from a folder, obeys its own policy, and contacts no other host."""
    root = address if source == "served" else f"file://{package_folder()}"
    browser.open("about:blank")
    browser.requested(), browser.complaints()
    browser.open(f"{root}/player.html")
    seen = browser.run("""
        const video = document.querySelector('video'); video.muted = true;
        await new Promise((good, bad) => { const check = () => video.readyState >= 3 ? good() :
          video.networkState === 3 ? bad(new Error('no source plays')) : setTimeout(check, 50); check(); });
        await video.play();
        while (video.currentTime < 0.3) await new Promise(good => setTimeout(good, 30));
        return {file: video.currentSrc.split('/').pop(), width: video.videoWidth,
                name: video.getAttribute('aria-label'), font: getComputedStyle(document.body).backgroundColor};""")
    assert seen["file"] in ("master.m3u8", "episode.mp4")
    assert seen["width"] in (360, 720, 1080)
    assert seen["name"] == 'The "Locket" <1>'
    assert seen["font"] == "rgb(13, 13, 16)", "the page's own style was refused"
    asked = [url for url in browser.requested() if not url.startswith(("data:", "about:"))]
    assert asked
    assert [url for url in asked if not url.startswith(root)] == []
    assert browser.complaints() == []


def _strongest(colour: list[int] | tuple[int, ...]) -> int:
    return max(range(3), key=lambda channel: colour[channel])
