"""What the assets use and do not make: stores, engines, codecs, clocks, the models' files."""

import os

os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
"""ONNX Runtime's Linux wheels report to their maker since 1.29 unless this is set before they load: they keep a
database in the user's cache and spend up to two seconds on it when a process ends."""
