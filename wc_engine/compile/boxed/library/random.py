"""The Mersenne Twister of random, in integers of at most 62 bits. Without a seed, a generator starts from seed 0."""

import math
from _sha512 import sha512_words as _sha512_words
from bisect import bisect as _bisect

_SIZE, _MIDDLE = 624, 397


def _times(factor, number):
    """The low 32 bits of a product of 32-bit numbers."""
    return (factor * (number & 0xFFFF) + ((factor * (number >> 16) & 0xFFFF) << 16)) & 0xFFFFFFFF


def _words_of_int(number):
    """The 32-bit digits of a number from 0 on, lowest first."""
    words = [number & 0xFFFFFFFF]
    number >>= 32
    while number:
        words.append(number & 0xFFFFFFFF)
        number >>= 32
    return words


def _words_of_text(text):
    """The digits of the number whose bytes are the text's and behind them its SHA-512, highest first."""
    data = _utf8(text)
    padded = [0] * (-len(data) % 4) + data
    words = [
        padded[place] << 24 | padded[place + 1] << 16 | padded[place + 2] << 8 | padded[place + 3]
        for place in range(0, len(padded), 4)
    ]
    words.extend(_sha512_words(data))
    words.reverse()
    while len(words) > 1 and not words[-1]:
        words.pop()
    return words


def _utf8(text):
    data = []
    for letter in text:
        point = ord(letter)
        if point < 0x80:
            data.append(point)
        elif point < 0x800:
            data += [0xC0 | point >> 6, 0x80 | point & 0x3F]
        elif point < 0x10000:
            data += [0xE0 | point >> 12, 0x80 | point >> 6 & 0x3F, 0x80 | point & 0x3F]
        else:
            data += [0xF0 | point >> 18, 0x80 | point >> 12 & 0x3F, 0x80 | point >> 6 & 0x3F, 0x80 | point & 0x3F]
    return data


def _started(seed):
    """The table that one number gives."""
    table = [seed]
    for place in range(1, _SIZE):
        seed = (_times(1812433253, seed ^ (seed >> 30)) + place) & 0xFFFFFFFF
        table.append(seed)
    return table


def _started_from_words(words):
    table = _started(19650218)
    at, key = 1, 0
    for _ in range(max(_SIZE, len(words))):
        before = table[at - 1]
        table[at] = ((table[at] ^ _times(1664525, before ^ (before >> 30))) + words[key] + key) & 0xFFFFFFFF
        at += 1
        key += 1
        if at >= _SIZE:
            table[0] = table[_SIZE - 1]
            at = 1
        if key >= len(words):
            key = 0
    for _ in range(_SIZE - 1):
        before = table[at - 1]
        table[at] = ((table[at] ^ _times(1566083941, before ^ (before >> 30))) - at) & 0xFFFFFFFF
        at += 1
        if at >= _SIZE:
            table[0] = table[_SIZE - 1]
            at = 1
    table[0] = 0x80000000
    return table


def _twist(table):
    """Replace all words of the table by the next ones."""
    for place in range(_SIZE):
        mixed = (table[place] & 0x80000000) | (table[(place + 1) % _SIZE] & 0x7FFFFFFF)
        word = table[(place + _MIDDLE) % _SIZE] ^ (mixed >> 1)
        table[place] = word ^ 0x9908B0DF if mixed & 1 else word


