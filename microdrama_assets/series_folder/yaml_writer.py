"""Writes values as the plain YAML that `yaml_reader` reads back to the very same values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from microdrama_assets.series_folder.yaml_reader import plain_value


class _Writer(yaml.SafeDumper):
    """Quotes colours as people do, and what only our reader takes for a number or a word such as `true`."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(writer: yaml.SafeDumper, text: str) -> yaml.Node:
    style = '"' if plain_value(text) != text or text.startswith("#") else None
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Writer.add_representer(str, _text)


def written(values: Mapping[str, Any]) -> str:
    """YAML text of mappings, lists, texts, numbers, true and false."""
    return yaml.dump(dict(values), Dumper=_Writer, sort_keys=False, allow_unicode=True, width=110)
