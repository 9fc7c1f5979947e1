"""What a render did, as a form's run shows it: pictures of what is new, where to see it whole, counts, money."""

import dagster as dg

from microdrama_assets.graph.key import Key, Scope
from microdrama_assets.graph.step import Still
from microdrama_assets.graph.studio import Studio
from microdrama_assets.planning import Report, Request
from microdrama_assets.shown import IN_PLACE, in_place, page_of
from microdrama_assets.user_errors import USER_ERRORS

PICTURED = ("reference_sheet", "keyframe", "preview", "episode_preview", "episode_package")
"""Assets whose picture says what came out, in the order in which they are shown."""


def told(studio: Studio, request: Request, report: Report) -> dict[str, dg.MetadataValue]:
    """Label to value, pictures first; without pictures where nothing that has one was made."""
    where, pictures = request.selection, _pictures(studio, report)
    scope = Scope.SERIES if where.episode is None else Scope.EPISODE if where.shot is None else Scope.SHOT
    shot = where.shot.rsplit(".", 1)[-1] if where.shot else None
    return {
        **({"pictures": dg.MetadataValue.md(pictures)} if pictures else {}),
        "open": dg.MetadataValue.url(page_of(scope, Key(where.series, where.episode, shot))),
        "rendered": dg.MetadataValue.int(len(report.recorded)), "waves": dg.MetadataValue.int(len(report.runs)),
        "failures": dg.MetadataValue.int(len(report.failures)), "spent usd": dg.MetadataValue.float(report.usd),
    }


def _pictures(studio: Studio, report: Report) -> str:
    """As many as Dagster shows in place."""
    shown = ""
    for asset, key in sorted(((asset, key) for asset, key in report.recorded if asset in PICTURED),
                             key=lambda one: (PICTURED.index(one[0]), one[1].partition)):
        for still in _stills(studio, asset, key):
            if len(shown) + len(in_place(still)) < IN_PLACE:
                shown += in_place(still) + " "
    return shown


def _stills(studio: Studio, asset: str, key: Key) -> list[Still]:
    show = studio.steps[asset].show
    try:
        shown = show(studio.desk, key, studio.desk.result(asset, key)) if show else {}
    except USER_ERRORS:
        return []  # changed meanwhile: the next plan says so
    return [value for value in shown.values() if isinstance(value, Still)]
