"""By whose leave a character's face is learnt and shown: asked before a bundle is made, not only at publication."""

from __future__ import annotations

from audit.decisions import EVERYWHERE, Decision, Kind
from audit.instants import now
from audit.rights import consent_missing
from microdrama_assets.graph.desk import Desk
from microdrama_assets.schemas.series import Character
from microdrama_assets.studios.final.errors import ConsentMissing
from resources.policies import policy_of

FACE = "face"


def check_leave(desk: Desk, series: str, card: Character) -> None:
    """Raises ConsentMissing where the card names a consent and none of that name covers the face and holds now, in some
    territory. Which markets it covers is asked again by the gate of each publication.
    """
    if card.consent is None:
        return
    reference = card.consent
    reason = desk.remember(("consent", series, reference), lambda: _missing(desk, series, reference))
    if reason is not None:
        raise ConsentMissing(
            f"a real person's face stands behind {card.name} (consent: {reference}), and {reason}",
            f"characters/{card.slug}.yaml", f"Record it: microdrama consent add {reference} --covers {FACE}")


def _missing(desk: Desk, series: str, reference: str) -> str | None:
    known = desk.evidence.decided().decisions
    policy, at = policy_of(desk.home, known, series), now()
    named = [one for one in known if one.kind is Kind.CONSENT and one.told["reference"] == reference]
    faceless = [one for one in named if FACE not in one.told["covers"]]
    if named and len(faceless) == len(named):
        return f"the consent {reference!r} does not cover the face"
    counted: list[Decision] = [one for one in known if one not in faceless]
    places = sorted({EVERYWHERE, *(place for one in named for place in one.validity.territories)})
    reasons = [consent_missing(reference, counted, policy, place, at) for place in places]
    return None if None in reasons else reasons[-1]
