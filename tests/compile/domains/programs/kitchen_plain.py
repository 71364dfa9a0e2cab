"""The kitchen, plainly: what the recorded transitions come from."""

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
CONTAINERS_FOR_HEAT = 'microwave'

def kind_of(name):
    return name.rsplit(' ', 1)[0]

def transition(state, action):
    agent = next(e for e in state if isinstance(e, Agent))
    words = action.split()
    if action.startswith('go to '):
        target = get_entity(state, action[len('go to '):])
        if target is not None and agent.loc != target.loc:
            agent.loc = target.loc
    elif words[0] == 'open':
        r = get_entity(state, ' '.join(words[1:]))
        if r is not None and r.openable and not r.isopen and r.loc == agent.loc:
            r.isopen = True
    elif words[0] == 'close':
        r = get_entity(state, ' '.join(words[1:]))
        if r is not None and r.openable and r.isopen and r.loc == agent.loc:
            r.isopen = False
    elif words[0] == 'take':
        name, place = action[len('take '):].split(' from ')
        o, r = get_entity(state, name), get_entity(state, place)
        if o and r and o.in_on == r.name and o.pickupable and agent.holding is None and r.loc == agent.loc:
            if not r.openable or r.isopen:
                agent.holding = o.name
                o.in_on = None
    elif words[0] == 'move':
        name, place = action[len('move '):].split(' to ')
        o, r = get_entity(state, name), get_entity(state, place)
        if o and r and agent.holding == o.name and r.loc == agent.loc and (not r.openable or r.isopen):
            o.in_on = r.name
            agent.holding = None
    elif words[0] in ('heat', 'cool', 'clean'):
        name, place = action[len(words[0]) + 1:].split(' with ')
        o, r = get_entity(state, name), get_entity(state, place)
        if o and r and agent.holding == o.name and r.loc == agent.loc:
            if words[0] == 'heat' and o.heatable and r.kind == 'microwave':
                o.temperature = 'hot'
            elif words[0] == 'cool' and o.coolable and r.kind == 'fridge':
                o.temperature = 'cold'
            elif words[0] == 'clean' and o.cleanable and r.kind == 'sinkbasin':
                o.isclean = True
    elif words[0] == 'use':
        o = get_entity(state, action[len('use '):])
        if o is not None and o.toggleable:
            place = get_entity(state, o.in_on)
            if place is not None and place.loc == agent.loc:
                o.istoggled = True
    return state

def reward_func(state, action, next_state):
    for o in next_state:
        if isinstance(o, Object) and o.kind == 'apple' and o.temperature == 'hot' and o.in_on is not None:
            if o.in_on.startswith('fridge'):
                return 1.0, True
    return 0.0, False
