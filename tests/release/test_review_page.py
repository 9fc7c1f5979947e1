"""The review page knows every decision up to its instant, tells what changed since approval, and shows text as text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from audit.approvals import Subject
from audit.decisions import Decision, Kind
from audit.policy import DEFAULT, parse_policy
from audit.records import envelope_name
from deployment import deciding
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.work import Work
from microdrama_assets.release.measurement import Measurement
from microdrama_assets.release.page.decisions import last_approved, version_name, versions
from microdrama_assets.release.page.gathering import View, gather
from microdrama_assets.release.page.place import page_place
from microdrama_assets.release.page.rendering import render
from microdrama_assets.release.page.writing import keep_all_in_step, keep_in_step, refresh
from microdrama_assets.release.review import Seen, review_report
from microdrama_assets.schemas.manifest import ShotManifest, SpeechFacet
from microdrama_assets.studios.pictures import jpeg
from resources.evidence import Evidence
from tests.audit.deciding import FILES, day, word
from tests.browser import Browser, browser, serving  # noqa: F401  the fixture
from tests.delivery.synthetic import package
from tests.graph.rooms import Rooms

KEY = Key("rooms", "e001")
HOSTILE = "<script>alert('x')</script> \x1b[31m & \u202e"
SHOWN = "<script>alert('x')</script> \\x1b[31m & \\u202e"
GOOD = Measurement(name="loudness", value=-16.1, limit="-16 ± 0.5", passed=True, unit="LUFS")


class Reviewed:
    """Rooms with a review of their real cut, and two people with keys. Pictures and films are a few bytes."""

    def __init__(self, root: Path) -> None:
        self.rooms = Rooms(root)
        self.studio, self.home = self.rooms.studio, self.rooms.studio.home
        self.studio.steps = {
            **self.studio.steps,
            "episode_package": replace(self.studio.steps["episode_package"], make=_package),
            "episode_review": replace(self.studio.steps["episode_review"], make=_review)}
        self.people = {name: root / f"{name}.pem" for name in ("ana", "ben")}
        for name, role in (("ana", "producer"), ("ben", "compliance")):
            Evidence(self.home).keys.new(role, name, out=self.people[name])
        self.rooms.edit("characters/ana.yaml", "name: Ana", "name: Ana\nconsent: ana-2026")
        self.rooms.render()

    def decide(self, kind: Kind, *names: str, comment: str = "") -> list[str]:
        return [deciding.decide(self.studio, KEY, kind, ["world"], str(self.people[name]), comment) for name in names]

    def view(self) -> View:
        Evidence(self.home).sequence()
        self.studio.refresh()
        return gather(self.studio.desk, KEY)


def _package(work: Work) -> None:
    work.add("player.json", b'{"synthetic":true,"captions":"captions.vtt","poster":"poster.jpg"}')
    work.add("captions.vtt", b"WEBVTT")
    work.add("poster.jpg", b"poster")
    work.add("segments/aa/one.m4s", work.action.digest.encode())
    work.add("sources.json", b"{}")


def _review(work: Work) -> None:
    manifest = work.load("manifest.json", ShotManifest)
    still = work.add("stills/any.jpg", jpeg(np.zeros((16, 9, 3), np.uint8)))
    texts = {f"{shot.id}.{line.id}": line.text for shot in manifest.shots
             for line in work.load(f"es/speech/{shot.id}.json", SpeechFacet).lines}
    seen = {shot.id: Seen(still.digest, work.action.inputs[f"stills/{shot.id}.png"].blob.digest, {}, {
        language: work.action.inputs[f"{language}/dialogue/{shot.id}.wav"].blob.digest for language in ("en", "es")})
        for shot in manifest.shots}
    for language in ("en", "es"):
        work.add(f"{language}/screener.mp4", package().files["episode.mp4"])
    work.add("review.json", json.dumps(review_report(
        manifest, measurements={"en": [GOOD], "es": [GOOD]}, packages={"en": "1", "es": "2"}, models=[], seen=seen,
        texts={"es": texts}, names={"ana": "Ana Ruiz"})).encode())


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reviewed]:
    """Approved by both, then edited in one Spanish line, rendered again and approved by one: shared, never changed."""
    found = Reviewed(tmp_path_factory.mktemp("reviewed"))
    found.decide(Kind.APPROVAL, "ana", "ben", comment="locked")
    found.rooms.edit("episodes/001.es.yaml", "¿Quién estaba en la sala 1002?", "¿Quién estaba en la sala 2002?")
    found.rooms.render()
    found.studio.refresh()
    found.decide(Kind.APPROVAL, "ana")
    found.decide(Kind.NOTE, "ben", comment=f"see {HOSTILE.split()[0]}")
    ben, until = str(found.people["ben"]), deciding.validity("2026-01-01", "2027-01-01", ["world"])
    deciding.consent(found.home, "ana-2026", {"name": "A. Person"}, ["face"], until, ben)
    deciding.licence(found.home, "fonts/NotoSans-Bold.ttf", None, "OFL-1.1", False, until, ben)
    yield found


class _Text(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_speakers_have_their_names(reviewed: Reviewed) -> None:
    """Whoever speaks is called on the page as their card calls them."""
    assert "Ana Ruiz" in _Text(render(reviewed.view()).decode()).text


def test_the_page_tells_what_changed_since_approval(reviewed: Reviewed) -> None:
    """One edited line after an approval: exactly its shot differs, the old approvals say why they lapsed, one counts."""
    view = reviewed.view()
    evidence = view.evidence
    assert evidence is not None and evidence.compared is not None and evidence.differences is not None
    assert [(one.id, [change.what for change in one.changes]) for one in evidence.differences.shots or ()] == [
        ("sh020", ["line (es)", "speech (es)"])]
    assert evidence.differences.unchanged_shots == ("sh010", "sh030", "sh040")
    assert [(one.markets, one.current) for one in evidence.versions] == [((), True), (("world",), False)]
    assert [(one.decision.kind.value, one.decision.names, one.current, one.counts) for one in evidence.words] == [
        ("note", "ben", True, True), ("approval", "ana", True, True), ("approval", "ben", False, False),
        ("approval", "ana", False, False)]
    assert evidence.words[3].verdicts == (("world", "2 files changed since"),)
    assert [condition.name for condition in evidence.markets[0].unmet] == [
        "approvals", "licences", "credentials"]
    assert [(one.character, one.reference, one.right.problems) for one in evidence.consents] == [("ana", "ana-2026", ())]
    page = " ".join(_Text(render(view).decode()).text.split())
    for text in ("¿Quién estaba en la sala 1002?", "¿Quién estaba en la sala 2002?", "1 approval by compliance needed",
                 "see <script>alert('x')</script>", "Unsigned", "face, 2026-01-01 to 2027-01-01, world", "not commercial",
                 "world: the licence of fonts/NotoSans-Bold.ttf allows no commercial use"):
        assert text in page


def test_what_people_wrote_stays_text(reviewed: Reviewed) -> None:
    """Markup, terminal escapes and direction overrides in a title are shown as they are spelled; one script runs: ours."""
    view = reviewed.view()
    page = render(replace(view, review={**view.review, "title": HOSTILE})).decode()
    read = _Text(page)
    assert read.text.count(SHOWN) == 2
    assert read.tags.count("script") == 1
    assert {"iframe", "object", "form", "link"} & set(read.tags) == {"link"}
    assert "\x1b" not in page and "\u202e" not in page
    assert re.findall(r"(?:src|href)=\"(?!data:|#)", page) == []


def test_the_page_has_what_assistive_technology_needs(reviewed: Reviewed) -> None:
    """A language, one first heading, captions and scopes in tables, a text for each picture, a name for each region."""
    page = render(reviewed.view()).decode()
    assert '<html lang="en">' in page
    assert page.count("<h1>") == 1
    assert page.count("<table>") == page.count("<caption>") > 8
    assert re.findall(r"<th(?! scope)", page.replace("<thead", "")) == []
    assert re.findall(r"<img (?![^>]*alt=)", page) == []
    assert '<span lang="es"' in page
    names = re.findall(r' id="([^"]+)"', page)
    assert len(names) == len(set(names))
    assert set(re.findall(r' (?:href="#|aria-labelledby=")([^"#]+)"', page)) <= set(names)


def test_the_page_in_a_browser(browser: Browser, reviewed: Reviewed, tmp_path: Path) -> None:  # noqa: F811
    """A click on a shot seeks the film, another language goes on at the same time, a link opens what it leads to; nothing
    breaks the page's own policy, nobody is asked, and nothing scrolls sideways on a phone."""
    (tmp_path / "review.html").write_bytes(render(reviewed.view()))
    (tmp_path / "phone.html").write_text('<iframe src="review.html" width="390" height="800"></iframe>')
    with serving(tmp_path) as address:
        browser.open("about:blank")
        browser.requested(), browser.complaints()
        browser.open(f"{address}/review.html")
        seen = browser.run(BEHAVIOUR)
        asked = [url for url in browser.requested() if not url.startswith(("data:", "blob:", "about:"))]
        browser.open(f"{address}/phone.html")
        sideways = browser.run("const inside = frames[0].document.scrollingElement; return inside.scrollWidth - inside.clientWidth;")
    assert seen == {"shot": "sh020", "marked": ["sh020"], "late_s": 0.005, "same": True, "shown": ["es"],
                    "open": [False, True], "errors": []}
    assert sideways == 0
    assert asked == [f"{address}/review.html"]
    assert [one for one in browser.complaints() if "favicon" not in one] == []


