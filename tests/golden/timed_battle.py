class Entity:
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


class Hero(Entity):
    pass


class Slime(Entity):
    pass


def nearest(hero, slimes):
    return min(slimes, key=lambda s: (abs(s.x - hero.x), s.x), default=None)


def transition(state, action):
    """The hero walks and strikes the nearest slime; every fourth turn those beside the hero bite."""
    hero = next(e for e in state if e.name == 'Hero')
    slimes = [e for e in state if e.name == 'Slime' and e.health > 0]
    if action == 'strike':
        target = nearest(hero, slimes)
        if target is not None and abs(target.x - hero.x) <= 1:
            target.health = max(0, target.health - 2)
    elif action == 'walk':
        if not any(s.x == hero.x + 1 for s in slimes):
            hero.x = min(hero.x + 1, 7)
    hero.clock = (hero.clock + 1) % 4
    if hero.clock == 0:
        bites = sum(1 for e in state if e.name == 'Slime' and e.health > 0 and abs(e.x - hero.x) == 1)
        hero.health = max(hero.health - bites, 0)
    return state


def reward_func(state, action, next_state):
    health = [e.health for e in next_state if e.name == 'Hero'][0]
    left = sum(e.health for e in next_state if e.name == 'Slime')
    if health == 0:
        return -10, True
    return (10, True) if left == 0 else (-1, False)
