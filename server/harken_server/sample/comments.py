"""Words of made-up customers, from delighted to let down."""

from __future__ import annotations

from typing import Literal, TypeAlias

Mood: TypeAlias = Literal["happy", "mixed", "unhappy"]

COMMENTS: dict[str, dict[Mood, tuple[str, ...]]] = {
    "post_purchase": {
        "happy": (
            "Ordered on Monday, on my doorstep on Tuesday. Could not be easier.",
            "Checkout took a minute and the parcel was packed with care.",
            "Third order this year, never a problem.",
            "Love that I could change the delivery day after ordering.",
            "The size guide was spot on. First pair of shoes online that fits!",
            "Great prices and honest photos.",
            "A handwritten note in the box. Made my day.",
        ),
        "mixed": (
            "Good product, but the tracking page was two days behind.",
            "Everything arrived, only in two parcels instead of one.",
            "Fine overall. Shipping is a little expensive.",
            "Could not find where to enter my voucher at first.",
        ),
        "unhappy": (
            "Parcel was left in the rain and the box was soaked through.",
            "Waited nine days although it said two.",
            "Wrong colour, and nobody answered my first e-mail.",
            "The payment failed twice and I was charged both times.",
        ),
    },
    "restaurant_receipt": {
        "happy": (
            "Best cinnamon bun in town, and still warm.",
            "Amir remembered our order from last week!",
            "Quick, friendly, spotless.",
            "The new oat flat white is perfect.",
        ),
        "mixed": (
            "Food was lovely, but we waited 25 minutes at lunch.",
            "Nice place, a bit loud to talk.",
            "Coffee good, sandwich a bit dry.",
        ),
        "unhappy": (
            "Soup came cold and the table was sticky.",
            "They forgot half of our order and did not say sorry.",
            "Toilets were out of paper and it was freezing by the door.",
        ),
    },
    "support_ticket": {
        "happy": (
            "Solved in one call. Thank you, Ingrid!",
            "Clear steps with pictures, it worked the first time.",
            "Got an answer within ten minutes on a Sunday.",
        ),
        "mixed": (
            "Problem solved in the end, but I had to explain it three times.",
            "Friendly, though the first reply was just a link.",
        ),
        "unhappy": (
            "Still not working after two weeks.",
            "The chat closed on me in the middle of a sentence.",
        ),
    },
}

OTHER_WORDS = ("A friend told me", "The opening hours", "Saw you at the market")