BEHAVIOUR = """
    const video = language => document.querySelector(`video[data-language=${language}]`);
    const ready = one => one.readyState >= 2 || new Promise(done => one.addEventListener("loadeddata", done));
    await ready(video("en")); await ready(video("es"));
    const seeked = one => new Promise(done => one.addEventListener("seeked", done, {once: true}));
    const shot = document.querySelector("button[data-shot=sh020]"), soon = seeked(video("en"));
    shot.click(); await soon;
    const at = video("en").currentTime, other = seeked(video("es"));
    const marked = Array.from(document.querySelectorAll("[aria-current=true]"), one => one.dataset.shot);
    const named = document.getElementById("now").textContent;
    document.querySelector("input[value=es]").click(); await other;
    const made = document.getElementById("made-sh020"), before = made.open;
    document.querySelector('a[href="#made-sh020"]').click();
    return {shot: named, marked, late_s: Math.round((at - shot.dataset.at) * 1000) / 1000,
            same: video("es").currentTime === at, open: [before, made.open],
            shown: Array.from(document.querySelectorAll("video:not([hidden])"), one => one.dataset.language),
            errors: Array.from(document.querySelectorAll("video"), one => one.error).filter(Boolean)};
"""


def test_lineage_leads_from_the_screenplay_to_every_language(reviewed: Reviewed) -> None:
    """The picture of a shot names what it was made from and no other shot, without arrows that others imply."""
    view = reviewed.view()
    drawn = view.shots[1].lineage
    titles = [box.title for box in drawn.boxes]
    assert titles[0] in ("screenplay", "series bible")
    assert titles[-2:] == ["episode package · en", "episode package · es"]
    assert {"shot manifest", "keyframe", "interpolated clip", "abr rendition · en", "abr rendition · es"} <= set(titles)
    assert {one.partition.partition("@")[0] for one in drawn.statements if ".sh" in one.partition} == {"e001.sh020"}
    assert any(place.startswith("episodes/001.fountain, line") for place in drawn.written)
    assert len(drawn.arrows) < sum(len(one.dependencies) for one in drawn.statements)
    assert [name for name, _ in view.shots[1].drawn_from] == ["frame.json", "motion.json"]


