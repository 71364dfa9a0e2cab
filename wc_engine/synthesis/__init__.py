"""Program synthesis: proposals, the constraints phi_1 and phi_2, and refinement by REx."""

from wc_engine.synthesis.candidate import Candidate
from wc_engine.synthesis.constraints import Counterexample, DataVerdict, OptimismVerdict, PlanVerdict, compare
from wc_engine.synthesis.evaluation import Evaluation, Evaluator, ProgramRunner
from wc_engine.synthesis.proposals import ArmKind, Judged, ProposalRequest
from wc_engine.synthesis.strategies import Arm, StrategyName
from wc_engine.synthesis.synthesizer import SynthesisConfig, Synthesizer

__all__ = [
    "Arm",
    "ArmKind",
    "Candidate",
    "Counterexample",
    "DataVerdict",
    "Evaluation",
    "Evaluator",
    "Judged",
    "OptimismVerdict",
    "PlanVerdict",
    "ProgramRunner",
    "ProposalRequest",
    "StrategyName",
    "SynthesisConfig",
    "Synthesizer",
    "compare",
]
