"""Errors of Content Credentials, below the one root of everything that can be wrong with evidence."""

from __future__ import annotations

from audit.errors import EvidenceError


class CredentialError(EvidenceError):
    """The root of this package's errors."""


class NoCertificate(CredentialError):
    """Signing was asked for and there is nothing to sign with."""


class BadCertificate(CredentialError):
    """A certificate or key that cannot be read, has ended, or does not belong to its key."""


class CannotSign(CredentialError):
    """A file that cannot carry Content Credentials."""


class CannotSeal(CredentialError):
    """A folder that is no whole release: a link in it, or a playlist that names a file that is not there."""
