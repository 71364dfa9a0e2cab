"""Program synthesis: proposals, the constraints phi_1 and phi_2, and refinement by REx."""

from wc_engine.synthesis.candidate import Candidate
from wc_engine.synthesis.constraints import Counterexample, DataVerdict, OptimismVerdict, PlanVerdict, compare
from wc_engine.synthesis.evaluation import Evaluation, Evaluator, ProgramRunner
from wc_engine.synthesis.rex import RexArm, RexTree
from wc_engine.synthesis.synthesizer import Judged, SynthesisConfig, Synthesizer

__all__ = [
    "Candidate",
    "Counterexample",
    "DataVerdict",
    "Evaluation",
    "Evaluator",
    "Judged",
    "OptimismVerdict",
    "PlanVerdict",
    "ProgramRunner",
    "RexArm",
    "RexTree",
    "SynthesisConfig",
    "Synthesizer",
    "compare",
]
