"""Who and what the made-up talks are about: parties, people, tracks and topics. Nothing but constants."""

from __future__ import annotations

from tracker.models.vocabulary import PartyKind, PartyRole

#: Code, name, aliases, kind and role, in the order of the columns; a small record has the first six.
PARTIES = (
    ("avarn", "Republic of Avarn", ["Avarn", "Аварн", "أفارن"], PartyKind.STATE, PartyRole.PARTY),
    ("belmark", "Kingdom of Belmark", ["Belmark", "Бельмарк"], PartyKind.STATE, PartyRole.PARTY),
    ("kessany", "Free Towns of Kessany", ["Kessany", "Кессани"], PartyKind.OTHER, PartyRole.PARTY),
    ("mission", "Lakeside Mission", ["la Mission", "البعثة"], PartyKind.ORGANISATION, PartyRole.MEDIATOR),
    ("union", "Coastal Union", ["Union côtière", "Береговий союз"], PartyKind.BLOC, PartyRole.SUPPORTER),
    ("dorvia", "Dorvia", ["Дорвия", "Дорвія"], PartyKind.STATE, PartyRole.SUPPORTER),
    ("council", "Northern Council", ["Conseil du Nord"], PartyKind.ORGANISATION, PartyRole.GUARANTOR),
    ("estwick", "Estwick", ["Естуік"], PartyKind.STATE, PartyRole.HOST),
    ("farrow", "Farrow", ["فارو"], PartyKind.STATE, PartyRole.OBSERVER),
    ("league", "Highland League", ["Ligue des Hauts"], PartyKind.BLOC, PartyRole.SUPPORTER),
    ("gallen", "Gallen", ["Галлен"], PartyKind.STATE, PartyRole.SUPPORTER),
    ("irsa", "Irsa", ["Ирса", "Ірса"], PartyKind.STATE, PartyRole.SUPPORTER),
)
CODES = tuple(code for code, *_ in PARTIES)
DECIDING = sorted(code for code, *_, role in PARTIES if role is PartyRole.PARTY)
#: Member and bloc, by code; those whose parties a record has not are left out.
MEMBERS = (("dorvia", "union"), ("irsa", "union"), ("gallen", "league"), ("farrow", "league"))
GIVEN = ("Anel", "Brena", "Carst", "Dulia", "Edvan", "Fenna", "Gorim", "Halla")
FAMILY = ("Ostrel", "Pavrin", "Quesmor", "Ristova", "Selvane", "Tarnik", "Uldemar", "Vashti", "Werrin")
TRACKS = (
    ("west", "Talks of the western bank", ["avarn", "belmark", "mission"]),
    ("east", "Talks of the eastern bank", ["avarn", "kessany", "mission"]),
)
TOPICS = (
    "Security",
    "Territory",
    "People",
    "Politics",
    "Economy",
    "Energy",
    "Water",
    "Justice",
    "Culture and language",
)
PUBLISHERS = {
    "en": ("The Lake Courier", "Northern Wire", "Mission Press Office"),
    "uk": ("Озерний вісник", "Прирічна хвиля"),
    "fr": ("Le Courrier du lac", "Agence du Nord"),
    "ru": ("Озёрный вестник", "Приречное время"),
    "ar": ("بريد البحيرة", "وكالة الشمال"),
}
EDITOR = "Bench editor"


def person(party: int, number: int) -> str:
    """Name one of the people who speak for a party."""
    return f"{GIVEN[(party * 2 + number) % len(GIVEN)]} {FAMILY[(party * 3 + number) % len(FAMILY)]}"
