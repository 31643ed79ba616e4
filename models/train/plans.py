"""What a text of the corpus says: codes for its sentences, drawn, or taken from real runs of Portray.

`portray model plans` writes the plans of real runs; train.py reads them with --plans. A plan is the list of a
persona's facts, each (topic, direction, measure); what the other tasks say is drawn from the same facts.
"""

import json
from pathlib import Path

FEATURES = [
    "recency", "orders", "revenue", "sessions", "views", "carts", "view_to_cart", "cart_to_purchase", "conversion",
    "buyers", "aov", "items", "lines", "returns", "evening", "weekend", "tenure", "gap", "regularity", "active_days",
    "products", "categories", "variety", "focus", "price_level", "price_spread", "discount", "searches",
    "query_variety", "words", "search_purchase", "other",
]  # fmt: skip
NAMES = ["category", "categories_two", "product", "query"]
TIMES = ["hour", "weekday"]
# Topics whose sentences have no head of their own, so that no comparison or pair can be made of them.
ALONE = {"size", "revenue_share", *NAMES, *TIMES, "other"}
NOT_SAME = ("much_less", "less", "more", "much_more")
# The chance that a fact is told together with the one after it.
PAIR = 0.3


def read(paths):
    """The plans of real runs: one a line, {"items": [[topic, direction, measure], ...]}."""
    lines = [line for path in paths for line in Path(path).read_text(encoding="utf8").splitlines() if line]
    return [[tuple(item) for item in json.loads(line)["items"]] for line in lines]


class Plans:
    """Draws what is said: of real plans where there are some, made up for a part of the texts."""

    def __init__(self, codes, real=(), made_up=0.35, shuffled=0.15):
        self.codes, self.real, self.shuffled = codes, list(real), shuffled
        self.made_up = made_up if self.real else 1.0

    def facts(self, rng):
        """The facts of one segment, in the order in which a persona tells them."""
        if rng.random() >= self.made_up:
            return list(rng.choice(self.real))
        plan = self._made_up(rng)
        if rng.random() < self.shuffled:
            rng.shuffle(plan)
        return plan

    def persona(self, rng):
        """Codes of a persona's sentences, some of them two facts long."""
        facts, sentences = self.facts(rng), []
        while facts:
            first = facts.pop(0)
            both = facts and not {first[0], facts[0][0]} & ALONE and "same" not in (first[1], facts[0][1])
            if both and rng.random() < PAIR:
                sentences.append([*first, self.codes["joint"], *facts.pop(0)])
            else:
                sentences.append(list(first))
        return sentences

    def headline(self, rng, traits):
        """Codes of a headline: two or three facts that have traits."""
        facts = [fact for fact in self.facts(rng) if fact[0] in traits and fact[1] != "same"]
        if len(facts) < 2:
            facts = [self._step(rng, topic, NOT_SAME) for topic in rng.sample(sorted(traits), 2)]
        facts = rng.sample(facts, rng.choice([2, min(3, len(facts))]))
        return [[code for topic, direction, _ in facts for code in (topic, direction)]]

    def compare(self, rng):
        """Codes of a comparison's three sentences."""
        topics = rng.sample([topic for topic in FEATURES if topic not in ALONE | {"buyers"}], 3)
        return [list(self._step(rng, topic, NOT_SAME)) for topic in topics]

    def describe(self, rng):
        """Codes of a product's text: what it is first, its fields, whom it suits last."""
        tone = rng.choice(self.codes["tones"])
        fields = [line for line in ("p_brand", "p_field", "p_field", "p_price") if rng.random() < 0.55]
        group = rng.sample(["p_buyers", "p_lift", "p_kin"], rng.choice([0, 1, 1, 2]))
        return [[line, tone] for line in ["p_is", *fields, *group]]

    def message(self, rng):
        """Codes of a message."""
        tone, channel = rng.choice(self.codes["tones"]), rng.choice(self.codes["channels"])
        facts = [line for line in ("m_price", "m_field", "m_kin") if rng.random() < 0.5]
        lines = {
            "mail": ["m_subject", "m_greet", "m_product", *facts, "m_close", "m_optout"],
            "push": ["m_subject", rng.choice(["m_product", "m_price", "m_close", "m_kin"])],
            "sms": ["m_product", *facts[:1], "m_optout"],
        }[channel]
        return [[line, tone, channel] for line in lines]

    def reason(self, rng):
        """Codes of a reason: one line."""
        return [[rng.choice(["r_product", "r_category", "r_query", "r_bought"])]]

    def _step(self, rng, topic, directions=None, habit=None):
        known = self.codes["topics"][topic]
        allowed = [one for one in known["directions"] if directions is None or one in directions]
        measures = known["measures"]
        measure = habit if habit in measures and rng.random() < 0.75 else rng.choice(measures)
        return topic, rng.choice(allowed), measure

    def _made_up(self, rng):
        """As the program plans: size, revenue, features by strength, names, times, one that is as usual."""
        habit = rng.choice(["median", "median", "mean"])
        plan = [self._step(rng, "size")]
        if rng.random() < 0.75:
            plan.append(self._step(rng, "revenue_share"))
        told = [self._step(rng, topic, NOT_SAME, habit) for topic in rng.sample(FEATURES, rng.randint(4, 7))]
        told.sort(key=lambda one: not one[1].startswith("much"))
        names = rng.sample(NAMES, rng.choice([0, 1, 1, 2]))
        if "category" in names and "categories_two" in names:
            names.remove("category")
        for topic in names + rng.sample(TIMES, rng.choice([0, 0, 1])):
            told.insert(rng.randint(1, len(told)), self._step(rng, topic))
        if rng.random() < 0.6:
            left = [topic for topic in FEATURES if topic not in {one[0] for one in told}]
            told.insert(len(told) - rng.choice([0, 0, 1]), self._step(rng, rng.choice(left), ("same",), habit))
        return plan + told
