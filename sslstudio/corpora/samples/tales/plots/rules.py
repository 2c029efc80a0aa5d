"""Wordings that many plots share: how a story opens, what one meets on the way, how it ends."""

from __future__ import annotations

from sslstudio.corpora.samples.tales.grammar import parse

_TEXTS = {
    "open": """[[Once there was|There was once|Once upon a time there was] {hero.a} named {hero}.
        {hero.He} lived in {home}[| with {hero.his} {elder}].|
        {hero} was {hero.a} who lived in {home}[| with {hero.his} {elder}].|
        In {home} there lived {hero.a} named {hero}.] <trait>""",
    "trait": """[||{hero.He} was [kind|gentle|quiet|clever|happy] and [liked|loved] to <hobby>.|
        {hero.He} [liked|loved] to <hobby>.|
        Every day {hero.he} liked to <hobby>.]""",
    "hobby": """[sing|draw|run|dance|play outside|look at the clouds|tell stories|pick flowers|
        look at the stars|climb trees]""",
    "day": """[One day|One morning|One afternoon|One fine day|One Sunday|Early one morning|
        One summer day],""",
    "walk": """[||On the way, {hero} saw {flock} {flock.where}.|
        {hero.He} saw {flock} {flock.where} and [waved|smiled|said hello].|
        A {color} butterfly flew by.|A bird sang in a tree.|The grass was soft and green.|
        {hero.He} sang a little song on the way.|The sun was warm[| on {hero.his} back].|
        The {neighbor} was there too and said, "Good day, {hero}!"]""",
    "step": """[||{hero.He} sang a little song on the way.|
        {hero.He} saw {flock} {flock.where}.|
        The {neighbor} saw {hero.him} and said, "Good day, {hero}!"]""",
    "friend": """{hero.his} friend [{friend}|{friend.who}]""",
    "sad": """[{hero} was very sad.|{hero} sat down and cried.|
        {hero} wanted to cry.|{hero} felt very sad.]""",
    "joy": """[{hero} was very happy.|{hero} smiled all day.|{hero} laughed with joy.|
        It was a good day.|{hero} had never been so happy.]""",
    "meeting": """[|||On the way, {hero} met the {neighbor}, who carried a heavy basket. {hero}
        helped, and the {neighbor} gave {hero.him} {food.some}.|
        "Where are you going, {hero}?" asked the {neighbor}. "{place.To}," [said {hero}|{hero}
        said].|{hero.He} had {food.some} with {hero.him} and ate {food.it} on the way.|
        A little bird sat {spot}. {hero} stood still, and the bird came very close.|
        {hero} counted: there were {flock} {flock.where}.]""",
    "both": """[They were both very happy.|They laughed together.|
        From then on they were the best of friends.|
        {hero} smiled, and {friend} smiled back.|It was a good day for both of them.]""",
    "night": """[|||That night, {hero} slept [very|] well.|That night, {hero} fell asleep with a
        smile.|When the moon came up, {hero} was already asleep.|
        That night, {hero} dreamed of {flock}.]""",
    "oh": """[Oh no|Oh dear|Oh my]""",
    "thanks": """[Thank you|Thank you so much|Oh, thank you]""",
}
RULES = {name: parse(text) for name, text in _TEXTS.items()}
