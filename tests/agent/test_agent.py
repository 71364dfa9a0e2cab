"""The loop of acting, learning and planning, in a world of one corridor."""

from __future__ import annotations

from agent.corridors import Corridor

from wc_engine.agent import Agent, AgentConfig, AgentEvent, EpisodeEnd, EpisodeRecord, EventKind, LearnConfig
from wc_engine.agent.config import PlanningConfig
from wc_engine.models.interpreted import ReferenceInterpreter
from wc_engine.synthesis import compare
from wc_engine.synthesis.proposers.inductive import InductiveProposer

TRUSTED = PlanningConfig(trusted=True)


def play(seed: int, episodes: int, **settings: object) -> tuple[Agent, list[EpisodeRecord], list[AgentEvent]]:
    """Play some episodes; our own inducer's programs are trusted here, which spares the sandbox."""
    config = LearnConfig(env="corridor", seed=seed, planning=TRUSTED, agent=AgentConfig(**settings))  # type: ignore[arg-type]
    events: list[AgentEvent] = []
    agent = Agent(Corridor(), InductiveProposer(), config, on_event=events.append)
    try:
        return agent, [agent.run_episode() for _ in range(episodes)], events
    finally:
        agent.close()


def test_it_learns_to_win_and_then_wins_every_episode() -> None:
    agent, records, _ = play(0, 8)
    assert [record.won for record in records[-4:]] == [True] * 4
    assert agent.progress.win_streak >= 4
    assert agent.progress.phi_1 is True
    assert agent.progress.phi_2 is True
    assert agent.progress.first_win_step is not None


def test_the_program_that_it_holds_reproduces_everything_that_it_saw() -> None:
    agent, _, _ = play(1, 6)
    assert agent.candidate is not None
    program = ReferenceInterpreter(agent.candidate.program)
    for one in agent.transitions:
        predicted = program.step(one.state, one.action, mission=one.mission, next_state=one.next_state)
        assert compare(one, predicted) is None


def test_a_seed_decides_a_run() -> None:
    first, records, _ = play(2, 5)
    second, again, _ = play(2, 5)
    assert records == again
    assert first.transitions == second.transitions
    assert first.candidate is not None
    assert second.candidate is not None
    assert first.candidate.text == second.candidate.text
    assert play(3, 5)[1] != records


def test_without_luck_and_with_a_right_model_it_walks_the_shortest_way() -> None:
    agent, records, _ = play(0, 9, epsilon=0.0)
    last = records[-1]
    (walker,), (flag,) = last.initial_state.of_type("Walker"), last.initial_state.of_type("Flag")
    assert last.steps == abs(walker["x"] - flag["x"])
    assert last.planned_actions == last.steps
    assert agent.progress.phi_2 is True


def test_without_novelty_it_acts_at_random_until_it_has_a_plan() -> None:
    agent, records, _ = play(0, 6, novelty=False)
    assert sum(record.novel_actions for record in records) == 0
    assert records[0].random_actions > 0
    assert records[-1].planned_actions > 0
    assert agent.progress.wins > 0


def test_it_learns_nothing_before_the_first_transitions_are_there() -> None:
    _, _, events = play(0, 4, min_transitions=7)
    steps_at_proposals = [index for index, event in enumerate(events) if event.kind is EventKind.PROPOSAL]
    steps_before = [event for event in events[: steps_at_proposals[0]] if event.kind is EventKind.STEP]
    assert len(steps_before) == 7


def test_a_departure_of_the_world_from_the_model_is_a_counterexample_at_once() -> None:
    _, _, events = play(0, 4, min_transitions=1)
    kinds = [event.kind for event in events]
    assert EventKind.COUNTEREXAMPLE in kinds
    for index, event in enumerate(events):
        if event.kind is EventKind.COUNTEREXAMPLE:
            assert event.text.startswith("action ")
            later = [kind for kind in kinds[index + 1 :] if kind in (EventKind.PROPOSAL, EventKind.STEP)]
            # The step itself is reported first; before the next one a program is proposed.
            assert later[:2] == [EventKind.STEP, EventKind.PROPOSAL]


def test_an_episode_is_cut_at_the_limit_and_ends_the_streak() -> None:
    config = LearnConfig(env="corridor", max_steps=1, planning=TRUSTED)
    agent = Agent(Corridor(), InductiveProposer(), config)
    agent.progress.stage.win_streak = 3
    record = agent.run_episode()
    agent.close()
    assert record.end is EpisodeEnd.CUT
    assert record.steps == 1
    assert agent.progress.win_streak == 0


def test_it_stops_before_the_next_step_when_asked_to() -> None:
    config = LearnConfig(env="corridor", planning=TRUSTED)
    agent = Agent(Corridor(), InductiveProposer(), config, should_stop=lambda: agent.progress.steps >= 2)
    record = agent.run_episode()
    agent.close()
    assert record.end is EpisodeEnd.STOPPED
    assert agent.progress.steps == 2
