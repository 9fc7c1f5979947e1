"""Adopting a policy: the file in the home comes into force by a signed decision, and by nothing else."""

from __future__ import annotations

from audit import decisions, instants
from audit.adoption import InForce, in_force
from audit.decisions import Kind
from audit.errors import EvidenceError, PolicyMissing, RoleMissing
from audit.policy import content_digest, parse_policy
from audit.signers import load_signer
from audit.trust import TrustRoot
from deployment.deciding import state
from resources.evidence import Evidence
from resources.home import Home
from resources.policies import POLICY, written_policy


def policy_now(home: Home) -> InForce:
    """The policy in force by the log, with everything that waits logged."""
    evidence = Evidence(home)
    if evidence.pending():
        evidence.sequence()
    return in_force(evidence.decided().decisions)


def adopt(home: Home, source: str, comment: str) -> str | None:
    """Puts `policy.yaml` into force by the word of somebody who may, under the policy in force before. Returns the
    statement's SHA-256; None where it is in force already.

    Raises PolicyMissing, PolicyInvalid, and RoleMissing where the key's owner may not, or where nobody might adopt
    another policy after this one.
    """
    now, written, place = policy_now(home), written_policy(home), str(home.root / POLICY)
    if written is None:
        raise PolicyMissing("there is no policy to adopt", place, "Write one; start from: microdrama policy show")
    if content_digest(written) == now.digest:
        return None
    trust, allowed = Evidence(home).trust, now.policy().roles(Kind.POLICY, decisions.EVERYWHERE)
    held = trust.find(load_signer(source, lambda keyid: trust.find(keyid).key).public_key.keyid)
    if not set(held.roles) & allowed:
        raise RoleMissing(f"{held.name} may not adopt a policy: {' or '.join(sorted(allowed))} may", held.keyid,
                          "Have somebody of that role sign")
    after = parse_policy(written, place).adopters
    if not _holders(trust, after):
        raise RoleMissing(f"nobody is {' or '.join(sorted(after))}, so nobody could ever adopt another policy",
                          place, "Trust a key with that role first: microdrama keys trust")
    return state(home, decisions.adoption(written, comment), source, now.policy())


def _holders(trust: TrustRoot, roles: frozenset[str]) -> list[str]:
    """People with a valid key in any of these roles."""
    found: list[str] = []
    for key in trust.keys:
        try:
            key.check(instants.now(), roles)
            found.append(key.name)
        except EvidenceError:
            continue
    return found
