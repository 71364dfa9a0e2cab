"""Monte-Carlo tree search: UCT and PUCT with a transposition table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite

from wc_engine.models.problem import Problem, U64Array
from wc_engine.planners._core.mcts import MctsSearch
from wc_engine.planners.mcts_config import LeafValue, MctsConfig, MctsResult, Prior, Shaping
from wc_engine.planners.result import PlanResult
from wc_engine.planners.running import Progress, run_search
from wc_engine.state.entities import State

__all__ = ["MctsPlanner", "mcts_plan", "mcts_search"]


def mcts_plan(problem: Problem, config: MctsConfig | None = None, *, progress: Progress | None = None) -> PlanResult:
    """Look for a plan by simulations; see ``mcts_search``."""
    return mcts_search(problem, config, progress=progress).plan_result


def mcts_search(
    problem: Problem,
    config: MctsConfig | None = None,
    *,
    prior: Prior | None = None,
    leaf_value: LeafValue | None = None,
    shaping: Shaping | None = None,
    progress: Progress | None = None,
) -> MctsResult:
    """Look for a plan by simulations, and return the statistics of the initial state with it.

    ``csrc/wc_uct.h`` says what a simulation does. In one thread the same seed and limits on counts give the same
    result on every run.

    Args:
        problem: what to search.
        config: settings.
        prior: weighs the actions of a state for ``selection="puct"``; None: all alike.
        leaf_value: values a new state instead of a rollout.
        shaping: added to the rewards of the tree (rollouts and the returns of plans are without it).
        progress: called about every 10 ms with the states expanded and generated.

    Raises:
        InternalError: the model broke the C contract.
        ModelExecutionError: a step has no answer (out of range, fuel or scratch) and the problem cannot resolve it.
        ValueError: a callback returned something that is not finite, or not a weight for every action.
    """
    planner = MctsPlanner(problem, config, prior=prior, leaf_value=leaf_value, shaping=shaping)
    return planner.search(progress=progress)


class MctsPlanner:
    """A search whose tree is kept from call to call and from move to move.

    Args: as ``mcts_search``.
    """

    def __init__(
        self,
        problem: Problem,
        config: MctsConfig | None = None,
        *,
        prior: Prior | None = None,
        leaf_value: LeafValue | None = None,
        shaping: Shaping | None = None,
    ) -> None:
        self.config = config or MctsConfig()
        self._problem = problem
        self._prior = prior
        self._leaf_value = leaf_value
        self._shaping = shaping
        if prior is not None and self.config.selection != "puct":
            raise ValueError("a prior is for selection='puct'")
        self._search: MctsSearch | None = None
        self._root: State | None = None

    def search(self, max_simulations: int | None = None, *, progress: Progress | None = None) -> MctsResult:
        """Simulate on from what the tree holds, up to the limits of the settings, which count anew for each call.

        Args:
            max_simulations: instead of that of the settings.
            progress: called about every 10 ms with the states expanded and generated.

        Raises: as ``mcts_search``.
        """
        config = self.config
        before = 0 if self._search is None else self._search.simulations
        budget = config.max_simulations if max_simulations is None else max_simulations
        run = run_search(
            self._problem,
            self._start,
            planner="mcts",
            time_limit_seconds=config.time_limit_seconds,
            budget=None if budget is None else before + budget,
            progress=progress,
            seed=config.seed,
        )
        visit_counts, q_values = run.search.root_statistics()
        return MctsResult(
            plan_result=run.result,
            simulations=max(0, run.search.simulations - before),
            stored=run.search.stored,
            visit_counts=visit_counts,
            q_values=q_values,
        )

    def advance(self, state: State) -> None:
        """Make the state that a move led to the root, and keep all that the tree knows from there on.

        A state that the tree does not know begins an empty one.

        Raises:
            EncodingError: the state does not fit the problem.
        """
        words = self._problem.encode(state)
        self._root = state
        if self._search is not None:
            self._search.advance(words)

    def _start(self, problem: Problem) -> MctsSearch:
        """Return the search as it is, or a new one where there is none or the problem has another form by now."""
        if self._search is None or problem is not self._problem:
            self._search = self._new_search(problem)
            self._problem = problem
        return self._search

    def _new_search(self, problem: Problem) -> MctsSearch:
        config = self.config
        return MctsSearch(
            problem.capsule,
            problem.initial_words if self._root is None else problem.encode(self._root),
            config.memory_limit_bytes,
            exploration=config.exploration,
            discount=config.discount,
            first_play_urgency=config.urgency,
            virtual_loss=config.virtual_loss,
            depth_limit=config.depth_limit,
            rollout_depth=config.rollout_depth,
            puct=config.selection == "puct",
            stop_at_first_plan=config.stop_at_first_plan,
            expand_once=config.expand_once,
            prune_solved=config.prune_solved,
            seed=config.seed,
            num_threads=config.num_threads,
            share_tree=config.parallel == "tree",
            prior=_on_words_prior(problem, self._prior),
            value=_on_words_value(problem, self._leaf_value),
            shape=_on_words_shaping(problem, self._shaping),
        )


def _on_words_prior(problem: Problem, prior: Prior | None) -> Callable[[U64Array], Sequence[float]] | None:
    if prior is None:
        return None

    def weigh(words: U64Array) -> Sequence[float]:
        weights = [float(weight) for weight in prior(problem.decode(words))]
        if len(weights) != len(problem.actions) or not all(isfinite(weight) and weight >= 0 for weight in weights):
            raise ValueError(f"a prior returned {weights}: expected {len(problem.actions)} numbers from 0")
        return weights

    return weigh


def _on_words_value(problem: Problem, leaf_value: LeafValue | None) -> Callable[[U64Array], float] | None:
    if leaf_value is None:
        return None
    return lambda words: leaf_value(problem.decode(words))


def _on_words_shaping(problem: Problem, shaping: Shaping | None) -> Callable[[U64Array, int, U64Array], float] | None:
    if shaping is None:
        return None
    return lambda words, action, following: shaping(
        problem.decode(words), problem.actions[action], problem.decode(following)
    )