def test_a_page_learns_of_a_consent(tmp_path: Path) -> None:
    """Recording a consent draws the pages anew that name it, and no others."""
    found = Reviewed(tmp_path)
    place = refresh(found.studio.desk, KEY)
    granted = "face, 2026-01-01 to 2027-01-01, world"

    def shown() -> str:
        return " ".join(_Text(place.read_text(encoding="utf-8")).text.split())

    until = deciding.validity("2026-01-01", "2027-01-01", ["world"])
    deciding.consent(found.home, "ana-2026", {"name": "A. Person"}, ["face"], until, str(found.people["ben"]))
    assert keep_all_in_step(found.studio.desk, "another-2026") == []
    assert granted not in shown()
    assert keep_all_in_step(found.studio.desk, "ana-2026") == keep_all_in_step(found.studio.desk) == [KEY]
    assert granted in shown()


def test_a_log_that_does_not_hold_shows_no_decision(tmp_path: Path) -> None:
    """Where an approval was altered on disk the page says so, and tells nothing that rests on the log; a page that cannot
    be drawn is taken away."""
    found = Reviewed(tmp_path)
    approval, = found.decide(Kind.APPROVAL, "ana", comment="locked")
    place = page_place(found.home, KEY)
    assert "locked" in place.read_text(encoding="utf-8")
    evidence = Evidence(found.home)
    entry = next(entry for _, entry in evidence.log.entries() if entry.statement == approval)
    envelope = evidence.root / envelope_name(entry.envelope)
    envelope.write_bytes(envelope.read_bytes().replace(b'"keyid":"', b'"keyid":"0'))
    text = refresh(found.studio.desk, KEY).read_text(encoding="utf-8")
    assert "The evidence does not hold" in text and "StatementTampered" in text
    assert "locked" not in text and 'id="decisions"' not in text
    found.rooms.edit("episodes/001.fountain", "Who was in room 1002?", "Who was in room 3002?")
    found.rooms.edit("episodes/001.es.yaml", "Who was in room 1002?", "Who was in room 3002?")
    found.studio.refresh()
    keep_in_step(found.studio.desk, KEY)
    assert not place.exists()


