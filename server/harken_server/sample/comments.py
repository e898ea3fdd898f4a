"""Words of made-up customers: what each says, in which language, how pleased, and about what."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

Mood: TypeAlias = Literal["happy", "mixed", "unhappy", "bad_week"]
"""How pleased a comment is; `bad_week` is unhappy about what went wrong in that week."""


class Words(NamedTuple):
    """A comment, and what it is about: a value among the survey's own choices or rows."""

    about: str
    text: str


Comments: TypeAlias = dict[str, dict[Mood, tuple[Words, ...]]]
"""By language and mood. Each is said once at most."""

ORDER: Comments = {
    "en": {
        "happy": (
            Words("delivery", "Ordered on Monday, on my doorstep on Tuesday. Could not be easier."),
            Words("checkout", "Paid with my phone in a minute. That is how it should be."),
            Words("service", "I mistyped my address and your team put it right in minutes."),
            Words("delivery", "Love that I could change the delivery day after ordering."),
            Words("quality", "Warmer than my old jacket and half the weight."),
            Words("price", "Great price, and no surprise at the end."),
            Words("service", "A handwritten note in the box. Made my day."),
            Words("finding", "The size guide was spot on. First boots online that fit!"),
            Words("quality", "The stitching is lovely. You can see that somebody cares."),
            Words("finding", "Honest photos, so I knew what I would get."),
            Words("price", "Same jacket costs a third more in town."),
        ),
        "mixed": (
            Words("quality", "Good rucksack, but one zip is stiff."),
            Words("delivery", "Everything arrived, only in two parcels instead of one."),
            Words("price", "Fine overall. Shipping is a little expensive."),
            Words("checkout", "Could not find where to enter my voucher at first."),
            Words("finding", "Had to guess which tent fits my mat; a drawing would help."),
            Words("delivery", "Nice socks, but the tracking page was two days behind."),
        ),
        "unhappy": (
            Words("quality", "The seam of the left glove came open on the first walk."),
            Words("service", "Wrong colour, and nobody answered my first e-mail."),
            Words("checkout", "The payment failed twice and I was charged both times."),
            Words("finding", "Runs far too small. The size guide was no help at all."),
            Words("price", "Bought it on Friday, ten per cent cheaper on Saturday."),
        ),
        "bad_week": (
            Words("delivery", "Waited nine days although it said two. A strike, I was told."),
            Words("delivery", "Still no parcel. The carrier is on strike and you do not say so."),
            Words("delivery", "The birthday was on Thursday, the present came on Tuesday."),
            Words("delivery", "Tracking says “delayed by strike” and nothing else for a week."),
        ),
    },
    "de": {
        "happy": (
            Words("delivery", "Am nächsten Tag da und sorgfältig verpackt."),
            Words("quality", "Endlich eine Regenjacke, die wirklich dicht ist."),
            Words("service", "Der Umtausch ging schnell und ohne lästige Fragen."),
            Words("finding", "Dank der Größentabelle passten die Stiefel auf Anhieb."),
            Words("price", "Sehr gute Qualität für das Geld."),
        ),
        "mixed": (
            Words("quality", "Schöner Rucksack, aber der Brustgurt ist zu kurz."),
            Words("price", "Gute Ware, nur der Versand ist teuer."),
            Words("checkout", "Den Gutschein konnte ich erst im zweiten Anlauf einlösen."),
        ),
        "unhappy": (
            Words("service", "Falsche Farbe, und auf meine Mail kam keine Antwort."),
            Words("quality", "Nach zwei Wochen löst sich die Sohle."),
        ),
        "bad_week": (
            Words("delivery", "Neun Tage gewartet. Vom Streik stand nirgends etwas."),
            Words("delivery", "Das Paket hing eine Woche fest, und niemand sagte Bescheid."),
        ),
    },
    "nb": {
        "happy": (
            Words("delivery", "Bestilte mandag, fikk pakken tirsdag. Veldig bra!"),
            Words("quality", "Varm og lett jakke, akkurat som beskrevet."),
            Words("service", "Hyggelig hjelp på chat da jeg var usikker på størrelsen."),
            Words("price", "Mye jakke for pengene."),
        ),
        "mixed": (
            Words("delivery", "Fin genser, men den kom i to pakker."),
            Words("finding", "Litt vanskelig å finne riktig størrelse."),
        ),
        "unhappy": (
            Words("quality", "Glidelåsen gikk i stykker etter en uke."),
            Words("checkout", "Ble trukket to ganger for samme ordre."),
        ),
        "bad_week": (
            Words("delivery", "Pakken sto fast i streiken, og jeg fikk ingen beskjed."),
            Words("delivery", "Ni dager i stedet for to. Si fra om streiken på forhånd!"),
        ),
    },
}

