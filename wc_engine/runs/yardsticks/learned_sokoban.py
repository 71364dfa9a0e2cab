# ruff: noqa
# fmt: off
# What `wc-engine learn sokoban --seed 0` wrote, unchanged from here on.
class Entity:
    """Something in the world: a name, a place and further attributes; equal where all of these are."""

    def __init__(self, x, y, **kwargs):
        self.name = self.__class__.__name__
        self.x = x
        self.y = y
        for key, value in kwargs.items():
            setattr(self, key, value)

    def __eq__(self, other):
        return all(getattr(self, key) == getattr(other, key, None) for key in self.__dict__.keys())

    def __hash__(self):
        return hash(tuple(sorted(self.__dict__.items())))


class Box(Entity): pass
class Player(Entity): pass
class Target(Entity): pass
class Wall(Entity): pass


def get_entities_by_name(entities, name):
    return [entity for entity in entities if entity.name == name]


def get_entities_by_position(entities, x, y):
    return [entity for entity in entities if entity.x == x and entity.y == y]


def has(entities, x, y, name):
    for entity in entities:
        if entity.x == x and entity.y == y and entity.name == name:
            return True
    return False


def is_clear(entities, x, y):
    """Nothing there is of a kind that was seen to block the agent."""
    for entity in entities:
        if entity.x == x and entity.y == y and (entity.name == 'Box' or entity.name == 'Wall'):
            return False
    return True


def count_on(entities, upper, lower):
    count = 0
    for entity in entities:
        if entity.name == upper and has(entities, entity.x, entity.y, lower):
            count += 1
    return count


def all_on(entities, upper, lower):
    uppers = get_entities_by_name(entities, upper)
    return len(uppers) > 0 and count_on(entities, upper, lower) == len(uppers)


# Where each action heads: how it was seen to move the agent.
DIRECTIONS = {
    'move down': (0, 1),
    'move left': (-1, 0),
    'move right': (1, 0),
    'move up': (0, -1),
}


def transition(state, action):
    agent = get_entities_by_name(state, 'Player')[0]
    if action in DIRECTIONS:
        dx, dy = DIRECTIONS[action]
        x1, y1 = agent.x + dx, agent.y + dy
        x2, y2 = x1 + dx, y1 + dy
        if is_clear(state, x1, y1):
            # Seen in 34 transitions.
            agent.x = x1
            agent.y = y1
        elif has(state, x1, y1, 'Box') and is_clear(state, x2, y2):
            # Seen in 12 transitions.
            for entity in get_entities_by_position(state, x1, y1):
                if entity.name == 'Box':
                    entity.x = x2
                    entity.y = y2
            agent.x = x1
            agent.y = y1
    return state


# Learned from 53 transitions.
def reward_func(state, action, next_state):
    reward = -0.1
    reward += 1.0 * (count_on(next_state, 'Box', 'Target') - count_on(state, 'Box', 'Target'))
    if all_on(next_state, 'Target', 'Box'):
        reward += 10.0
    done = all_on(next_state, 'Target', 'Box')
    return reward, done
