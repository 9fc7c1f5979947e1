"""A panel's form tells nobody what a clip is, its scores are checked, and its numbers are those of the literature."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deployment.cli import app
from deployment.panel.agreement import alpha, mean_of
from tests.browser import Browser, browser  # noqa: F401

# K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), section C: four observers, twelve units.
_OBSERVERS = {
    "A": "1 2 3 3 2 1 4 1 2 . . .", "B": "1 2 3 3 2 2 4 1 2 5 . 3", "C": ". 3 3 3 2 3 4 2 2 5 1 .", "D": "1 2 3 3 2 4 4 1 2 5 1 ."}
PUBLISHED = [{name: int(said.split()[unit]) for name, said in _OBSERVERS.items() if said.split()[unit] != "."}
             for unit in range(12)]


@pytest.mark.parametrize(("level", "expected"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_alpha_is_the_published_one(level: str, expected: float) -> None:
    """On the example of the paper that defines it, to the digits that it prints."""
    assert alpha(PUBLISHED, level) == pytest.approx(expected, abs=0.0005)


def test_where_nothing_can_be_compared_there_is_no_number() -> None:
    """One rater agrees with nobody, and raters who always say the same give no scale to agree on."""
    assert alpha([{"a": 3}, {"a": 4}]) is None and alpha([{"a": 3, "b": 3}, {"a": 3, "b": 3}]) is None
    assert mean_of([]) is None


def test_the_interval_is_over_raters() -> None:
    """Means 2 and 4: t(0.975, 1) = 12.706 times 1 around 3. Who rates more does not count more."""
    found = mean_of([{"a": 2, "b": 4}, {"a": 2}, {"a": 2}])
    assert found is not None and (found.mean, found.raters, found.scores) == (3.0, 2, 4)
    assert found.low == pytest.approx(3 - 12.706, abs=0.001) and found.high == pytest.approx(3 + 12.706, abs=0.001)


class Panel:
    """A form of four clips of two conditions, in a folder."""

    def __init__(self, root: Path) -> None:
        self.root, self.out = root, root / "panel"
        for condition in ("draft", "final"):
            for scene in ("one", "two"):
                (root / condition).mkdir(exist_ok=True)
                (root / condition / f"{scene}.mp4").write_bytes(f"{condition} {scene}".encode())
        items = [f"{folder}={root / folder / scene}.mp4" for folder in ("draft", "final") for scene in ("one", "two")]
        self.run("export", *items, "--out", str(self.out), "--seed", "7")
        self.key = json.loads((self.out / "key.json").read_text())

    def run(self, *arguments: str) -> str:
        done = CliRunner().invoke(app, ["panel", *arguments])
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.stdout

    def file(self, rater: str, scores: dict[str, int], form: str | None = None, name: str | None = None) -> str:
        """As the form saves it, with the same answer to each question about a condition."""
        told = {clip: {"natural": scores[is_["condition"]]} for clip, is_ in self.key["clips"].items()}
        path = self.root / (name or f"{rater}.json")
        path.write_text(json.dumps({"format": 1, "form": form or self.key["form"], "rater": rater, "scores": told}))
        return str(path)


@pytest.fixture
def panel(tmp_path: Path) -> Panel:
    return Panel(tmp_path)


def test_a_form_is_blind(panel: Panel) -> None:
    """The page holds every clip and no condition; the key says which is which; the order is of chance, by its seed."""
    page = (panel.out / "form.html").read_text()
    assert all(f'data-clip="clip {number}"' in page for number in (1, 2, 3, 4)) and page.count("data:video/mp4;base64,") == 4
    assert not any(word in page for word in ("draft", "final", "one.mp4", str(panel.root)))
    assert {(clip["condition"], clip["content"]) for clip in panel.key["clips"].values()} == {
        ("draft", "one"), ("draft", "two"), ("final", "one"), ("final", "two")}
    assert [clip["condition"] for clip in panel.key["clips"].values()] != ["draft", "draft", "final", "final"]


def test_scores_come_back_and_are_counted_once(panel: Panel) -> None:
    """JSON and CSV, a file twice; then means by condition and agreement."""
    key = str(panel.out / "key.json")
    panel.run("import", key, panel.file("ana", {"draft": 2, "final": 4}))
    table = panel.root / "bo.csv"
    table.write_text("rater,clip,question,score\n" + "".join(
        f"bo,{name},natural,{ {'draft': 2, 'final': 5}[clip['condition']]}\n" for name, clip in panel.key["clips"].items()))
    panel.run("import", key, str(panel.root / "ana.json"), str(table))
    natural = next(one for one in json.loads(panel.run("report", key, "--json")) if one["question"] == "natural")
    assert natural["conditions"]["draft"] == {"mean": 2.0, "low": 2.0, "high": 2.0, "raters": 2, "scores": 4}
    assert natural["conditions"]["final"]["mean"] == 4.5 and natural["alpha"] == pytest.approx(1 - 7 * 16 / 576)


@pytest.mark.parametrize(("label", "said", "expected"), [
    ("another form's", lambda panel: panel.file("ana", {"draft": 2, "final": 4}, form="0" * 16), "these scores are of form 0000"),
    ("off the scale", lambda panel: panel.file("ana", {"draft": 2, "final": 6}), "6 for clip . is no score"),
    ("nobody's", lambda panel: panel.file(" ", {"draft": 2, "final": 4}), "nobody is named"),
    ("no JSON", lambda panel: str(panel.out / "form.html"), "these scores cannot be read"),
    ("two answers of one person", lambda panel: panel.file("ana", {"draft": 1, "final": 4}, name="again.json"),
     "ana gave clip . both 2 and 1 for natural"),
])
def test_what_is_no_score_changes_nothing(label: str, said, expected: str, panel: Panel) -> None:
    """A file that is wrong is named, and what was there stays; not even the right file beside it is taken."""
    key = str(panel.out / "key.json")
    good = panel.file("ana", {"draft": 2, "final": 4}, name="good.json")
    panel.run("import", key, good)
    before = (panel.out / "scores.json").read_bytes()
    other = panel.file("cy", {"draft": 1, "final": 1})
    with pytest.raises(Exception, match=expected):
        panel.run("import", key, other, said(panel))
    assert (panel.out / "scores.json").read_bytes() == before


def test_one_condition_is_no_comparison(panel: Panel) -> None:
    """A form without anything to compare is not written."""
    with pytest.raises(Exception, match="only one condition"):
        panel.run("export", f"draft={panel.root / 'draft' / 'one.mp4'}", "--out", str(panel.root / "other"))
    assert not (panel.root / "other").exists()


def test_the_form_works_offline_and_by_keyboard(panel: Panel, browser: Browser) -> None:  # noqa: F811
    """Every answer is a native radio button in a named group; what the form would save is what the import takes."""
    browser.open((panel.out / "form.html").as_uri())
    groups, found = browser.run("""
        document.getElementById("rater").value = "dee";
        const first = [...document.querySelectorAll("fieldset")].map(one => one.querySelector("input[value='4']"));
        first.forEach(one => { one.focus(); one.click(); });
        const named = [...document.querySelectorAll("fieldset")].every(one => one.querySelector("legend").textContent.trim());
        const reached = first.every(one => one.tabIndex === 0) && document.activeElement === first.at(-1);
        return [named && reached, JSON.stringify(answers())];""")
    (panel.root / "dee.json").write_text(found)
    panel.run("import", str(panel.out / "key.json"), str(panel.root / "dee.json"))
    scores = json.loads((panel.out / "scores.json").read_text())["scores"]
    assert groups and len(scores) == 4 * 4 and {one["score"] for one in scores} == {4}
    assert browser.complaints() == []
