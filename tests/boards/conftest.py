"""The face of boxes that the studios' tests use."""

from tests.studios.conftest import fonts as fonts