MEAL: Comments = {
    "en": {
        "happy": (
            Words("food", "Best cinnamon bun in town, and still warm."),
            Words("service", "Amir remembered our order from last week!"),
            Words("cleanliness", "Quick, friendly, spotless."),
            Words("food", "The new oat flat white is perfect."),
            Words("value", "A proper lunch for what a sandwich costs elsewhere."),
            Words("speed", "Five minutes from door to soup. My train was grateful."),
            Words("service", "So patient with our three loud children. Thank you!"),
            Words("food", "The fish soup tastes like my grandmother's."),
            Words("cleanliness", "Cleanest café by the harbour, even on a rainy Saturday."),
            Words("food", "Fresh bread at eight in the morning. See you tomorrow."),
            Words("speed", "Quick even with a queue to the door."),
            Words("service", "They lent me an umbrella. Who does that?"),
        ),
        "mixed": (
            Words("speed", "Food was lovely, but we waited 25 minutes at lunch."),
            Words("food", "Coffee good, sandwich a bit dry."),
            Words("value", "Tasty, though the portions have become smaller."),
            Words("service", "Nice place, but nobody told us to order at the till."),
        ),
        "unhappy": (
            Words("cleanliness", "The table was sticky and nobody came to wipe it."),
            Words("speed", "Forty minutes for two toasts."),
            Words("service", "I asked twice for water and got an eye roll."),
        ),
    },
    "de": {
        "happy": (
            Words("food", "Die Zimtschnecken sind die besten der Stadt."),
            Words("service", "Sehr freundlich, wir fühlten uns gleich willkommen."),
            Words("speed", "Trotz Mittagszeit kaum gewartet."),
            Words("food", "Die Fischsuppe war ein Gedicht."),
            Words("value", "Mittagstisch zum fairen Preis."),
        ),
        "mixed": (
            Words("speed", "Gutes Essen, aber mittags dauert es zu lange."),
            Words("value", "Lecker, für die kleine Portion aber recht teuer."),
        ),
        "unhappy": (Words("cleanliness", "Die Toilette war schmutzig und ohne Papier."),),
    },
    "ar": {
        "happy": (
            Words("food", "القهوة رائعة والخبز طازج."),
            Words("service", "خدمة ودودة وسريعة، شكرًا لكم."),
        ),
        "mixed": (Words("speed", "الطعام لذيذ لكن الانتظار كان طويلًا."),),
        "unhappy": (Words("service", "لم يسألنا أحد إن كنا نحتاج شيئًا."),),
    },
}

WRONG_MEAL: Comments = {
    "en": {
        "unhappy": (
            Words("food", "They forgot the soup of the day and did not say sorry."),
            Words("food", "Ordered with oat milk, got cow's milk. Twice."),
            Words("food", "Got somebody else's sandwich."),
        ),
        "bad_week": (
            Words("food", "Soup came cold. The oven is broken, they said."),
            Words("food", "The pie was raw in the middle, because the oven was out of order."),
            Words("food", "No warm food for a week? Then say so at the door, not at the table."),
        ),
    },
    "de": {
        "unhappy": (Words("food", "Statt Tomatensuppe kam Kürbissuppe."),),
        "bad_week": (Words("food", "Alles kalt, weil der Ofen kaputt war."),),
    },
    "ar": {"bad_week": (Words("food", "وصل الطعام باردًا لأن الفرن معطّل."),)},
}

BETTER_HELP: Comments = {
    "en": {
        "happy": (
            Words("agent", "Nothing. Solved in one call."),
            Words("agent", "Clear steps with pictures, it worked the first time."),
            Words("agent", "Got an answer within ten minutes on a Sunday. Keep it like that!"),
        ),
        "mixed": (
            Words("ease", "Ask me once. I had to explain it three times."),
            Words("ease", "Friendly, though the first reply was just a link."),
        ),
    },
    "de": {
        "happy": (
            Words("agent", "Nichts, alles in einem Anruf erledigt."),
            Words("agent", "Weiter so, die Anleitung mit Bildern war sehr hilfreich."),
        ),
        "mixed": (Words("ease", "Die Vorgangsnummer gehört gleich in die erste Mail."),),
    },
}

STILL_OPEN: Comments = {
    "en": {
        "mixed": (
            Words("partly", "The new zip holds, but the refund for postage has not come."),
            Words("partly", "I can sign in again. My old orders are still missing."),
        ),
        "unhappy": (
            Words("no", "I still wait for my money, after two weeks."),
            Words("no", "The chat closed on me in the middle of a sentence, nothing was done."),
        ),
        "bad_week": (
            Words("no", "Where is my parcel? Nobody could tell me when the strike ends."),
            Words("no", "I wanted to cancel because of the strike, and was told to wait."),
        ),
    },
    "de": {
        "mixed": (Words("partly", "Die Jacke ist da, die Gutschrift fehlt noch."),),
        "unhappy": (Words("no", "Seit zwei Wochen warte ich auf mein Geld."),),
        "bad_week": (Words("no", "Mein Paket steckt wegen des Streiks fest."),),
    },
}
