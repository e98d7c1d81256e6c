"""The code lists that come with the product, written after every `migrate`.

A code that is missing is added, and a label that lacks a language gets it; what a site changed itself stays.
"""

import csv
from importlib import resources

from i18nfield.strings import LazyI18nString

from participants.models import Area, Category, ConsentText, Purpose, Topic

CONSENT_TEXTS = {
    Purpose.REGISTER: {
        "en": (
            "I agree that my name and contact are kept in the register of this event, so that the organisers can reach "
            "me and confirm that I took part. Only the event’s team sees them."
        ),
        "uk": (
            "Я погоджуюся, що моє ім’я та контакт зберігатимуть у списку учасників цього заходу, щоб організатори "
            "могли зі мною зв’язатися й підтвердити мою участь. Їх бачить лише команда заходу."
        ),
        "ar": (
            "أوافق على حفظ اسمي ووسيلة الاتصال بي في سجل هذه الفعالية، لكي يتمكن المنظمون من التواصل معي وتأكيد "
            "مشاركتي. لا يطّلع عليها إلا فريق الفعالية. وإذا ذكرتُ المنظمة التي أعمل فيها، يرى منسّقها أنني أشارك."
        ),
    },
    Purpose.STATISTICS: {
        "en": (
            "I agree that the answers about myself (age, sex, area and the like) are used to count participants. "
            "Reports show numbers only, never names."
        ),
        "uk": (
            "Я погоджуюся, що відповіді про мене (вік, стать, область тощо) використають для підрахунку учасників. "
            "У звітах є лише числа, без імен."
        ),
        "ar": (
            "أوافق على استخدام إجاباتي عن نفسي (العمر والجنس والمنطقة وما شابه) لإحصاء المشاركين. تعرض التقارير "
            "أرقامًا فقط، ولا تذكر أي أسماء."
        ),
    },
    Purpose.CERTIFICATE: {
        "en": (
            "I agree that a certificate with my name is made if I take part in enough of the event. Whoever has its "
            "number can check that it is genuine. They see what it is for and at most the first letters of my name."
        ),
        "uk": (
            "Я погоджуюся, що мені зроблять сертифікат із моїм ім’ям, якщо я візьму достатню участь у заході. Хто має "
            "його номер, може перевірити, що він справжній. При цьому видно, за що його видано, і щонайбільше перші "
            "літери мого імені."
        ),
        "ar": (
            "أوافق على إصدار شهادة باسمي إذا حضرتُ ما يكفي من الفعالية. يمكن لكل من يملك رقمها أن يتحقق من صحتها، "
            "ولا يرى إلا موضوعها والأحرف الأولى من اسمي على الأكثر."
        ),
    },
    Purpose.FURTHER_TRAINING: {
        "en": (
            "I agree that the organisers write to me when there is another training that may suit me. "
            "I can stop this at any time."
        ),
        "uk": (
            "Я погоджуюся, що організатори писатимуть мені, коли буде інше навчання, яке може мені підійти. "
            "Я можу будь-коли це припинити."
        ),
        "ar": "أوافق على أن يراسلني المنظمون عند توفر تدريب آخر قد يناسبني. يمكنني إيقاف ذلك في أي وقت.",
    },
    Purpose.PHOTO: {
        "en": (
            "I agree that photographs are taken at this event on which people can recognise me, and that the "
            "organisers show them in reports and on their pages. If I do not agree, I take part all the same."
        ),
        "uk": (
            "Я погоджуюся, що на цьому заході робитимуть фотографії, на яких мене можна впізнати, і що організатори "
            "показуватимуть їх у звітах і на своїх сторінках. Якщо я не погоджуюся, я однаково беру участь."
        ),
        "ar": (
            "أوافق على التقاط صور في هذه الفعالية يمكن التعرف عليّ فيها، وعلى أن يعرضها المنظمون في تقاريرهم وعلى "
            "صفحاتهم. إن لم أوافق، أشارك رغم ذلك."
        ),
    },
    Purpose.GUARDIAN: {
        "en": (
            "I am a parent or the legal guardian of this young person. I agree that they take part in this event, and "
            "that their name and contact are kept in its register. Only the event’s team sees them. Until the event "
            "is over I can take this back by writing to the organisers."
        ),
        "uk": (
            "Я — мати, батько або законний опікун цієї молодої людини. Я погоджуюся, що вона братиме участь у цьому "
            "заході і що її ім’я та контакт зберігатимуть у списку учасників. Їх бачить лише команда заходу. Доки захід "
            "не завершився, я можу відкликати згоду, написавши організаторам."
        ),
        "ar": (
            "أنا أحد والدَي هذا الشاب أو هذه الشابة أو الوصي القانوني. أوافق على المشاركة في هذه الفعالية وعلى حفظ "
            "الاسم ووسيلة الاتصال في سجلها. لا يطّلع عليها إلا فريق الفعالية. ويمكنني سحب موافقتي حتى انتهاء الفعالية "
            "بمراسلة المنظمين."
        ),
    },
}


def _rows(name):
    with (resources.files("participants") / "data" / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _labels(row, stem):
    return {
        key.removeprefix(f"{stem}_"): value for key, value in row.items() if key.startswith(f"{stem}_") and value
    }


def _merged(current, shipped):
    """`current` with the languages it lacks, or None if it lacks none."""
    held = current.data if isinstance(current.data, dict) else {"en": str(current.data)}
    missing = {language: text for language, text in shipped.items() if not held.get(language)}
    return LazyI18nString({**held, **missing}) if missing else None


def _upsert(model, entries):
    """`entries` maps a code to (labels, position, other fields)."""
    held = {row.code: row for row in model.objects.all()}
    model.objects.bulk_create(
        model(code=code, label=LazyI18nString(labels), position=position, **fields)
        for code, (labels, position, fields) in entries.items()
        if code not in held
    )
    changed = []
    for code, row in held.items():
        if code in entries and (label := _merged(row.label, entries[code][0])):
            row.label = label
            changed.append(row)
    model.objects.bulk_update(changed, ["label"])


def ship(**_kwargs):
    """Write every shipped list. Connected to `post_migrate`; safe to run at any time."""
    _upsert(
        Category,
        {row["code"]: (_labels(row, "label"), n, {}) for n, row in enumerate(_rows("categories.csv"))},
    )
    topics = _rows("topics.csv")
    _upsert(Topic, {row["code"]: (_labels(row, "label"), n, {}) for n, row in enumerate(topics)})
    parents = {row["code"]: row["parent"] for row in topics if row["parent"]}
    held = {topic.code: topic for topic in Topic.objects.all()}
    orphans = [held[code] for code in parents if held[code].parent_id is None]
    for topic in orphans:
        topic.parent = held[parents[topic.code]]
    Topic.objects.bulk_update(orphans, ["parent"])
    _upsert(Area, _areas())
    known = set(ConsentText.objects.values_list("purpose", "version"))
    ConsentText.objects.bulk_create(
        ConsentText(purpose=purpose, version=1, text=LazyI18nString(texts))
        for purpose, texts in CONSENT_TEXTS.items()
        if (purpose.value, 1) not in known
    )


def _areas():
    areas = {}
    for row in _rows("areas-ua.csv"):
        codes = {"country": "UA", "pcode": row["pcode"], "iso3166_2": row["iso3166_2"]}
        areas[row["pcode"]] = (_labels(row, "name"), len(areas), codes)
    for row in _rows("areas-neighbours.csv"):
        codes = {"country": row["country"], "iso3166_2": row["iso3166_2"]}
        areas[row["iso3166_2"]] = (_labels(row, "name"), len(areas), codes)
    return areas
