"""How good is recognition, measured on photos with known answers."""

from kiosk.evaluation.report import EvaluationReport, Outcome
from kiosk.evaluation.run import evaluate

__all__ = ["EvaluationReport", "Outcome", "evaluate"]