class Random:
    def __init__(self, x=None):
        self.gauss_next = None
        self.seed(x)

    def seed(self, a=None, version=2):
        if a is None:
            a = 0
        if isinstance(a, str) and version == 1:
            raise NotImplementedError("seeds of version 1")
        if isinstance(a, str):
            words = _words_of_text(a)
        elif isinstance(a, int):
            words = _words_of_int(abs(a))
        elif isinstance(a, float):
            words = _words_of_int(abs(hash(a)))
        else:
            raise TypeError("The only supported seed types are: None,\nint, float, str, bytes, and bytearray.")
        self._table = _started_from_words(words)
        self._place = _SIZE
        self.gauss_next = None

    def getstate(self):
        return (3, (*self._table, self._place), self.gauss_next)

    def setstate(self, state):
        version, words, self.gauss_next = state
        if version != 3:
            raise ValueError(f"state with version {version} passed to Random.setstate() of version 3")
        self._table = list(words[:-1])
        self._place = words[-1]

    def _word(self):
        """The next 32 random bits."""
        if self._place >= _SIZE:
            _twist(self._table)
            self._place = 0
        word = self._table[self._place]
        self._place += 1
        word ^= word >> 11
        word ^= (word << 7) & 0x9D2C5680
        word ^= (word << 15) & 0xEFC60000
        return word ^ (word >> 18)

    def random(self):
        high = self._word() >> 5
        return (high * 67108864.0 + (self._word() >> 6)) * (1.0 / 9007199254740992.0)

    def getrandbits(self, k, /):
        if k < 0:
            raise ValueError("number of bits must be non-negative")
        result = place = 0
        while k > 0:
            word = self._word()
            if k < 32:
                word >>= 32 - k
            result |= word << place
            place += 32
            k -= 32
        return result

    def _below(self, n):
        """An integer from 0 up to, but not including, n; 0 where there is none."""
        if not n:
            return 0
        bits = n.bit_length()
        result = self.getrandbits(bits)
        while result >= n:
            result = self.getrandbits(bits)
        return result

    def randrange(self, start, stop=None, step=1):
        start = _whole(start)
        if stop is None:
            if step != 1:
                raise TypeError("Missing a non-None stop argument")
            if start > 0:
                return self._below(start)
            raise ValueError("empty range for randrange()")
        stop = _whole(stop)
        width = stop - start
        step = _whole(step)
        if step == 1:
            if width > 0:
                return start + self._below(width)
            raise ValueError(f"empty range for randrange() ({start}, {stop}, {width})")
        if step > 0:
            number = (width + step - 1) // step
        elif step < 0:
            number = (width + step + 1) // step
        else:
            raise ValueError("zero step for randrange()")
        if number <= 0:
            raise ValueError("empty range for randrange()")
        return start + step * self._below(number)

    def randint(self, a, b):
        return self.randrange(a, b + 1)

    def choice(self, seq):
        return seq[self._below(len(seq))]

    def shuffle(self, x):
        for place in reversed(range(1, len(x))):
            other = self._below(place + 1)
            x[place], x[other] = x[other], x[place]

    def sample(self, population, k, *, counts=None):
        if isinstance(population, (set, frozenset, dict)) or not hasattr(population, "__getitem__"):
            raise TypeError("Population must be a sequence.  For dicts or sets, use sorted(d).")
        size = len(population)
        if counts is not None:
            return self._sample_counted(population, k, counts)
        if not 0 <= k <= size:
            raise ValueError("Sample larger than population or is negative")
        result = [None] * k
        # A list of the population is smaller than a set of the places that were chosen.
        limit = 21
        if k > 5:
            power = 4
            while power < k * 3:
                power *= 4
            limit += power
        if size <= limit:
            pool = list(population)
            for number in range(k):
                place = self._below(size - number)
                result[number] = pool[place]
                pool[place] = pool[size - number - 1]
            return result
        chosen = set()
        for number in range(k):
            place = self._below(size)
            while place in chosen:
                place = self._below(size)
            chosen.add(place)
            result[number] = population[place]
        return result

    def _sample_counted(self, population, k, counts):
        sums = []
        total = 0
        for number in counts:
            total += number
            sums.append(total)
        if len(sums) != len(population):
            raise ValueError("The number of counts does not match the population")
        if not isinstance(total, int):
            raise TypeError("Counts must be integers")
        if total <= 0:
            raise ValueError("Total of counts must be greater than zero")
        return [population[_bisect(sums, place)] for place in self.sample(range(total), k)]

    def choices(self, population, weights=None, *, cum_weights=None, k=1):
        size = len(population)
        if cum_weights is None:
            if weights is None:
                return [population[math.floor(self.random() * (size + 0.0))] for _ in range(k)]
            if isinstance(weights, int):
                raise TypeError(f"The number of choices must be a keyword argument: k={weights!r}")
            cum_weights = []
            for weight in weights:
                cum_weights.append(cum_weights[-1] + weight if cum_weights else weight)
        elif weights is not None:
            raise TypeError("Cannot specify both weights and cumulative weights")
        if len(cum_weights) != size:
            raise ValueError("The number of weights does not match the population")
        total = cum_weights[-1] + 0.0
        if total <= 0.0:
            raise ValueError("Total of weights must be greater than zero")
        if not math.isfinite(total):
            raise ValueError("Total of weights must be finite")
        return [population[_bisect(cum_weights, self.random() * total, 0, size - 1)] for _ in range(k)]

    def uniform(self, a, b):
        return a + (b - a) * self.random()

    def triangular(self, low=0.0, high=1.0, mode=None):
        u = self.random()
        try:
            middle = 0.5 if mode is None else (mode - low) / (high - low)
        except ZeroDivisionError:
            return low
        if u > middle:
            u = 1.0 - u
            middle = 1.0 - middle
            low, high = high, low
        return low + (high - low) * math.sqrt(u * middle)

    def gauss(self, mu=0.0, sigma=1.0):
        z = self.gauss_next
        self.gauss_next = None
        if z is None:
            angle = self.random() * 6.283185307179586
            radius = math.sqrt(-2.0 * math.log(1.0 - self.random()))
            z = math.cos(angle) * radius
            self.gauss_next = math.sin(angle) * radius
        return mu + z * sigma

    def normalvariate(self, mu=0.0, sigma=1.0):
        while True:
            first = self.random()
            second = 1.0 - self.random()
            z = 1.7155277699214135 * (first - 0.5) / second
            if z * z / 4.0 <= -math.log(second):
                return mu + z * sigma

    def lognormvariate(self, mu, sigma):
        return math.exp(self.normalvariate(mu, sigma))

    def expovariate(self, lambd):
        return -math.log(1.0 - self.random()) / lambd

    def paretovariate(self, alpha):
        return (1.0 - self.random()) ** (-1.0 / alpha)

    def weibullvariate(self, alpha, beta):
        return alpha * (-math.log(1.0 - self.random())) ** (1.0 / beta)


