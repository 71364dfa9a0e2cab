"""A wrong model of the kitchen: list.index, deleted attributes, a counter of calls, errors for rooms unknown."""

class Entity:
    def __init__(self, name, **kwargs):
        self.name = name
        for key, value in kwargs.items():
            setattr(self, key, value)
    def __repr__(self):
        attr = ', '.join(f'{key}={value}' for key, value in self.__dict__.items() if key != 'name')
        return f"{self.__class__.__name__}({self.name}, {attr})"
    def __eq__(self, other):
        return all(getattr(self, key) == getattr(other, key, None) for key in self.__dict__.keys())
    def __hash__(self):
        return hash(tuple(sorted(self.__dict__.items(), key=lambda item: item[0])))
class Agent(Entity): pass
class Receptacle(Entity): pass
class Object(Entity): pass
def get_entity(entities, name):
    return next((entity for entity in entities if entity.name == name), None)
def get_entities_by_location(entities, loc):
    return [entity for entity in entities if getattr(entity, 'loc', None) == loc]
# Early model: I have only seen navigation, doors and taking things.
OPPOSITE = {'open': 'close', 'close': 'open'}
visited = []
calls = 0

def by_type(state):
    groups = {}
    for e in sorted(state, key=lambda e: e.name):
        groups.setdefault(e.__class__.__name__, []).append(e)
    return groups

def transition(state, action):
    global calls
    calls += 1
    groups = by_type(state)
    agent = groups['Agent'][0]
    names = [r.name for r in groups['Receptacle']]
    if action.startswith('go to'):
        index = names.index(action[6:])          # ValueError for places that are not in this room
        agent.loc = groups['Receptacle'][index].loc
        visited.append(agent.loc)
    elif action.split()[0] in OPPOSITE:
        verb, _, name = action.partition(' ')
        r = groups['Receptacle'][names.index(name)]
        assert r.loc == agent.loc, f'{r.name} is not here'
        r.isopen = {'open': True, 'close': False}[verb]
    elif 'from' in action.split():
        words = action.split()
        name = ' '.join(words[1:words.index('from')])
        for o in groups['Object']:
            if o.name == name and agent.holding is None:
                agent.holding = o.name
                del o.in_on
    elif action.startswith('heat'):
        words = action.split(' with ')
        held = {o.name: o for o in groups['Object']}[agent.holding]   # KeyError when nothing is held
        if words[0].endswith(held.name):
            held.temperature = 'hot' if held.temperature != 'hot' else 'very hot'
            held.heated = held.__dict__.get('heated', 0) + 1
    if calls > 1:
        raise RuntimeError('called twice')
    return state

def reward_func(state, action, next_state):
    score = 0
    for e in next_state:
        if getattr(e, 'kind', None) == 'apple':
            try:
                score += e.in_on.startswith('fridge') and e.temperature == 'hot'
            except AttributeError:
                score -= 0.5
    return score, score >= 1