NOW = Subject("locket", "e001", FILES, "us", day(20))
THEN, EARLIER = ({**FILES, "review.json": digit * 64} for digit in "12")
BOTH = (word("Ana", Kind.APPROVAL, 1, files=EARLIER), word("Ben", Kind.APPROVAL, 1, files=EARLIER))
APPROVED: list[tuple[str, tuple[Decision, ...], list[tuple[str, ...]], str | None]] = [
    ("nobody", (), [], None),
    ("once, by all", BOTH, [("us",)], "2"),
    ("later by one only", (*BOTH, word("Ana", Kind.APPROVAL, 2, files=THEN)), [(), ("us",)], "2"),
    ("only ever by one", (word("Ana", Kind.APPROVAL, 2, files=THEN),), [()], "1"),
    ("and rejected later", (*BOTH, word("Ben", Kind.REJECTION, 3, files=EARLIER)), [()], "2"),
    ("these bytes too", (*BOTH, word("Ana", Kind.APPROVAL, 4), word("Ben", Kind.APPROVAL, 4)), [("us",), ("us",)], "2"),
    ("by nobody who may", (word("Dan", Kind.APPROVAL, 1, files=THEN),), [], None),
]


@pytest.mark.parametrize(("label", "decisions", "markets", "compared"), APPROVED, ids=[row[0] for row in APPROVED])
def test_the_last_approved_version(
    label: str, decisions: tuple[Decision, ...], markets: list[tuple[str, ...]], compared: str | None,
) -> None:
    """Compared with is the newest other version that was approved in full somewhere, else the newest anybody approved."""
    known = versions(NOW, decisions, parse_policy(DEFAULT, "default"), ["us"])
    assert [one.markets for one in known] == markets
    last = last_approved(known)
    assert (last and last.name) == (compared and version_name({**FILES, "review.json": compared * 64}))
