"""World models: program text, its reference semantics, and the sandbox that it runs in."""

from wc_engine.models.base import StepOutcome, WorldModel
from wc_engine.models.capsule import CapsuleProblem, make_capsule
from wc_engine.models.dataset import (
    Transition,
    TransitionDataset,
    append_transition,
    read_transitions,
    write_transitions,
)
from wc_engine.models.interpreted import ReferenceInterpreter
from wc_engine.models.open import TrustedModel, open_model
from wc_engine.models.program import Program
from wc_engine.models.requests import ModelEvaluation, Recorded, RunningModel, StepRequest, TimedOutcome
from wc_engine.models.sandbox import Sandbox, SandboxedModel

__all__ = [
    "CapsuleProblem",
    "ModelEvaluation",
    "Program",
    "Recorded",
    "ReferenceInterpreter",
    "RunningModel",
    "Sandbox",
    "SandboxedModel",
    "StepOutcome",
    "StepRequest",
    "TimedOutcome",
    "Transition",
    "TransitionDataset",
    "TrustedModel",
    "WorldModel",
    "append_transition",
    "make_capsule",
    "open_model",
    "read_transitions",
    "write_transitions",
]
