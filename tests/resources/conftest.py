"""A bucket on this machine, for the tests of stores."""

from tests.s3 import place, s3

__all__ = ["place", "s3"]
