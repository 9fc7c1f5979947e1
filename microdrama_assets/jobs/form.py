"""A job's launchpad as a form: the fields of one record and nothing around them.

Beside what a person writes (`selection: locket.e001`) the launchpad then shows each field with what it means.
"""

from collections.abc import Mapping
from typing import Any

import dagster as dg

KINDS: Mapping[Any, Any] = {str: str, bool: bool, list[str]: [str], float | None: dg.Noneable(float),
                            int | None: dg.Noneable(int)}
"""Dagster's plain types: those that it makes of a record by itself also offer each field from the environment."""


def form(record: type[dg.Config], op: str, **filled_in: Any) -> dg.ConfigMapping:
    """The fields of `record` as the whole configuration of a job whose one op is `op`; `filled_in` are values that the
    launchpad starts with where the record gives none."""
    fields = {name: dg.Field(KINDS[field.annotation], description=field.description,
                             default_value=filled_in[name] if name in filled_in else field.get_default())
              for name, field in record.model_fields.items()}
    return dg.ConfigMapping(lambda given: {"ops": {op: {"config": given}}}, config_schema=fields)
