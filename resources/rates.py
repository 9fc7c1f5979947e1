"""What time costs: US dollars per hour of this machine and of a GPU, from `rates.yaml` in the home.

Zero until somebody says otherwise, because a draft on one's own machine costs nothing. Rates price history; they never
enter an action's digest.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from resources.errors import ResourceError

FILE = "rates.yaml"
TEMPLATE = """\
# US dollars per hour of use. `microdrama plan` and `--max-usd` price recorded seconds with these.
machine_usd_per_hour: 0.0
gpu_usd_per_hour: 0.0
"""


@dataclass(frozen=True)
class Rates:
    """US dollars per hour."""

    machine_usd_per_hour: float = 0.0
    gpu_usd_per_hour: float = 0.0

    def usd(self, seconds: float, gpu_seconds: float = 0.0, charges_usd: float = 0.0) -> float:
        """The price of `seconds` on this machine, `gpu_seconds` on a GPU and what services charge."""
        hourly = seconds * self.machine_usd_per_hour + gpu_seconds * self.gpu_usd_per_hour
        return round(hourly / 3600 + charges_usd, 8)

    @property
    def free(self) -> bool:
        """Whether time costs nothing at all."""
        return self.machine_usd_per_hour == 0.0 and self.gpu_usd_per_hour == 0.0


def load_rates(folder: Path) -> Rates:
    """The rates of a home; zero where it has no file. Raises ResourceError for a file that is not understood."""
    import yaml  # only where a plan is told anew

    path = folder / FILE
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        rates = Rates(**{name: float(value) for name, value in values.items()})
    except FileNotFoundError:
        return Rates()
    except (yaml.YAMLError, AttributeError, TypeError, ValueError, UnicodeDecodeError) as error:
        raise ResourceError(f"the rates are not understood ({error})", str(path),
                            f"Write them like this:\n{TEMPLATE}") from error
    if min(rates.machine_usd_per_hour, rates.gpu_usd_per_hour) < 0:
        raise ResourceError("a rate is below zero", str(path), "Use 0 for what costs nothing")
    return rates
