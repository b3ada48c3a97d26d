"""Which product is it, how sure are we, and is it in the catalogue at all."""

from kiosk.search.engine import SearchEngine
from kiosk.search.results import ConfusablePair, FitReport, Rehearsal

__all__ = ["ConfusablePair", "FitReport", "Rehearsal", "SearchEngine"]
