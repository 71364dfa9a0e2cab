"""SHA-512, for random.seed of a string, in halves of 32 bits since integers have 62."""

# The first 64 bits behind the point of the cube roots of the first 80 primes, in halves.
_ROUNDS = (
    0x428A2F98,
    0xD728AE22,
    0x71374491,
    0x23EF65CD,
    0xB5C0FBCF,
    0xEC4D3B2F,
    0xE9B5DBA5,
    0x8189DBBC,
    0x3956C25B,
    0xF348B538,
    0x59F111F1,
    0xB605D019,
    0x923F82A4,
    0xAF194F9B,
    0xAB1C5ED5,
    0xDA6D8118,
    0xD807AA98,
    0xA3030242,
    0x12835B01,
    0x45706FBE,
    0x243185BE,
    0x4EE4B28C,
    0x550C7DC3,
    0xD5FFB4E2,
    0x72BE5D74,
    0xF27B896F,
    0x80DEB1FE,
    0x3B1696B1,
    0x9BDC06A7,
    0x25C71235,
    0xC19BF174,
    0xCF692694,
    0xE49B69C1,
    0x9EF14AD2,
    0xEFBE4786,
    0x384F25E3,
    0x0FC19DC6,
    0x8B8CD5B5,
    0x240CA1CC,
    0x77AC9C65,
    0x2DE92C6F,
    0x592B0275,
    0x4A7484AA,
    0x6EA6E483,
    0x5CB0A9DC,
    0xBD41FBD4,
    0x76F988DA,
    0x831153B5,
    0x983E5152,
    0xEE66DFAB,
    0xA831C66D,
    0x2DB43210,
    0xB00327C8,
    0x98FB213F,
    0xBF597FC7,
    0xBEEF0EE4,
    0xC6E00BF3,
    0x3DA88FC2,
    0xD5A79147,
    0x930AA725,
    0x06CA6351,
    0xE003826F,
    0x14292967,
    0x0A0E6E70,
    0x27B70A85,
    0x46D22FFC,
    0x2E1B2138,
    0x5C26C926,
    0x4D2C6DFC,
    0x5AC42AED,
    0x53380D13,
    0x9D95B3DF,
    0x650A7354,
    0x8BAF63DE,
    0x766A0ABB,
    0x3C77B2A8,
    0x81C2C92E,
    0x47EDAEE6,
    0x92722C85,
    0x1482353B,
    0xA2BFE8A1,
    0x4CF10364,
    0xA81A664B,
    0xBC423001,
    0xC24B8B70,
    0xD0F89791,
    0xC76C51A3,
    0x0654BE30,
    0xD192E819,
    0xD6EF5218,
    0xD6990624,
    0x5565A910,
    0xF40E3585,
    0x5771202A,
    0x106AA070,
    0x32BBD1B8,
    0x19A4C116,
    0xB8D2D0C8,
    0x1E376C08,
    0x5141AB53,
    0x2748774C,
    0xDF8EEB99,
    0x34B0BCB5,
    0xE19B48A8,
    0x391C0CB3,
    0xC5C95A63,
    0x4ED8AA4A,
    0xE3418ACB,
    0x5B9CCA4F,
    0x7763E373,
    0x682E6FF3,
    0xD6B2B8A3,
    0x748F82EE,
    0x5DEFB2FC,
    0x78A5636F,
    0x43172F60,
    0x84C87814,
    0xA1F0AB72,
    0x8CC70208,
    0x1A6439EC,
    0x90BEFFFA,
    0x23631E28,
    0xA4506CEB,
    0xDE82BDE9,
    0xBEF9A3F7,
    0xB2C67915,
    0xC67178F2,
    0xE372532B,
    0xCA273ECE,
    0xEA26619C,
    0xD186B8C7,
    0x21C0C207,
    0xEADA7DD6,
    0xCDE0EB1E,
    0xF57D4F7F,
    0xEE6ED178,
    0x06F067AA,
    0x72176FBA,
    0x0A637DC5,
    0xA2C898A6,
    0x113F9804,
    0xBEF90DAE,
    0x1B710B35,
    0x131C471B,
    0x28DB77F5,
    0x23047D84,
    0x32CAAB7B,
    0x40C72493,
    0x3C9EBE0A,
    0x15C9BEBC,
    0x431D67C4,
    0x9C100D4C,
    0x4CC5D4BE,
    0xCB3E42B6,
    0x597F299C,
    0xFC657E2A,
    0x5FCB6FAB,
    0x3AD6FAEC,
    0x6C44198C,
    0x4A475817,
)
# The same of the square roots of the first 8.
_START = (
    0x6A09E667,
    0xF3BCC908,
    0xBB67AE85,
    0x84CAA73B,
    0x3C6EF372,
    0xFE94F82B,
    0xA54FF53A,
    0x5F1D36F1,
    0x510E527F,
    0xADE682D1,
    0x9B05688C,
    0x2B3E6C1F,
    0x1F83D9AB,
    0xFB41BD6B,
    0x5BE0CD19,
    0x137E2179,
)


def _rotated(high, low, by):
    if by >= 32:
        high, low, by = low, high, by - 32
    if not by:
        return (high, low)
    left = 32 - by
    mask = (1 << by) - 1
    return (high >> by | (low & mask) << left, low >> by | (high & mask) << left)


def _mixed(word, first, second, third, shifted):
    """Three rotations of a word in one, or two and a shift."""
    high, low = word
    a, b = _rotated(high, low, first)
    c, d = _rotated(high, low, second)
    if shifted:
        e, f = high >> third, low >> third | (high & ((1 << third) - 1)) << (32 - third)
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
    state = [(_START[place], _START[place + 1]) for place in range(0, 16, 2)]
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
    for at, word in enumerate(schedule):
        constant = (_ROUNDS[2 * at], _ROUNDS[2 * at + 1])
        chosen = (e[0] & f[0] ^ ~e[0] & g[0], e[1] & f[1] ^ ~e[1] & g[1])
        most = (a[0] & b[0] ^ a[0] & c[0] ^ b[0] & c[0], a[1] & b[1] ^ a[1] & c[1] ^ b[1] & c[1])
        first = _sum(h, _mixed(e, 14, 18, 41, False), chosen, constant, word)
        second = _sum(_mixed(a, 28, 34, 39, False), most)
        a, b, c, d, e, f, g, h = _sum(first, second), a, b, c, _sum(d, first), e, f, g
    return [_sum(old, new) for old, new in zip(state, (a, b, c, d, e, f, g, h), strict=True)]
