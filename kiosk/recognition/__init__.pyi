from .confidence import SHARPNESS as SHARPNESS, ConfidenceParameters as ConfidenceParameters
from .engine import SearchEngine as SearchEngine
from .fit import (
    RECIPE_ID as RECIPE_ID,
    UNFITTED as UNFITTED,
    Fit as Fit,
    dump_fit as dump_fit,
    parse_fit as parse_fit,
)
from .index import VIEW_MARK as VIEW_MARK, Index as Index, group_rows as group_rows
from .metric import (
    IDENTICAL as IDENTICAL,
    NEAREST_WEIGHT as NEAREST_WEIGHT,
    MetricParameters as MetricParameters,
)
from .open_set import (
    LEAST_KNOWN as LEAST_KNOWN,
    LEAST_RIGHT as LEAST_RIGHT,
    RISK_PER_BUDGET as RISK_PER_BUDGET,
    UNKNOWN_COST as UNKNOWN_COST,
)
from .results import (
    ConfusablePair as ConfusablePair,
    MetricName as MetricName,
    Rehearsal as Rehearsal,
)
