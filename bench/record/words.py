"""The words of the made-up record: parts of sentences in five languages. Nothing but words here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tongue:
    """A language: the parts of its sentences, and how the fields of an issue are worded in it.

    Any subject goes with any predicate and any ending; a matter, a place and an annex make a title.
    """

    code: str
    subjects: tuple[str, ...]
    predicates: tuple[str, ...]
    endings: tuple[str, ...]
    matters: tuple[str, ...]
    places: tuple[str, ...]
    annex: str
    question: str
    proposition: str
    speech: str


EN = Tongue(
    "en",
    (
        "the delegation",
        "the head of the delegation",
        "the ministry",
        "the negotiating team",
        "the envoy",
        "the working group on technical matters",
        "the cabinet",
        "a senior official of the chancellery",
    ),
    (
        "insists on written guarantees before any withdrawal begins",
        "would accept a joint commission with an equal number of seats",
        "refuses to discuss the calendar until the prisoners are home",
        "asks for a third reading of the annex on inspections",
        "points to the wording that was settled at the spring round",
        "sees no room for a further exception in the second paragraph",
        "proposes to move the deadline to the end of the following quarter",
        "holds that the costs must be shared in proportion to the traffic",
        "wants the text to name the bodies that will supervise each step",
        "repeats that the matter belongs to the political level",
        "is ready to drop the reservation it entered in the autumn",
        "describes the latest draft as a basis and not as a result",
    ),
    (
        "as long as the ceasefire holds along the whole line",
        "unless both sides confirm the map by letter",
        "in return for access to the two northern crossings",
        "for a transition of no more than thirty-six months",
        "without prejudice to claims before the courts",
        "provided that the observers may move freely",
        "and has said so at every session since January",
        "while the experts finish the schedule of payments",
        "even if the other points of the package stay open",
        "which the mediator noted without comment",
    ),
    (
        "Withdrawal of heavy weapons",
        "Return of displaced families",
        "Control of the crossings",
        "Exchange of prisoners",
        "Reopening of the railway",
        "Compensation for lost land",
        "Inspection of storage sites",
        "Supply of drinking water",
        "Schools in the minority language",
        "Customs duties on grain",
        "Rules for local elections",
        "Clearing of mines",
        "Repair of the power lines",
        "Archive of the land registry",
    ),
    (
        "in the river districts",
        "around the old port",
        "along the eastern road",
        "in the upper valley",
        "near the three bridges",
        "on the lower plain",
        "in the twin towns",
        "at the northern crossings",
        "on the islands of the lake",
        "in the forest belt",
        "around the power station",
        "in the border villages",
    ),
    "annex",
    "How is “{title}” to be settled, by whom, by when and under whose supervision?",
    "“{title}” is settled within one year, under the supervision of the Mission and at shared cost",
    "“{words}” – so {who} after the session.",
)
UK = Tongue(
    "uk",
    ("делегація", "голова делегації", "міністерство", "переговорна група", "посланець", "робоча група"),
    (
        "наполягає на письмових гарантіях до початку будь-якого відведення",
        "готова прийняти спільну комісію з рівною кількістю місць",
        "відмовляється обговорювати календар, доки не повернуться полонені",
        "просить ще раз розглянути додаток про перевірки",
        "посилається на формулювання, погоджене навесні",
        "пропонує перенести строк на кінець наступного кварталу",
        "вважає, що витрати слід ділити відповідно до обсягу перевезень",
        "повторює, що питання належить до політичного рівня",
        "називає останній проєкт основою, а не підсумком",
    ),
    (
        "поки на всій лінії триває припинення вогню",
        "якщо обидві сторони не підтвердять мапу листом",
        "в обмін на доступ до двох північних переходів",
        "на перехідний період до тридцяти шести місяців",
        "за умови вільного пересування спостерігачів",
        "і говорить про це на кожному засіданні від січня",
        "навіть якщо решта пунктів залишиться відкритою",
    ),
    (
        "Відведення важкого озброєння",
        "Повернення переселених родин",
        "Контроль на переходах",
        "Обмін полоненими",
        "Відновлення залізниці",
        "Постачання питної води",
        "Розмінування полів",
        "Мито на зерно",
    ),
    (
        "у прирічкових районах",
        "довкола старого порту",
        "уздовж східної дороги",
        "у верхній долині",
        "біля трьох мостів",
        "на островах озера",
        "у прикордонних селах",
    ),
    "додаток",
    "Як, ким, коли і під чиїм наглядом буде врегульовано питання «{title}»?",
    "Питання «{title}» врегульовується протягом року під наглядом Місії та спільним коштом",
    "«{words}», – каже {who} після засідання.",
)
FR = Tongue(
    "fr",
    ("la délégation", "le chef de la délégation", "le ministère", "l’équipe de négociation", "l’émissaire"),
    (
        "exige des garanties écrites avant tout retrait",
        "accepterait une commission mixte à sièges égaux",
        "refuse d’aborder le calendrier avant le retour des prisonniers",
        "demande une nouvelle lecture de l’annexe sur les inspections",
        "renvoie à la formule arrêtée lors de la session de printemps",
        "propose de reporter l’échéance à la fin du trimestre suivant",
        "estime que les coûts doivent être partagés selon le trafic",
        "répète que la question relève du niveau politique",
        "voit dans le dernier projet une base et non un résultat",
    ),
    (
        "tant que le cessez-le-feu tient sur toute la ligne",
        "à moins que la carte ne soit confirmée par lettre",
        "en échange de l’accès aux deux passages du nord",
        "pour une transition de trente-six mois au plus",
        "sans préjudice des recours devant les tribunaux",
        "pourvu que les observateurs circulent librement",
        "même si les autres points du paquet restent ouverts",
    ),
    (
        "Retrait des armes lourdes",
        "Retour des familles déplacées",
        "Contrôle des passages",
        "Échange des prisonniers",
        "Réouverture du chemin de fer",
        "Approvisionnement en eau potable",
        "Déminage des champs",
        "Droits de douane sur les céréales",
    ),
    (
        "dans les districts du fleuve",
        "autour du vieux port",
        "le long de la route de l’est",
        "dans la haute vallée",
        "près des trois ponts",
        "sur les îles du lac",
        "dans les villages frontaliers",
    ),
    "annexe",
    "Comment, par qui, pour quand et sous quel contrôle régler « {title} » ?",
    "« {title} » : un règlement en un an, sous le contrôle de la Mission et à frais partagés",
    "« {words} » – ainsi {who} après la séance.",
)
RU = Tongue(
    "ru",
    ("делегация", "глава делегации", "министерство", "переговорная группа", "посланник", "рабочая группа"),
    (
        "настаивает на письменных гарантиях до начала любого отвода",
        "допускает совместную комиссию с равным числом мест",
        "отказывается обсуждать календарь до возвращения пленных",
        "просит ещё раз рассмотреть приложение о проверках",
        "ссылается на формулировку, согласованную весной",
        "предлагает перенести срок на конец следующего квартала",
        "считает, что расходы следует делить по объёму перевозок",
        "повторяет, что вопрос относится к политическому уровню",
        "называет последний проект основой, а не итогом",
    ),
    (
        "пока на всей линии соблюдается прекращение огня",
        "если обе стороны не подтвердят карту письмом",
        "в обмен на доступ к двум северным переходам",
        "на переходный период не более тридцати шести месяцев",
        "при условии свободного передвижения наблюдателей",
        "и говорит об этом на каждом заседании с января",
        "даже если остальные пункты останутся открытыми",
    ),
    (
        "Отвод тяжёлых вооружений",
        "Возвращение переселённых семей",
        "Контроль на переходах",
        "Обмен пленными",
        "Восстановление железной дороги",
        "Снабжение питьевой водой",
        "Разминирование полей",
        "Пошлины на зерно",
    ),
    (
        "в приречных районах",
        "вокруг старого порта",
        "вдоль восточной дороги",
        "в верхней долине",
        "у трёх мостов",
        "на островах озера",
        "в приграничных сёлах",
    ),
    "приложение",
    "Как, кем, когда и под чьим надзором будет решён вопрос «{title}»?",
    "Вопрос «{title}» решается в течение года под надзором Миссии и за общий счёт",
    "«{words}», – говорит {who} после заседания.",
)
AR = Tongue(
    "ar",
    ("الوفد", "رئيس الوفد", "المبعوث", "الفريق المفاوض", "المتحدث باسم الوفد", "مجلس الوزراء"),
    (
        "يتمسك بضمانات مكتوبة قبل أي انسحاب",
        "يقبل بلجنة مشتركة بعدد متساو من المقاعد",
        "يرفض بحث الجدول الزمني قبل عودة الأسرى",
        "يطلب قراءة أخرى للملحق الخاص بالتفتيش",
        "يذكّر بالصيغة التي اتفق عليها في جولة الربيع",
        "يقترح تأجيل الموعد إلى نهاية الفصل المقبل",
        "يرى أن الكلفة يجب أن توزع بحسب حركة النقل",
        "يكرر أن المسألة من شأن المستوى السياسي",
    ),
    (
        "ما دام وقف إطلاق النار قائما على طول الخط",
        "إلا إذا أكد الطرفان الخريطة برسالة",
        "مقابل الوصول إلى المعبرين الشماليين",
        "لفترة انتقالية لا تتجاوز ستة وثلاثين شهرا",
        "بشرط أن يتنقل المراقبون بحرية",
        "حتى لو بقيت النقاط الأخرى مفتوحة",
    ),
    (
        "سحب الأسلحة الثقيلة",
        "عودة العائلات النازحة",
        "إدارة المعابر",
        "تبادل الأسرى",
        "إعادة فتح السكة الحديدية",
        "توفير مياه الشرب",
        "إزالة الألغام",
    ),
    ("في مناطق النهر", "حول الميناء القديم", "على الطريق الشرقي", "في أعلى الوادي", "في جزر البحيرة"),
    "ملحق",
    "كيف ومتى وعلى يد من وتحت أي إشراف تحسم مسألة «{title}»؟",
    "تحسم مسألة «{title}» في غضون عام بإشراف البعثة وبكلفة مشتركة",
    "«{words}» – هكذا قال {who} بعد الجلسة.",
)
