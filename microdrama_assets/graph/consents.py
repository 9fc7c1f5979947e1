"""By whose leave a face is learnt and shown and a voice is sounded like: asked before anything is made, not only at
publication.
"""

from __future__ import annotations

from audit.decisions import EVERYWHERE, Decision, Kind
from audit.instants import now
from audit.rights import consent_missing
from microdrama_assets.graph.desk import Desk
from microdrama_assets.schemas.series import Character
from microdrama_assets.studios.final.errors import ConsentMissing
from resources.policies import policy_of

FACE, VOICE = "face", "voice"


def check_leave(desk: Desk, series: str, card: Character, covered: str = FACE) -> None:
    """Raises ConsentMissing where the card names a consent and none of that name covers the face (or the voice) and
    holds now, in some territory. Which markets it covers is asked again by the gate of each publication.
    """
    if card.consent is None:
        return
    reference = card.consent
    reason = desk.remember(("consent", covered, series, reference), lambda: _missing(desk, series, reference, covered))
    if reason is not None:
        raise ConsentMissing(
            f"a real person's {covered} stands behind {card.name} (consent: {reference}), and {reason}",
            f"characters/{card.slug}.yaml", f"Record it: microdrama consent add {reference} --covers {covered}")


def check_recording(desk: Desk, series: str, card: Character, role: str, synthetic: bool) -> None:
    """Raises ConsentMissing for a recording of somebody who did not consent, or of nobody knows whom. `role`: what in
    models.yaml uses it; `synthetic`: what it says there."""
    if synthetic:
        return
    if card.consent is None:
        raise ConsentMissing(
            f"{card.name} is to sound like a recording, and nothing says by whose leave", role,
            f"Name the person's consent in characters/{card.slug}.yaml; or, where nobody real speaks in it, write "
            "`synthetic: true` there")
    check_leave(desk, series, card, VOICE)


def _missing(desk: Desk, series: str, reference: str, covered: str) -> str | None:
    known = desk.evidence.decided().decisions
    policy, at = policy_of(desk.home, known, series), now()
    named = [one for one in known if one.kind is Kind.CONSENT and one.told["reference"] == reference]
    others = [one for one in named if covered not in one.told["covers"]]
    if named and len(others) == len(named):
        return f"the consent {reference!r} does not cover the {covered}"
    counted: list[Decision] = [one for one in known if one not in others]
    places = sorted({EVERYWHERE, *(place for one in named for place in one.validity.territories)})
    reasons = [consent_missing(reference, counted, policy, place, at) for place in places]
    return None if None in reasons else reasons[-1]
