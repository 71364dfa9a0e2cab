"""Many episodes inside a model at once, with the API of Gymnasium's vector environments."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import gymnasium
import numpy as np
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space
from numpy.typing import NDArray

from wc_engine.errors import EncodingError
from wc_engine.models.base import StepOutcome
from wc_engine.models.batch import BatchResult, BatchStepper
from wc_engine.models.problem import Problem, U64Array
from wc_engine.state.entities import State

__all__ = ["Answer", "ModelVectorEnv", "Observations", "Starts", "StateSpace"]

_OK, _FAILED = 1, 2

Observations: TypeAlias = Literal["words", "states"]
Answer: TypeAlias = Callable[[State, str], StepOutcome]
"""Makes one step by other means than native code."""

_Bools: TypeAlias = NDArray[np.bool_]
_Observation: TypeAlias = "U64Array | tuple[State, ...]"


class StateSpace(gymnasium.Space[State]):
    """The space of symbolic states. It samples initial states.

    Args:
        draw: returns the initial state of a number.
        count: how many there are.
        seed: seeds the sampling.
    """

    def __init__(self, draw: Callable[[int], State], count: int, seed: int | None = None) -> None:
        super().__init__(seed=seed)
        self._draw = draw
        self._count = count

    @property
    def is_np_flattenable(self) -> bool:
        return False

    def sample(self, mask: Any | None = None, probability: Any | None = None) -> State:
        """Return an initial state."""
        return self._draw(int(self.np_random.integers(self._count)))

    def contains(self, x: object) -> bool:
        """Whether ``x`` is a state."""
        return isinstance(x, State)

    def __deepcopy__(self, memo: object) -> StateSpace:
        copy = StateSpace(self._draw, self._count)
        copy.np_random.bit_generator.state = self.np_random.bit_generator.state
        return copy

    def __eq__(self, other: object) -> bool:
        return isinstance(other, StateSpace)

    def __hash__(self) -> int:
        return hash(StateSpace)

    def __repr__(self) -> str:
        return "StateSpace()"


@dataclass(frozen=True, slots=True)
class Starts:
    """Initial states.

    Attributes:
        problems: the problems that they belong to, all with the same actions.
        which: the index of each initial state's problem. Shape ``[K]``, int32.
        words: the initial states, packed; rows of narrower problems end in zeros. Shape ``[K, W]``, uint64.
    """

    problems: tuple[Problem, ...]
    which: NDArray[np.int32]
    words: U64Array

    @classmethod
    def of_problems(cls, problems: Sequence[Problem]) -> Starts:
        """Return the initial states of problems."""
        if not problems:
            raise ValueError("expected at least one problem")
        words = np.zeros((len(problems), max(problem.num_words for problem in problems)), dtype=np.uint64)
        for row, problem in zip(words, problems, strict=True):
            row[: problem.num_words] = problem.initial_words
        return cls(tuple(problems), np.arange(len(problems), dtype=np.int32), words)


class ModelVectorEnv(VectorEnv[_Observation, NDArray[np.integer[Any]], NDArray[Any]]):
    """Episodes inside a model. All of them step at once, in native code, on all cores.

    Observations are packed states, ``W`` words of uint64 each, or symbolic states (``StateSpace``). Actions are indices
    of the problem's actions. An episode terminates where the model says done, and where the program fails: a dead end,
    ``infos["failed"]``. It is truncated at the time limit, and where a step has no answer (``infos["unanswered"]``):
    one that leaves the packed ranges and that the reference cannot bring back. In both cases the state stays as it was
    and the reward is 0.

    ``reset`` draws each episode's initial state from the seed; ``options={"start": numbers}`` names them instead, and
    ``options={"reset_mask": mask}`` leaves the other episodes as they are. ``infos["start"]`` holds the number of the
    initial state of every episode that begins. ``SAME_STEP`` puts the last observations into ``infos["final_obs"]``
    and what was said of them into ``infos["final_info"]``.

    Args:
        starts: the initial states.
        num_envs: ``N``, how many episodes run at once.
        max_episode_steps: steps after which an episode is truncated; None for no limit.
        observations: ``"words"`` or ``"states"``.
        autoreset_mode: when a finished episode begins anew, as Gymnasium defines it.
        threads: how many threads to use at most; None for the cores that this process may use.
        answer: makes the steps that native code has no answer to; None where there is no other way.
        on_close: called once, when the environment is closed.

    Raises:
        ValueError: an argument is impossible.
    """

    def __init__(
        self,
        starts: Starts,
        num_envs: int,
        *,
        max_episode_steps: int | None = None,
        observations: Observations = "words",
        autoreset_mode: AutoresetMode | str = AutoresetMode.NEXT_STEP,
        threads: int | None = None,
        answer: Answer | None = None,
        on_close: Callable[[], None] | None = None,
    ) -> None:
        if num_envs < 1 or (max_episode_steps is not None and max_episode_steps < 1):
            raise ValueError(f"expected at least one episode and one step, got {num_envs} and {max_episode_steps}")
        if observations not in ("words", "states"):
            raise ValueError(f"expected observations to be 'words' or 'states', got {observations!r}")
        self.num_envs = num_envs
        self.autoreset_mode = AutoresetMode(autoreset_mode)
        self.metadata = {"render_modes": [], "autoreset_mode": self.autoreset_mode}
        self.problems = starts.problems
        self.actions = starts.problems[0].actions
        self._starts = starts
        self._stepper = BatchStepper(starts.problems, threads)
        self._limit = max_episode_steps
        self._symbolic = observations == "states"
        self._answer = answer
        self._on_close = on_close
        self._words: U64Array = np.zeros((num_envs, self._stepper.num_words), dtype=np.uint64)
        self._which = np.zeros(num_envs, dtype=np.int32)
        self._elapsed = np.zeros(num_envs, dtype=np.int64)
        self._over = np.zeros(num_envs, dtype=bool)
        self._begun = False
        self.single_action_space = gymnasium.spaces.Discrete(self._stepper.num_actions)
        self.action_space = batch_space(self.single_action_space, num_envs)
        self.single_observation_space = self._observation_space()
        self.observation_space = batch_space(self.single_observation_space, num_envs)

    def _observation_space(self) -> gymnasium.Space[Any]:
        if self._symbolic:
            return StateSpace(self.start_state, len(self._starts.which))
        return gymnasium.spaces.Box(0, np.iinfo(np.uint64).max, (self._stepper.num_words,), np.uint64)

    @property
    def num_starts(self) -> int:
        """How many initial states there are."""
        return len(self._starts.which)

    def start_state(self, number: int) -> State:
        """Return an initial state."""
        return self._decode(self._starts.words[number], int(self._starts.which[number]))

    def states(self) -> tuple[State, ...]:
        """Return the current states, unpacked."""
        return tuple(map(self._decode, self._words, self._which.tolist()))

    def reset(
        self, *, seed: int | None = None, options: Mapping[str, Any] | None = None
    ) -> tuple[_Observation, dict[str, Any]]:
        """Begin episodes; see the class for ``options``."""
        super().reset(seed=seed)
        options = options or {}
        mask = self._mask(options.get("reset_mask"))
        self._begun = True
        infos = self._begin(mask, options.get("start"))
        return self._observe(self._words, self._which), infos

    def step(
        self, actions: NDArray[np.integer[Any]]
    ) -> tuple[_Observation, NDArray[np.float64], _Bools, _Bools, dict[str, Any]]:
        """Do one action in every episode.

        Args:
            actions: the index of each action. Shape ``[N]``, any integers.

        Raises:
            ValueError: the shape is wrong or an index out of range.
            RuntimeError: there was no ``reset``, or an episode is over and nobody resets it.
        """
        if not self._begun:
            raise RuntimeError("reset the environment before its first step")
        if self.autoreset_mode is AutoresetMode.DISABLED and self._over.any():
            raise RuntimeError(f"the episodes {np.flatnonzero(self._over).tolist()} are over: reset them")
        given = np.asarray(actions)
        if given.shape != (self.num_envs,) or not np.issubdtype(given.dtype, np.integer):
            raise ValueError(f"expected {self.num_envs} indices of actions, got {given.dtype} of shape {given.shape}")
        begins = self._over.copy()
        chosen = np.where(begins, 0, given)
        result = self._stepper.step(self._words, chosen, self._which)
        unanswered = (result.statuses != _OK) & (result.statuses != _FAILED) & ~begins
        failed = (result.statuses == _FAILED) & ~begins
        for place in np.flatnonzero(unanswered):
            failed[place], unanswered[place] = self._answer_otherwise(int(place), int(chosen[place]), result)
        self._words = result.next
        self._elapsed += 1
        rewards, terminations = np.where(begins, 0.0, result.rewards), (result.dones | failed) & ~begins
        out_of_time = np.zeros_like(begins) if self._limit is None else self._elapsed >= self._limit
        truncations = (out_of_time | unanswered) & ~terminations & ~begins
        infos: dict[str, Any] = {}
        _note(infos, failed=failed, unanswered=unanswered)
        if begins.any():
            infos |= self._begin(begins)
        self._over = terminations | truncations
        if self.autoreset_mode is AutoresetMode.SAME_STEP and self._over.any():
            infos = self._end_in_same_step(infos)
        return self._observe(self._words, self._which), rewards, terminations, truncations, infos

    def render(self) -> None:
        """Return None: there are no render modes; ``states`` has what there is to see."""

    def close_extras(self, **kwargs: Any) -> None:
        """Give back what answers steps that native code has no answer to."""
        if self._on_close is not None:
            self._on_close()

    def _begin(self, mask: _Bools, numbers: object = None) -> dict[str, Any]:
        """Begin the masked episodes; return what there is to say of them."""
        places, known = np.flatnonzero(mask), len(self._starts.which)
        if numbers is None:
            drawn = self.np_random.integers(known, size=len(places))
        else:
            drawn = np.broadcast_to(np.asarray(numbers), self.num_envs)[places]
            if not ((drawn >= 0) & (drawn < known)).all():
                raise ValueError(f"expected numbers of initial states below {known}, got {drawn.tolist()}")
        self._words[places] = self._starts.words[drawn]
        self._which[places] = self._starts.which[drawn]
        self._elapsed[places] = 0
        self._over[places] = False
        started = np.zeros(self.num_envs, dtype=np.int64)
        started[places] = drawn
        return {"start": started, "_start": mask.copy()}

    def _end_in_same_step(self, infos: dict[str, Any]) -> dict[str, Any]:
        """Begin anew what is over now; the last observations go to the infos."""
        over = self._over.copy()
        places = np.flatnonzero(over)
        last = self._observe(self._words[places], self._which[places])
        final = np.full(self.num_envs, None, dtype=object)
        for place, observation in zip(places, last, strict=True):
            final[place] = observation
        return {
            "final_obs": final,
            "_final_obs": over,
            "final_info": infos,
            "_final_info": over,
            **self._begin(over),
        }

    def _answer_otherwise(self, place: int, action: int, result: BatchResult) -> tuple[bool, bool]:
        """Make a step that native code has no answer to; return whether it failed, and whether it still has none."""
        if self._answer is None:
            return False, True
        problem = self.problems[self._which[place]]
        outcome = self._answer(self._decode(self._words[place], int(self._which[place])), self.actions[action])
        if outcome.failed and not outcome.out_of_limits:
            return True, False
        if outcome.next_state is None or outcome.reward is None:
            return False, True
        try:
            words = problem.encode(outcome.next_state)
        except EncodingError:
            return False, True
        result.next[place, : problem.num_words] = words
        result.rewards[place], result.dones[place] = outcome.reward, bool(outcome.done)
        return False, False

    def _mask(self, mask: object) -> _Bools:
        if mask is None:
            return np.ones(self.num_envs, dtype=bool)
        if not isinstance(mask, np.ndarray) or mask.dtype != np.bool_ or mask.shape != (self.num_envs,):
            raise ValueError(f"expected a reset_mask of {self.num_envs} booleans, got {mask!r}")
        if not self._begun and not mask.all():
            raise ValueError("the first reset must begin every episode")
        return mask

    def _observe(self, words: U64Array, which: NDArray[np.int32]) -> _Observation:
        return tuple(map(self._decode, words, which.tolist())) if self._symbolic else words.copy()

    def _decode(self, words: U64Array, which: int) -> State:
        problem = self.problems[which]
        return problem.decode(words[: problem.num_words])


def _note(infos: dict[str, Any], **flags: _Bools) -> None:
    """Add the flags that are set anywhere, each with its mask, as Gymnasium has it."""
    for name, flag in flags.items():
        if flag.any():
            infos[name], infos[f"_{name}"] = flag, flag.copy()
