"""Pages of different make, as sites write them; all of it about the lake that the tests talk about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

DAY = date(2025, 12, 2)
ADDRESS = "https://lake.example/news/talks"

#: Three paragraphs that a reader would call the article.
ARTICLE = [
    (
        "The delegations met for a second day in the old customs house and agreed on the "
        "order of the talks. "
        "Fishing comes first, the border second, and the dam at the northern end of the lake last of all."
    ),
    (
        "“We will not pay for water that has always been ours,” the delegate of the northern "
        "shore told reporters. "
        "Her colleague from the south answered that nobody had asked for a payment, only for a guarantee."
    ),
    (
        "No day was set for the next round. The mediators said in the evening that both sides "
        "wanted to ask at home "
        "first, and that a written answer was expected within two weeks of the meeting, not later."
    ),
]
UKRAINIAN = [
    (
        "Делегації зустрілися вдруге у старій митниці та погодили порядок переговорів. Спершу "
        "йтиметься про "
        "рибальство, потім про кордон, а наприкінці про греблю на північному березі озера."
    ),
    (
        "Посередники повідомили ввечері, що обидві сторони хочуть порадитися вдома, і що "
        "письмову відповідь "
        "очікують протягом двох тижнів після зустрічі, не пізніше."
    ),
]
RUSSIAN = [
    (
        "Делегации встретились во второй раз в старой таможне и согласовали порядок "
        "переговоров. Сначала речь "
        "пойдет о рыболовстве, потом о границе, а в конце о плотине на северном берегу озера."
    ),
    (
        "Посредники сообщили вечером, что обе стороны хотят посоветоваться дома и что "
        "письменный ответ ожидается "
        "в течение двух недель после встречи, не позднее."
    ),
]
ARABIC = [
    (
        "اجتمع الوفدان لليوم الثاني في مبنى الجمارك القديم واتفقا على ترتيب المحادثات. يأتي "
        "الصيد أولاً ثم الحدود "
        "ثم السد في الطرف الشمالي من البحيرة في آخر الأمر."
    ),
    (
        "وقال الوسطاء في المساء إن الجانبين يريدان التشاور في الداخل أولاً، وإن رداً مكتوباً "
        "متوقع خلال أسبوعين "
        "من الاجتماع وليس بعد ذلك."
    ),
]
GERMAN = [
    (
        "Die Delegationen trafen sich am zweiten Tag im alten Zollhaus und einigten sich über "
        "die Reihenfolge der "
        "Gespräche. Zuerst geht es um die Fischerei, dann um die Grenze, zuletzt um das Wehr im Norden."
    ),
    (
        "Die Vermittler erklärten am Abend, beide Seiten wollten zuerst zu Hause rückfragen; "
        "eine schriftliche "
        "Antwort werde binnen zwei Wochen erwartet, später nicht. Größere Änderungen schließt niemand aus."
    ),
]


def body(paragraphs: list[str]) -> str:
    return "\n".join(f"<p>{each}</p>" for each in paragraphs)


NAV = '<nav><ul><li><a href="/">Home</a></li><li><a href="/talks">Talks</a></li></ul></nav>'
FOOT = "<footer><p>© 2019 The Lake Post. All rights reserved.</p></footer>"
P = body(ARTICLE)


@dataclass(frozen=True)
class Page:
    """A page and what is right about it; what is "" or None must be said to be missing."""

    name: str
    html: bytes
    title: str = "Talks go on at the lake"
    day: date | None = DAY
    text: tuple[str, ...] = tuple(ARTICLE)
    publisher: str = ""
    authors: tuple[str, ...] = ()
    language: str = "en"
    remark: str = ""
    url: str = ADDRESS


def page(name: str, head: str, inside: str, root: str = ' lang="en"', **right: object) -> Page:
    html = f"<!DOCTYPE html><html{root}><head>{head}</head><body>{inside}</body></html>"
    return Page(name, html.encode(), **right)  # type: ignore[arg-type]


NEWS = page(
    "news page",
    '<meta charset="utf-8"><title>Talks go on at the lake | The Lake Post</title>'
    '<link rel="canonical" href="https://www.lake.example/news/talks-go-on">'
    '<meta property="og:type" content="article"><meta property="og:site_name" content="The Lake Post">'
    '<meta property="og:title" content="Talks go on at the lake">'
    '<meta property="article:published_time" content="2025-12-02T21:15:00+02:00">'
    '<meta property="article:modified_time" content="2025-12-04T08:00:00+02:00">'
    '<meta name="author" content="Jana Roe">',
    f'{NAV}<main><article><h1>Talks go on at the lake</h1><p class="byline">By Jana Roe</p>{P}</article>'
    '<aside><h2>Most read</h2><ul><li><a href="/a">A bridge is built</a></li></ul></aside></main>'
    f"<div class='comments'><h3>Comments</h3><p>I do not believe a word of it.</p></div>{FOOT}",
    publisher="The Lake Post",
    authors=("Jana Roe",),
    url="https://www.lake.example/news/talks-go-on",
)
GOVERNMENT = page(
    "government page with JSON-LD",
    "<title>Ministry of Waters - Press</title>"
    """<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [
    {"@type": "GovernmentOrganization", "@id": "#org", "name": "Ministry of Waters"},
    {"@type": "WebPage", "@id": "https://lake.example/news/talks", "datePublished": "2020-01-01"},
    {"@type": "NewsArticle", "headline": "Talks go on at the lake", "datePublished": "2025-12-02",
     "dateModified": "2025-12-05", "inLanguage": "en-GB", "publisher": {"@id": "#org"},
     "author": [{"@type": "Organization", "name": "Press &amp; Protocol"}]}]}</script>""",
    f"<header><h1>Talks go on at the lake</h1></header><main>{P}</main>{FOOT}",
    root="",
    publisher="Ministry of Waters",
    authors=("Press & Protocol",),
    language="en-GB",
)
TABLES = page(
    "old layout of tables",
    "<title>Talks go on at the lake</title>",
    '<table width="100%"><tr><td colspan="2"><font size="5">THE LAKE POST</font></td></tr><tr>'
    '<td width="120"><a href="/">Home</a><br><a href="/talks">Talks</a><br><a href="/old">Archive</a></td>'
    f"<td><b>Talks go on at the lake</b><br><br>{'<br><br>'.join(ARTICLE)}</td></tr>"
    "<tr><td colspan=2><small>Copyright 2003-2019</small></td></tr></table>",
    root="",
    day=None,
    language="",
)
CYRILLIC = Page(
    "windows-1251 by meta",
    (
        '<html lang="ru"><head><meta http-equiv="Content-Type" content="text/html; charset=windows-1251">'
        "<title>Переговоры на озере</title><meta property='article:published_time' "
        "content='2025-12-02'></head>"
        f"<body><h1>Переговоры на озере</h1>{body(RUSSIAN)}</body></html>"
    ).encode("windows-1251"),
    title="Переговоры на озере",
    text=tuple(RUSSIAN),
    language="ru",
)
UNDECLARED = Page(
    "windows-1251 that nothing declares",
    f"<html><head><title>Переговоры на озере</title></head><body>{body(RUSSIAN)}</body></html>".encode(
        "cp1251"
    ),
    title="Переговоры на озере",
    day=None,
    text=tuple(RUSSIAN),
    language="",
    remark="taken for windows-1251",
)
RIGHT_TO_LEFT = page(
    "Arabic, right to left",
    '<meta charset="utf-8"><title>المحادثات مستمرة</title><meta property="og:title" '
    'content="المحادثات مستمرة">',
    "<article><header><h1>المحادثات مستمرة</h1>"
    f'<time datetime="2025-12-02">٢ ديسمبر</time></header>{body(ARABIC)}</article>',
    root=' lang="ar" dir="rtl"',
    title="المحادثات مستمرة",
    text=tuple(ARABIC),
    language="ar",
)
AMP = page(
    "AMP",
    '<meta charset="utf-8"><title>Talks go on at the lake</title>'
    '<link rel="canonical" href="https://lake-post.example/talks"><style amp-boilerplate>body{}</style>'
    '<script async src="https://cdn.example/v0.js"></script><script type="application/ld+json">{"@type": '
    '"NewsArticle", "headline": "Talks go on at the lake", "datePublished": '
    '"2025-12-02T10:00:00Z"}</script>',
    f"<amp-sidebar><a href='/'>Home</a></amp-sidebar><article><h1>Talks go on at the lake</h1>"
    f"<amp-img src='/a.jpg' width='1' height='1'></amp-img>{P}</article><amp-analytics></amp-analytics>",
    root=' ⚡ lang="en"',
    url="https://lake-post.example/talks",
)
PAYWALL = page(
    "stub behind a paywall",
    '<title>Talks go on at the lake</title><script type="application/ld+json">[{"@type": ["NewsArticle"],'
    '"headline": "Talks go on at the lake", "isAccessibleForFree": "False", "datePublished": "2025-12-02"}]'
    "</script>",
    f"<article><h1>Talks go on at the lake</h1><p>{ARTICLE[0]}</p></article>"
    "<div class='paywall-offer'><p>Subscribe to continue reading.</p></div>",
    text=(ARTICLE[0],),
    remark="only subscribers",
)
EMPTY = Page("empty page", b"", title="", day=None, text=(), language="", remark="No running text")
SCRIPT = page(
    "page built by a script",
    "<title>Talks go on at the lake</title>",
    '<div id="app"></div><script src="/app.js"></script><noscript>Switch on JavaScript.</noscript>',
    day=None,
    text=(),
    remark="built by scripts",
)
FRAMES = Page(
    "frames",
    b"<html><head><title>Talks go on at the lake</title></head><frameset cols='20%,80%'><frame src='a.html'>"
    b"<frame src='b.html'><noframes><p>Your browser knows no frames.</p></noframes></frameset></html>",
    day=None,
    text=(),
    language="",
    remark="made of frames",
)
UMLAUTS = Page(
    "German in latin-1",
    (
        '<html lang="de"><head><meta charset="iso-8859-1"><title>Gespräche über den See</title>'
        '<meta name="dcterms.issued" content="2025-12-02"></head><body><main>'
        f"<h1>Gespräche über den See</h1>{body(GERMAN)}</main></body></html>"
    ).encode("latin-1"),
    title="Gespräche über den See",
    text=tuple(GERMAN),
    language="de",
)
LIST = page(
    "list of pages",
    "<title>All about the talks</title>",
    "<h1>All about the talks</h1><main>"
    + "".join(
        f'<div><h2><a href="/{n}">The delegations met for the {n}th time and agreed on nothing '
        f"at all</a></h2></div>"
        for n in range(4, 24)
    )
    + f"</main>{FOOT}",
    title="All about the talks",
    day=None,
    text=(),
    remark="list of other pages",
)