def _whole(value):
    """An argument of randrange as an integer."""
    if hasattr(value, "__index__"):
        return value.__index__()
    if isinstance(value, float):
        if value == int(value):
            return int(value)
        raise ValueError("non-integer arg 1 for randrange()")
    raise TypeError(f"{type(value).__name__!r} object cannot be interpreted as an integer")


SystemRandom = Random
_generator = Random()


def seed(a=None, version=2):
    return _generator.seed(a, version)


def getstate():
    return _generator.getstate()


def setstate(state):
    return _generator.setstate(state)


def random():
    return _generator.random()


def getrandbits(k, /):
    return _generator.getrandbits(k)


def randrange(start, stop=None, step=1):
    return _generator.randrange(start, stop, step)


def randint(a, b):
    return _generator.randint(a, b)


def choice(seq):
    return _generator.choice(seq)


def shuffle(x):
    return _generator.shuffle(x)


def sample(population, k, *, counts=None):
    return _generator.sample(population, k, counts=counts)


def choices(population, weights=None, *, cum_weights=None, k=1):
    return _generator.choices(population, weights, cum_weights=cum_weights, k=k)


def uniform(a, b):
    return _generator.uniform(a, b)


def triangular(low=0.0, high=1.0, mode=None):
    return _generator.triangular(low, high, mode)


def gauss(mu=0.0, sigma=1.0):
    return _generator.gauss(mu, sigma)


def normalvariate(mu=0.0, sigma=1.0):
    return _generator.normalvariate(mu, sigma)


def lognormvariate(mu, sigma):
    return _generator.lognormvariate(mu, sigma)


def expovariate(lambd):
    return _generator.expovariate(lambd)


def paretovariate(alpha):
    return _generator.paretovariate(alpha)


def weibullvariate(alpha, beta):
    return _generator.weibullvariate(alpha, beta)
