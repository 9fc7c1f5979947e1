"""The code version of every action: raised by hand whenever a change of code can change the bytes that it makes.

A code version is part of an action's digest, so raising one makes its results drift. What was made by which code is
frozen in `tests/graph/code_versions.json`; a change of that code without a new version fails there.
"""

from __future__ import annotations

from collections.abc import Mapping

CODE_VERSIONS: Mapping[str, str] = {
    "series_bible": "1",
    "character_bundle": "11",
    "episode_script": "1",
    "shot_manifest": "11",
    "shot_spec": "6",
    "keyframe": "19",
    "interpolated_clip": "7",
    "lipsynced_clip": "6",
    "dialogue_track": "1",
    "captions": "1",
    "audio_mix": "4",
    "abr_rendition": "7",
    "episode_package": "4",
    # On demand.
    "control_maps": "16",
    "shot_board": "13",
    "storyboard": "2",
    "reference_sheet": "9",
    "identity_embedding": "1",
    "character_lora": "1",
    "preview": "16",
    "episode_preview": "1",
    "episode_review": "5",
    "published_episode": "5",
    # Actions inside others. The recipes of those others name these versions, so that they drift too.
    "speech_take": "1",
    "audio_rendition": "4",
    "shot_quality": "8",
    # The final studio's own, in place of the draft's of the same partitions.
    "final_keyframe": "15",
    "final_picture": "12",
    "final_still": "3",
    "final_detail": "7",
    "final_identity": "1",
    "final_clip": "4",
    "final_lips": "1",
    "final_dialogue": "1",
    "final_take": "1",
    "final_conversion": "1",
    "final_rendition": "5",
}
