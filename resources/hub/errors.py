"""What can be wrong with a model of a hub: each says which file, what it is instead, and what to do."""

from __future__ import annotations

from resources.errors import ResourceError


class HubError(ResourceError):
    """A model of a hub that cannot be named, had or loaded."""


class NotPinned(HubError):
    """A revision, digest or path that could mean other bytes tomorrow."""


class FileMissing(HubError):
    """A file that the model names and the model folder does not hold."""


class FileAltered(HubError):
    """A file whose bytes do not have the digest that the model names."""


class FileUnnamed(HubError):
    """A file in a model's folder that the model does not name: a library might load it all the same."""


class FileTruncated(HubError):
    """A file that ends before its own header says."""


class PickleRefused(HubError):
    """A file that could run code when it is loaded."""


class Offline(HubError):
    """A file would have to be fetched, and the network is switched off."""


class PullFailed(HubError):
    """The hub's client could not fetch a file."""
