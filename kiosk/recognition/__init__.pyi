from .confidence import (
    SHARPNESS as SHARPNESS,
    ConfidenceParameters as ConfidenceParameters,
    fit_confidence as fit_confidence,
    share as share,
)
from .engine import SearchEngine as SearchEngine
from .holdout import (
    hold_out_cosine as hold_out_cosine,
    hold_out_tuned as hold_out_tuned,
    sample_rows as sample_rows,
)
from .index import Index as Index, group_rows as group_rows
from .metric import (
    IDENTICAL as IDENTICAL,
    NEAREST_WEIGHT as NEAREST_WEIGHT,
    MetricParameters as MetricParameters,
    fit_metric as fit_metric,
    product_means as product_means,
    scatter as scatter,
)
from .open_set import (
    LEAST_KNOWN as LEAST_KNOWN,
    LEAST_RIGHT as LEAST_RIGHT,
    RISK_PER_BUDGET as RISK_PER_BUDGET,
    UNKNOWN_COST as UNKNOWN_COST,
    risk as risk,
)
from .results import (
    ConfusablePair as ConfusablePair,
    FitReport as FitReport,
    MetricName as MetricName,
    Rehearsal as Rehearsal,
)
from .scoring import Scorer as Scorer
