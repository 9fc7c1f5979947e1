"""The release assets: the review that measures what viewers will get, and publishing, which refuses what is not approved.

Measurements are of decoded media as packaged, never of what a step meant to make.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from audit.canonical import encode
from microdrama_assets.graph.action import Action, Input, Result
from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.key import Key, Scope
from microdrama_assets.graph.step import CheckVerdict, Markdown, MetadataPath, Step
from microdrama_assets.graph.work import Work
from microdrama_assets.release.publishing import NotApproved, missing_conditions
from microdrama_assets.release.qc import CHECKS, measure
from microdrama_assets.release.review import review_page, review_report
from microdrama_assets.schemas.manifest import ShotManifest, Timeline
from microdrama_assets.schemas.series import Series
from microdrama_assets.schemas.sound import CueSheet, DialogueTimings
from microdrama_assets.speech.takes import wav_to_array
