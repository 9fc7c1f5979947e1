"""Every kind of set by its name. A new kind is a module with a `SCENERY` and a line here."""

from __future__ import annotations

from collections.abc import Mapping

from microdrama_assets.schemas.series import SetKind
from microdrama_assets.studios.draft.sets import (
    alley,
    apartment,
    bar,
    bedroom,
    cafe,
    car,
    corridor,
    courtroom,
    hospital,
    office,
    park,
    rooftop,
    seaside,
    street,
)
from microdrama_assets.studios.draft.sets.stage import Scenery

SCENERIES: Mapping[SetKind, Scenery] = {
    "cafe": cafe.SCENERY,
    "apartment": apartment.SCENERY,
    "bedroom": bedroom.SCENERY,
    "office": office.SCENERY,
    "hospital": hospital.SCENERY,
    "corridor": corridor.SCENERY,
    "bar": bar.SCENERY,
    "courtroom": courtroom.SCENERY,
    "car": car.SCENERY,
    "alley": alley.SCENERY,
    "street": street.SCENERY,
    "rooftop": rooftop.SCENERY,
    "park": park.SCENERY,
    "seaside": seaside.SCENERY,
}
