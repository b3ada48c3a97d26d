from .plot import save_plot as save_plot
from .report import EvaluationReport as EvaluationReport, Outcome as Outcome
from .run import evaluate as evaluate
from .speed import Stage as Stage, measure as measure
