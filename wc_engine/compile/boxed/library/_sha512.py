"""SHA-512, for random.seed of a string, in halves of 32 bits since integers have 62."""


def _primes(number):
    found = []
    candidate = 2
    while len(found) < number:
        if all([candidate % prime for prime in found]):
            found.append(candidate)
        candidate += 1
    return found


def _root_bits(prime, degree):
    """The first 64 bits behind the point of a prime's square or cube root, as two words of 32 bits.

    Bit by bit, in long multiplication with digits of 16 bits.
    """
    whole = 1
    while (whole + 1) ** degree <= prime:
        whole += 1
    digits = [whole, 0, 0, 0, 0]
    for place in range(1, 5):
        for bit in range(15, -1, -1):
            digits[place] |= 1 << bit
            power = digits
            for _ in range(degree - 1):
                power = _product(power, digits)
            # power[0] is the whole part; equality never occurs, the roots are irrational
            if power[0] >= prime:
                digits[place] &= ~(1 << bit)
    return (digits[1] << 16 | digits[2], digits[3] << 16 | digits[4])


def _product(a, b):
    """The product of two numbers that are given by a whole part and digits of 16 bits behind the point, exactly."""
    places = [0] * (len(a) + len(b) - 1)
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            places[i + j] += x * y
    for place in range(len(places) - 1, 0, -1):
        places[place - 1] += places[place] >> 16
        places[place] &= 0xFFFF
    return places


_PRIMES = _primes(80)
_ROUNDS = [_root_bits(prime, 3) for prime in _PRIMES]
_START = [_root_bits(prime, 2) for prime in _PRIMES[:8]]


def _rotated(high, low, by):
    if by >= 32:
        high, low, by = low, high, by - 32
    if not by:
        return (high, low)
    left = 32 - by
    return (
        (high >> by | low << left) & 0xFFFFFFFF,
        (low >> by | high << left) & 0xFFFFFFFF,
    )


def _mixed(word, first, second, third, shifted):
    """Three rotations of a word in one, or two and a shift."""
    high, low = word
    a, b = _rotated(high, low, first)
    c, d = _rotated(high, low, second)
    if shifted:
        e, f = high >> third, (low >> third | high << (32 - third)) & 0xFFFFFFFF
    else:
        e, f = _rotated(high, low, third)
    return (a ^ c ^ e, b ^ d ^ f)


def _sum(*words):
    high = low = 0
    for word in words:
        high += word[0]
        low += word[1]
    return ((high + (low >> 32)) & 0xFFFFFFFF, low & 0xFFFFFFFF)


def _padded(data):
    """The message as words of 32 bits: its bytes, a one bit, zeros, and its length in bits."""
    bits = len(data) * 8
    length = [bits >> place & 0xFF for place in range(56, -1, -8)]
    data = [*data, 0x80] + [0] * ((111 - len(data)) % 128 + 8) + length
    return [
        data[place] << 24 | data[place + 1] << 16 | data[place + 2] << 8 | data[place + 3]
        for place in range(0, len(data), 4)
    ]


def sha512_words(data):
    """Return the digest of a list of bytes as 16 words of 32 bits."""
    state = list(_START)
    words = _padded(data)
    for block in range(0, len(words), 32):
        schedule = [(words[place], words[place + 1]) for place in range(block, block + 32, 2)]
        for at in range(16, 80):
            schedule.append(
                _sum(
                    schedule[at - 16],
                    _mixed(schedule[at - 15], 1, 8, 7, True),
                    schedule[at - 7],
                    _mixed(schedule[at - 2], 19, 61, 6, True),
                )
            )
        state = _compressed(state, schedule)
    return [half for word in state for half in word]


def _compressed(state, schedule):
    a, b, c, d, e, f, g, h = state
    for word, constant in zip(schedule, _ROUNDS, strict=True):
        chosen = (e[0] & f[0] ^ ~e[0] & g[0], e[1] & f[1] ^ ~e[1] & g[1])
        most = (a[0] & b[0] ^ a[0] & c[0] ^ b[0] & c[0], a[1] & b[1] ^ a[1] & c[1] ^ b[1] & c[1])
        first = _sum(h, _mixed(e, 14, 18, 41, False), chosen, constant, word)
        second = _sum(_mixed(a, 28, 34, 39, False), most)
        a, b, c, d, e, f, g, h = _sum(first, second), a, b, c, _sum(d, first), e, f, g
    return [_sum(old, new) for old, new in zip(state, (a, b, c, d, e, f, g, h), strict=True)]
