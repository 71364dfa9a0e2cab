"""A program is held only as long as what it planned comes true."""

from __future__ import annotations

import random
from collections.abc import Sequence

from wc_engine.agent import Agent, AgentConfig, AgentEvent, EventKind, LearnConfig, PlanningConfig
from wc_engine.agent.episode import Charted, Departed
from wc_engine.envs.protocol import Frame, RenderMode
from wc_engine.models.dataset import Transition
from wc_engine.state.entities import Entity, State
from wc_engine.synthesis import Candidate

WALKING = """
class Walker:
    def __init__(self, x):
        self.name, self.x = 'Walker', x

def transition(state, action):
    for walker in state:
        walker.x += 1 if action == 'right' else -1
    return state

def reward_func(state, action, next_state):
    done = any(walker.x == 5 for walker in next_state)
    return (1.0 if done else 0.0), done
"""
JUMPING = WALKING.replace(
    "    return state\n", "        if walker.x == 3:\n            walker.x = 4\n    return state\n", 1
)


class Ditch:
    """A line from 1 to 5; who would step into 3 lands on 4."""

    name = "ditch"
    actions = ("left", "right")
    max_steps = 20
    mission = "get across"

    def __init__(self) -> None:
        self.state = State()

    def reset(self, seed: int) -> tuple[State, str]:
        self.set_state(State([Entity("Walker", x=1)]))
        return self.state, self.mission

    def step(self, action: str) -> tuple[State, float, bool]:
        (walker,) = self.state
        x = walker["x"] + (1 if action == "right" else -1)
        self.set_state(State([Entity("Walker", x=4 if x == 3 else x)]))
        return self.state, float(x == 5), x == 5

    def set_state(self, state: State) -> None:
        self.state = state

    def render(self, mode: RenderMode) -> Frame:
        return repr(self.state)


class TwoPrograms:
    """Knows of the ditch once somebody has come across."""

    name = "two programs"

    def propose(
        self,
        transitions: Sequence[Transition],
        unplannable: Sequence[tuple[State, str]],
        parent: Candidate | None,
        rng: random.Random,
    ) -> str:
        return JUMPING if any(one.next_state == State([Entity("Walker", x=4)]) for one in transitions) else WALKING


def test_the_first_step_that_departs_from_the_plan_is_a_counterexample_and_the_rest_is_not_done() -> None:
    events: list[AgentEvent] = []
    acting = AgentConfig(epsilon=0.0, min_transitions=1, curiosity=0)
    config = LearnConfig(env="ditch", agent=acting, planning=PlanningConfig(trusted=True))
    agent = Agent(Ditch(), TwoPrograms(), config, on_event=events.append)
    record = agent.run_episode()
    agent.close()
    assert record.won
    # Until somebody steps there the program was right about everything, and had a plan.
    departures = [event.subject for event in events if isinstance(event.subject, Departed)]
    (departed,) = departures
    assert departed.planned
    assert departed.counterexample.transition.state == State([Entity("Walker", x=2)])
    assert departed.counterexample.predicted.next_state == State([Entity("Walker", x=3)])
    held = [event.text for event in events if event.kind is EventKind.MODEL]
    assert held == [WALKING, JUMPING]
    # The first plan had two more steps across the ditch; from where the walker really is it is one.
    plans = [event.subject.actions for event in events if isinstance(event.subject, Charted)]
    assert plans[-1] == ("right",)
    assert len(plans[-2]) >= 3
    assert agent.progress.phi_1
    assert agent.progress.phi_2
