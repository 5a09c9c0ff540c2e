"""CLIP's tokenizer, written anew from the definition of OpenAI's simple_tokenizer.py for comparison.

It leaves out what that does first to mend text (ftfy, HTML entities). Slow and plain on purpose.
"""

import unicodedata

WORDS = ["<|startoftext|>", "<|endoftext|>", "'s", "'t", "'re", "'ve", "'m", "'ll", "'d"]


def bytes_to_unicode():
    visible = list(range(ord("!"), ord("~") + 1)) + list(range(ord("¡"), ord("¬") + 1)) + list(range(ord("®"), ord("ÿ") + 1))
    table = {byte: chr(byte) for byte in visible}
    for byte in range(256):
        if byte not in table:
            table[byte] = chr(256 + len(table) - len(visible))
    return table


class Tokenizer:
    def __init__(self, merges):
        with open(merges, encoding="utf-8") as file:
            pairs = [tuple(line.split()) for line in file.read().split("\n")[1:49152 - 256 - 2 + 1]]
        self.bytes = bytes_to_unicode()
        symbols = list(self.bytes.values())
        vocabulary = symbols + [symbol + "</w>" for symbol in symbols] + ["".join(pair) for pair in pairs]
        vocabulary += ["<|startoftext|>", "<|endoftext|>"]
        self.ids = {symbol: index for index, symbol in enumerate(vocabulary)}
        self.ranks = {pair: rank for rank, pair in enumerate(pairs)}

    def encode(self, text, length=77):
        ids = [id for word in split(text.lower()) for id in self.encode_word(word)]
        start, end = self.ids["<|startoftext|>"], self.ids["<|endoftext|>"]
        ids = [start] + ids[:length - 2] + [end]
        return ids + [0] * (length - len(ids))

    def encode_word(self, word):
        if word in WORDS[:2]:
            return [self.ids[word]]
        symbols = [self.bytes[byte] for byte in word.encode("utf-8", "replace")]
        symbols[-1] += "</w>"
        while len(symbols) > 1:
            pairs = set(zip(symbols, symbols[1:]))
            first, second = min(pairs, key=lambda pair: self.ranks.get(pair, 1 << 30))
            if (first, second) not in self.ranks:
                break
            joined, i = [], 0
            while i < len(symbols):
                if symbols[i:i + 2] == [first, second]:
                    joined.append(first + second)
                    i += 2
                else:
                    joined.append(symbols[i])
                    i += 1
            symbols = joined
        return [self.ids[symbol] for symbol in symbols]


def split(text):
    words, i = [], 0
    while i < len(text):
        kind = kind_of(text[i])
        word = next((word for word in WORDS if text.startswith(word, i)), None)
        if word is None and kind == "space":
            i += 1
            continue
        if word is None:
            end = i + 1
            while kind != "number" and end < len(text) and kind_of(text[end]) == kind:
                end += 1
            word = text[i:end]
        words.append(word)
        i += len(word)
    return words


def kind_of(character):
    category = unicodedata.category(character)
    return "letter" if category[0] == "L" else "number" if category[0] == "N" else "space" if character.isspace() else "other"
