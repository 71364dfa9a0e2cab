"""The agent: observe, synthesize, plan, act (algorithm 1 of the paper)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from wc_engine.agent.config import LearnConfig
from wc_engine.agent.episode import (
    AgentEvent,
    Charted,
    Departed,
    EpisodeEnd,
    EpisodeRecord,
    EventKind,
    Progress,
    Proposed,
    Refining,
    Searched,
    StepTaken,
    Subject,
)
from wc_engine.agent.exploration import Explorer
from wc_engine.agent.planning import ModelPlanner
from wc_engine.agent.run_state import InitialState, RunState
from wc_engine.envs.protocol import Environment
from wc_engine.models.dataset import Transition
from wc_engine.models.requests import RunningModel
from wc_engine.planners.result import PlanResult, SearchStatus
from wc_engine.state.entities import State
from wc_engine.synthesis.candidate import Candidate
from wc_engine.synthesis.constraints import compare
from wc_engine.synthesis.proposals import Judged
from wc_engine.synthesis.proposers.base import AnyProposer
from wc_engine.synthesis.strategies import Arm
from wc_engine.synthesis.synthesizer import JOINER, Synthesizer

__all__ = ["Agent"]


@dataclass(slots=True)
class _Course:
    """The actions that the agent is about to do, and why it chose them."""

    actions: list[str]
    is_plan: bool

    @property
    def reason(self) -> str:
        return "planned" if self.is_plan else "novel"


class Agent:
    """Learns a world model of one environment while it acts, and acts on it.

    All that it knows is in its ``state``, so that an agent made from that goes on where another one ended.

    Args:
        env: the world.
        proposer: who writes programs.
        config: settings; the seed decides every choice.
        state: the run so far, with a stage begun for ``env``; or None for a run that begins here.
        on_event: called with what happens.
        should_stop: asked before each step; the episode ends where it says so.
    """

    def __init__(
        self,
        env: Environment,
        proposer: AnyProposer,
        config: LearnConfig,
        state: RunState | None = None,
        *,
        on_event: Callable[[AgentEvent], None] | None = None,
        should_stop: Callable[[], bool] | None = None,
    ) -> None:
        if state is None:
            state = RunState.fresh(config.seed)
            state.begin_stage(env.name)
        self.state = state
        self._env = env
        self._config = config
        self._on_event = on_event
        self._should_stop = should_stop
        self._planner = self._made_planner()
        self._explorer = Explorer(env.actions, config.planning.explored)
        self._synthesizer = Synthesizer(
            proposer,
            self._planner,
            config.synthesis,
            state.refining,
            self._note_proposal,
            self._note_pull,
            num_candidates=state.num_candidates,
        )
        self._course: _Course | None = None

    @property
    def progress(self) -> Progress:
        """Where the run stands."""
        return self.state.progress

    @property
    def transitions(self) -> list[Transition]:
        """Everything seen, oldest first."""
        return self.state.knowledge.transitions

    @property
    def candidate(self) -> Candidate | None:
        """The program that the agent holds, or None."""
        return self.state.knowledge.candidate

    def close(self) -> None:
        """Give back what planning holds."""
        self._planner.close()

    def settle(self) -> None:
        """Forget, between two episodes, what a checkpoint does not hold."""
        self._planner.settle()

    def running_model(self) -> RunningModel:
        """Return the program that the agent holds, opened.

        Raises:
            RuntimeError: it holds none yet.
        """
        if self.candidate is None:
            raise RuntimeError("the agent has no program yet")
        return self._planner.running(self.candidate.program)

    def run_episode(self) -> EpisodeRecord:
        """Play one episode, learning all the while."""
        progress = self.progress
        progress.episode += 1
        progress.stage.episodes += 1
        seed = self.state.seeds.getrandbits(29)
        state, mission = self._env.reset(seed)
        first_state, first_step = state, progress.steps
        self._begin(state, mission)
        limit = self._config.max_steps or self._env.max_steps
        counts = {"random": 0, "planned": 0, "novel": 0}
        total = 0.0
        end = EpisodeEnd.CUT
        while progress.steps - first_step < limit:
            if self._should_stop is not None and self._should_stop():
                end = EpisodeEnd.STOPPED
                break
            self._improve()
            action, reason = self._choose(state, mission, first_state)
            if action is None:
                end = EpisodeEnd.GAVE_UP
                break
            counts[reason] += 1
            next_state, reward, done = self._env.step(action)
            total += reward
            self._observe(Transition(self._env.name, mission, state, action, next_state, reward, done), reason)
            state = next_state
            if done:
                end = EpisodeEnd.WON if reward > 0 else EpisodeEnd.LOST
                break
        return self._end(
            EpisodeRecord(
                episode=progress.episode,
                env=self._env.name,
                seed=seed,
                mission=mission,
                initial_state=first_state,
                steps=progress.steps - first_step,
                first_step=first_step,
                total_reward=round(total, 6),
                end=end,
                random_actions=counts["random"],
                planned_actions=counts["planned"],
                novel_actions=counts["novel"],
            )
        )

    def _made_planner(self) -> ModelPlanner:
        """Return a planner that knows the states and actions of every environment so far."""
        env, knowledge = self._env, self.state.knowledge
        knowledge.actions[env.name] = env.actions
        planner = ModelPlanner(
            self._config.planning, env.actions, self._note_search, env=env.name, memory=knowledge.plans
        )
        for transition in knowledge.transitions:
            planner.enter(transition.env, knowledge.actions[transition.env])
            planner.note_states([transition.state, transition.next_state])
        for one in knowledge.initial:
            planner.enter(one.env, knowledge.actions[one.env])
            planner.note_initial(one.state, one.mission)
        planner.enter(env.name, env.actions)
        return planner

    def _begin(self, state: State, mission: str) -> None:
        """Take in an initial state: phi_2 asks for a plan from it."""
        self._course = None
        initial = InitialState(self._env.name, mission, state)
        if initial in self.state.knowledge.initial:
            return
        self.state.knowledge.initial.append(initial)
        self._planner.note_initial(state, mission)
        if self.candidate is not None and self.progress.phi_2 and self._config.synthesis.optimism:
            self.progress.phi_2 = self._planner.find_plan(self.candidate.program, state, mission).holds

    def _improve(self) -> None:
        """Synthesize, where a constraint fails and something is known that was not known the last time."""
        if self.progress.phi_1 and self.progress.phi_2:
            return
        knowledge = self.state.knowledge
        known = (len(knowledge.transitions), len(knowledge.initial))
        if len(self.transitions) < self._config.agent.min_transitions or known == knowledge.asked:
            return
        knowledge.asked = known
        judged = self._synthesizer.synthesize(knowledge.transitions, knowledge.missions, self.candidate)
        self.state.num_candidates = self._synthesizer.num_candidates
        if judged is None:
            return
        evaluation = judged.evaluation
        self.progress.phi_1 = evaluation.data.holds
        self.progress.phi_2 = evaluation.optimism is not None and evaluation.optimism.holds
        if self.candidate is None or self.candidate.text != judged.candidate.text:
            knowledge.candidate = judged.candidate
            self._course = None
            self._emit(EventKind.MODEL, judged.candidate.text, judged.candidate)

    def _choose(self, state: State, mission: str, first_state: State) -> tuple[str | None, str]:
        """Return the action to do and why: random, planned or novel; None to give the episode up."""
        if self.state.acting.random() < self._config.agent.epsilon:
            action = self.state.acting.choice(self._env.actions)
            if not self._loses(state, mission, action):
                self._course = None
                return action, "random"
        if self._course is None or not self._course.actions:
            self._course = self._chart(state, mission)
            if self._course is not None:
                charted = Charted(tuple(self._course.actions), self._course.reason)
                self._emit(EventKind.PLAN, subject=charted)
        if self._course is not None:
            return self._course.actions.pop(0), self._course.reason
        if self._is_lost(state, mission, first_state):
            return None, ""
        return self.state.acting.choice(self._env.actions), "random"

    def _chart(self, state: State, mission: str) -> _Course | None:
        """Return the way to something new close by, or else a plan, or else any way to something new, or else None."""
        model = None if self.candidate is None else self._planner.remembered(self.candidate.program)
        plan: tuple[str, ...] | None = None
        if self.candidate is not None:
            plan = self._planner.find_plan(self.candidate.program, state, mission).plan
        has_won = self.progress.stage.wins > 0
        curiosity = self._config.agent.later_curiosity if has_won else self._config.agent.curiosity
        if not self._config.agent.novelty or (plan is not None and not curiosity):
            return None if plan is None else _Course(list(plan), is_plan=True)
        self._explorer.update(self.transitions)
        limit, besides = (None, None) if plan is None else (curiosity, plan[0])
        bored = plan is not None and self._explorer.dull >= self._config.agent.patience
        path = self._explorer.path_to_novelty(model, state, mission, limit, besides, disputed=bored)
        if path is not None and (plan is None or not has_won or self._keeps_hope(state, mission, path)):
            return _Course(list(path), is_plan=False)
        return None if plan is None else _Course(list(plan), is_plan=True)

    def _keeps_hope(self, state: State, mission: str, path: Sequence[str]) -> bool:
        """Return whether the model has a plan to win behind a way, too."""
        assert self.candidate is not None
        program = self.candidate.program
        for action in path:
            outcome = self._planner.remembered(program).step(state, action, mission=mission)
            if outcome.failed or outcome.next_state is None or outcome.done:
                return False
            state = outcome.next_state
        return self._planner.find_plan(program, state, mission).holds

    def _loses(self, state: State, mission: str, action: str) -> bool:
        """Return whether the model, once it has won, proves that an action loses the episode."""
        if not self._config.agent.safe_random or not self.progress.stage.wins or self.candidate is None:
            return False
        program = self.candidate.program
        outcome = self._planner.remembered(program).step(state, action, mission=mission)
        if outcome.failed or outcome.next_state is None:
            return False
        if outcome.done:
            return outcome.reward is None or outcome.reward <= 0
        return self._planner.find_plan(program, outcome.next_state, mission).status is SearchStatus.EXHAUSTED

    def _is_lost(self, state: State, mission: str, first_state: State) -> bool:
        """Return whether the model proves that the episode, which could be won at first, cannot be won any more."""
        if not self._config.agent.give_up or self.candidate is None:
            return False
        program = self.candidate.program
        if self._planner.find_plan(program, state, mission).status is not SearchStatus.EXHAUSTED:
            return False
        return self._planner.find_plan(program, first_state, mission).holds

    def _observe(self, transition: Transition, reason: str) -> None:
        """Take in a transition; where the model says otherwise, it is a counterexample at once."""
        self.progress.steps += 1
        self.progress.stage.steps += 1
        self.transitions.append(transition)
        self._planner.note_states([transition.next_state])
        if self.candidate is not None:
            model = self._planner.running(self.candidate.program)
            predicted = model.step(
                transition.state, transition.action, mission=transition.mission, next_state=transition.next_state
            )
            counterexample = compare(transition, predicted)
            if counterexample is not None:
                self.progress.phi_1 = False
                self._course = None
                departed = Departed(counterexample, self.candidate.index, planned=reason == "planned")
                self._emit(EventKind.COUNTEREXAMPLE, counterexample.explain(), departed)
        self._emit(EventKind.STEP, subject=StepTaken(transition, reason))

    def _end(self, record: EpisodeRecord) -> EpisodeRecord:
        progress, stage = self.progress, self.progress.stage
        if record.won:
            progress.wins += 1
            stage.wins += 1
            stage.win_streak += 1
            if progress.first_win_step is None:
                progress.first_win_step = progress.steps
            if stage.first_win_step is None:
                stage.first_win_step = stage.steps
        elif record.end is not EpisodeEnd.STOPPED:
            stage.win_streak = 0
        # What the last step of the episode taught is put to use before anyone asks for the model.
        self._improve()
        self._emit(EventKind.EPISODE, str(record.end), record)
        return record

    def _note_pull(self, arm: Arm) -> None:
        parent = None if arm.judged is None else arm.judged.candidate
        self._emit(EventKind.REFINEMENT, subject=Refining(parent, arm.kind.value, arm.heuristic, arm.failures))

    def _note_proposal(self, judged: Judged, arm: Arm | None) -> None:
        self.progress.proposals += 1
        kind = JOINER if arm is None else arm.kind.value
        cause = None if arm is None else arm.cause
        cause_step = None if cause is None else self._step_of(cause.transition)
        self._emit(EventKind.PROPOSAL, judged.evaluation.explain(), Proposed(judged, kind, cause, cause_step))

    def _note_search(self, result: PlanResult, native: bool) -> None:
        if native:
            self.progress.generated += result.generated
            self.progress.search_seconds += result.seconds
        self._emit(EventKind.SEARCH, subject=Searched(result, native))

    def _step_of(self, transition: Transition) -> int | None:
        """Return the step of the run at which a transition was seen first, or None where another run saw it."""
        behind = len(self.transitions) - 1 - self.transitions.index(transition)
        return self.progress.steps - behind if behind < self.progress.steps else None

    def _emit(self, kind: EventKind, text: str = "", subject: Subject | None = None) -> None:
        if self._on_event is not None:
            self._on_event(AgentEvent(kind, self.progress, text, subject))
