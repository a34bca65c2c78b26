"""The texts of the made-up record, put together by chance from lists of words.

Pure functions of the chance they are handed; what they write is in the form in which texts are stored.
"""

from __future__ import annotations

from random import Random

from bench.record.words import Tongue

#: What stands between two paragraphs of a text.
BREAK = "\n\n"


def sentence(chance: Random, tongue: Tongue, who: str = "") -> str:
    """Put one sentence together; `who`: its subject."""
    subject = who or chance.choice(tongue.subjects)
    comma = "،" if tongue.code == "ar" else ","
    words = f"{subject} {chance.choice(tongue.predicates)}{comma} {chance.choice(tongue.endings)}."
    return words[0].upper() + words[1:]


def prose(chance: Random, tongue: Tongue, longest: int, who: str = "") -> str:
    """Write one sentence, and more while they fit into a length drawn between 60 and `longest`."""
    length = chance.randint(60, longest)
    words = sentence(chance, tongue, who)
    while len(words) + len(more := sentence(chance, tongue)) < length:
        words += " " + more
    return words


def title(chance: Random, tongue: Tongue) -> str:
    """Name a matter, a place and an annex."""
    words = f"{chance.choice(tongue.matters)} {chance.choice(tongue.places)}"
    return f"{words} ({tongue.annex} {chance.randint(1, 60)})"


def article(chance: Random, tongue: Tongue, heading: str) -> str:
    """Write a text of 1,000 to 6,000 characters: its heading, then paragraphs, some of them spoken."""
    length = chance.randint(1_000, 5_000)
    paragraphs = [heading]
    written = len(heading)
    while written < length:
        words = " ".join(sentence(chance, tongue) for _ in range(chance.randint(1, 5)))
        if chance.random() < 0.25:
            words = tongue.speech.format(words=words.rstrip("."), who=chance.choice(tongue.subjects))
        paragraphs.append(words)
        written += len(words) + 2
    return BREAK.join(paragraphs)


def passage(chance: Random, text: str) -> str:
    """Take one sentence out of a text that `article` wrote."""
    paragraph = chance.choice(text.split(BREAK)[1:])
    sentences = paragraph.split(". ")
    number = chance.randrange(len(sentences))
    return sentences[number] + ("." if number < len(sentences) - 1 else "")
