"""Plots at home: things lost and broken, hunger, night, weather, and what grows."""

from __future__ import annotations

from sslstudio.corpora.samples.tales.plots.plot import Plot

LOST = Plot(
    "lost toy",
    """<open> [{hero} had {toy.a}.|{hero.His} best toy was {toy.a}.|The thing {hero.he} loved most
    was {toy.a}.]

    <day> {hero} took the {toy} {place.to}. <walk> {hero.He} {toy.play}. Then {hero.he} was
    tired. {hero.He} put the {toy} {spot} and [lay down to rest|looked at the clouds|ate
    {food.some}]. When {hero.he} went home, {hero.he} forgot the {toy}.

    In the evening {hero} looked for the {toy}. It was not on the bed. It was not under the
    [bed|table]. "<oh>! Where is my {toy}?" {hero.he} cried. {hero.His} {elder} asked, "Where
    did you [have it last|play with it]?" {hero} thought [hard|for a while]. "{place.At}!"
    {hero.he} said. "I put it {spot}."

    They went back {place.to} [together|with a lamp]. And there was the {toy}, {spot}, [just
    where|right where] {hero} had left it. [{hero} held it tight.|{hero} jumped for joy.|"There
    you are!" said {hero}.] [|After that day, {hero} never left the {toy} behind.|From then on,
    {hero} always took the {toy} home.] <night>""",
)
NO_COAT = Plot(
    "rain without a coat",
    """<open>

    <day> {hero} wanted to go {place.to}. "[Take your coat|Do not forget your coat]," said
    {hero.his} {elder}. "[I see dark clouds|It may rain today]." But {hero} [did not listen|did
    not want to]. "[The sun is out|I do not need it]," {hero.he} said, and {hero.he} ran out
    without the coat.

    <step> Soon the sky turned gray. Big drops of rain [fell|began to fall] {place.at}. {hero}
    had no coat, so {hero.he} got wet [from head to foot|all over]. {hero.He} was [very cold|so
    cold that {hero.he} shook]. {hero.He} ran home as fast as {hero.he} could.

    At home, {hero.his} {elder} dried {hero.him} with a big towel and gave {hero.him} {warm}.
    Soon {hero} was warm and dry again. "You were right, {elder.call}," said {hero}. "Next time
    I will [take my coat|listen to you]." [And {hero.he} did.|] <night>""",
)
COAT = Plot(
    "rain with a coat",
    """<open>

    <day> {hero} wanted to go {place.to}. "[Take your coat|Do not forget your coat]," said
    {hero.his} {elder}. "[I see dark clouds|It may rain today]." {hero} put on the
    [warm|{color}| long] coat and went out. <step>

    {place.At}, {hero} met <friend>. Soon the sky turned gray, and it began to rain. {hero}
    stayed dry, because {hero.he} had a coat. But {friend} had no coat and got wet. "[Come
    here|Come under my coat]," said {hero}. "[It is big enough for two|There is room for you
    too]."

    So they walked home under one coat. [The rain fell and fell, but they only laughed.|They
    sang a song about the rain.] {hero.His} {elder} gave them {warm} each. "<thanks>, {hero},"
    said {friend}. "Now I am warm again." <both>""",
)
HUNGRY = Plot(
    "hungry",
    """<open>

    <day> {hero} [played outside for a long time|worked in the garden for a long time|climbed
    up and down the hill]. When {hero.he} came home, {hero.he} was very hungry. {hero.He}
    looked in the pot, but the pot was empty. "{elder.Call}, I am so hungry," said {hero}. "[Is
    there any soup left|What can I eat]?"

    "The soup is all gone," said {hero.his} {elder}. "But we can cook [together|some more]."
    {hero} washed three carrots and [two|four|five] potatoes. {hero.His} {elder} cut them and
    put them into the pot. {hero} waited and waited. Soon the whole house smelled good.

    At last the soup was hot. {hero} ate one bowl. Then {hero.he} ate another bowl. "Now I am
    not hungry anymore," {hero.he} said and smiled. "Soup tastes best when you [cook it
    yourself|are hungry]," said {hero.his} {elder}. <night>""",
)
NOISE = Plot(
    "noise at night",
    """<open>

    One night, {hero} woke up. It was very dark. [Tap, tap, tap!|Knock, knock, knock!]
    Something was at the window. {hero} was afraid. {hero.He} pulled the blanket over
    {hero.his} head. But the noise did not stop. "{elder.Call}!" {hero.he} called. "Something
    is out there!"

    {hero.His} {elder} came with a lamp. "Let us look together," {elder.he} said. {hero} took
    {hero.his} {elder} by the hand. They opened the window and held up the lamp. It was only [a
    branch that moved in the wind|a small bird that wanted to come in from the rain|the cat,
    and the cat wanted to come in]! {hero} had to laugh.

    "[Things look big in the dark|A lamp makes fear small]," said {hero.his} {elder}. {hero}
    was not afraid anymore. {hero.He} lay down again and soon {hero.he} was asleep. [|The next
    night, {hero} heard the noise again, but {hero.he} only smiled.]""",
)
CUP = Plot(
    "broken cup",
    """<open>

    <day> {hero} ran through the kitchen. "Do not run in the house," {hero.his} {elder} always
    said. But {hero} ran and ran, and {hero.he} hit the table. The {color} cup fell down.
    Crash! It broke into [three|five|many] pieces. It was the cup that {hero.his} {elder} loved
    most.

    {hero} [wanted to hide|thought about hiding] the pieces. [But that felt wrong.|But then
    {hero.he} felt bad.] So {hero.he} went to {hero.his} {elder} and said, "I broke your cup. I
    ran in the house. I am sorry." {hero.His} {elder} was quiet for a while. "I am sad about
    the cup," {elder.he} said. "But I am glad that you told me the truth."

    Together they put the pieces back with glue. Now the cup had [thin lines|a few lines] all
    over. "[It looks like a map|I like it even more now]," said {hero.his} {elder}. From then
    on, {hero} walked in the kitchen.""",
)
SEED = Plot(
    "seed",
    """<open>

    In spring, {hero.his} {elder} gave {hero} a tiny seed. {hero} put it into the ground [by
    the door|in the garden|next to the house] and gave it some water. "Grow, little seed,"
    {hero.he} said. The next day {hero.he} looked, but there was nothing. [{hero.He} looked
    every day.|{hero.He} waited and waited.]

    "[It does not grow|Nothing comes up]," said {hero}. "Give it water and time," said
    {hero.his} {elder}. So {hero} gave it water every [morning|evening]. It rained, and the sun
    was warm. Then, one morning, there was a small green leaf! Day by day it grew.

    In summer it was {plant.a}, {plant.ripe}! [The {neighbor} came to look at it.|Everyone came
    to look at it.] "How did you do that?" asked the {neighbor}. "I gave it water and time,"
    said {hero}. <joy>""",
)
DRY = Plot(
    "forgotten flower",
    """<open> {hero} had a [flower|plant] in a {color} pot. {hero.He} gave it water every day.

    Then {hero} got {toy.a}. {hero.He} played with the {toy} all week and forgot the pot by the
    window. When {hero.he} looked at it again, the leaves were brown and hung down. "<oh>!"
    said {hero}. "It had no water because I forgot it."

    <sad> "It is not too late," said {hero.his} {elder}. "Give it water, and put it in the
    sun." {hero} ran to get water. {hero.He} sat by the pot until it was dark. In the morning,
    the leaves stood up again. After [two|three|four] days, there was a new {color} flower.
    {hero} still played with the {toy}, but {hero.he} [never forgot the water again|gave the
    flower water first].""",
)
LATE = Plot(
    "up too late",
    """<open>

    One evening, {hero} did not want to go to bed. "It is late," said {hero.his} {elder}. "You
    will be tired." "I am not tired," said {hero}. {hero.He} took {toy.a} under the blanket and
    played until the moon was high.

    In the morning, {hero} could [not|hardly] open {hero.his} eyes. {hero.He} put {hero.his}
    [left shoe on the right foot|hat on the wrong way]. {friend} came and asked, "Do you want
    to play {place.at}?" {hero} went along, but {hero.he} was so tired that {hero.he} fell
    asleep {spot}. {friend} had to play alone.

    That evening, {hero} went to bed before the sun went down. "Good night, {elder.call},"
    {hero.he} said. {hero.He} slept the whole night. The next day, {hero} and {friend} played
    {place.at}, and {hero} was not tired at all.""",
)
COOKIES = Plot(
    "too many cookies",
    """<open>

    <day> {hero.his} {elder} made cookies. They smelled [so good|very good]. "You may eat two,"
    said {hero.his} {elder} and went into the garden. {hero} ate one cookie. {hero.He} ate two
    cookies. "[One more will not hurt|Only one more]," {hero.he} said. So {hero.he} ate
    [three|four|five], and then {hero.he} ate them all.

    Soon {hero.his} stomach began to hurt. {hero.He} lay on the bed and held {hero.his}
    stomach. "<oh>," {hero.he} said. When {hero.his} {elder} came back, the plate was empty. "I
    ate them all," said {hero}. "I am sorry. Now my stomach hurts."

    {hero.His} {elder} gave {hero.him} a cup of tea and sat down by the bed. In the evening,
    {hero} felt better. The next time there were cookies, {hero} ate two. {hero.He} gave the
    others to {friend} and the {neighbor}.""",
)
MUD = Plot(
    "muddy shoes",
    """<open>

    After the rain, {hero} played {place.at}. {hero.He} jumped into every puddle. <step> Then
    {hero.he} ran home with mud on {hero.his} shoes. {hero.His} {elder} had just washed the
    floor. {hero} did not stop at the door. {hero.He} ran [right through|across] the kitchen.

    "Look behind you," said {hero.his} {elder}. {hero} looked. There were brown spots all over
    the clean floor. "<oh>," said {hero}. "That was me." {hero.He} got some water and washed
    the floor. It was hard work, and it took a long time.

    The next day it rained again, and {hero} played outside again. But this time, {hero.he}
    [took off {hero.his} shoes at the door|left {hero.his} shoes outside]. The floor stayed
    clean. "<thanks>," said {hero.his} {elder} and gave {hero.him} {food.some}. <joy>""",
)
GIFT = Plot(
    "birthday gift",
    """<open>

    Tomorrow was a big day: {hero.his} {elder} had a birthday. {hero} wanted to give
    {elder.him} something, but {hero.he} had no money. [{hero.He} thought about it all
    day.|"What can I do?" {hero.he} asked {friend}.] Then {hero.he} had an idea. [{hero.He}
    picked {color} flowers {place.at} and made a ring of them.|{hero.He} painted a picture of
    the house, with a {color} sun above it.|{hero.He} made up a song and sang it again and
    again until it was good.]

    In the morning, {hero} said, "Happy birthday, {elder.call}! I had no money, so I made
    something for you." {hero.His} {elder} was quiet. [There was a tear in {elder.his}
    eye.|Then {elder.he} smiled a big smile.] "This is the best gift of all," {elder.he} said,
    "because you made it [yourself|for me]." They ate cake together. <joy> <night>""",
)
LOCKED = Plot(
    "locked door",
    """<open>

    <day> {hero} came home, but the door was locked. {hero.His} {elder} was away, and the key
    was in the house. {hero} could see it through the window. It lay on the table. "<oh>!" said
    {hero}. "How can I get in?" {hero.He} pulled at the door. It did not open.

    A small mouse [looked up at {hero.him}|sat by the wall]. "You gave me [some cheese|bread|a
    nut] last winter," said the mouse. "Now I will help you." There was a hole in the wall. It
    was too small for {hero}, but not for a mouse. The mouse went in, jumped on the table, and
    pulled the key back through the hole.

    {hero} opened the door. "<thanks>, little mouse," {hero.he} said. {hero.He} gave the mouse
    {food.some}, and they ate together. From then on, {hero} kept the key under a stone
    [outside|by the door]. [|And every winter, {hero.he} shared {hero.his} food with the
    mouse.]""",
    child=True,
)
SOUP_FOR_TWO = Plot(
    "sick friend",
    """<open> {hero.His} best friend was {friend}.

    <day> {friend} did not come out to play. {hero} went to look for {friend.him}. {friend} was
    sick in bed. {friend.His} head was hot, and {friend.he} was very tired. "I will help you,"
    said {hero}. {hero.He} ran home and came back with {warm}. Then {hero.he} told {friend} a
    long story. In [two|three] days, {friend} was well again.

    In winter, {hero} got sick too. {hero.He} lay in bed and was sad and [hot|cold]. Then there
    was a knock at the door. It was {friend}! {friend.He} had {warm} and a story. "You helped
    me when I was sick," said {friend}. "Now I will help you." {hero} felt better right away.
    <both>""",
)
STORY = Plot(
    "cannot sleep",
    """<open>

    One night, {hero} could not sleep. {hero.He} turned to the left. {hero.He} turned to the
    right. {hero.He} counted {flock}. Nothing helped. "{elder.Call}, I cannot sleep," said
    {hero}. "Then I will tell you a story," said {hero.his} {elder} and sat down on the bed.

    "Once there was a little star," {elder.he} said. "It was afraid of the dark. Every evening
    it hid behind [a cloud|the moon]. But one night, {friend.a} was lost {place.at} and could
    not find the way home. The little star came out and began to shine. {friend.The} saw the
    light and found the way. After that, the star was not afraid anymore."

    "That is a good star," said {hero}. {hero.His} eyes were heavy. {hero.He} looked out of the
    window. There was one small star over the [roof|trees]. "Good night, star," said {hero},
    and then {hero.he} was asleep.""",
)
SHELF = Plot(
    "too high",
    """<open>

    <day> {hero} wanted to have the {toy.full}. It was on a high shelf, and {hero} was too
    small. {hero.He} stood on a chair, but the shelf was still too high. {hero.He} put a box on
    the chair. The box moved, and {hero} fell down. Bump! {hero.He} hurt {hero.his}
    [arm|leg|nose] a little.

    {hero.His} {elder} heard the noise and came in. "Why did you not ask me?" {elder.he} said.
    "I wanted to do it alone," said {hero}. {hero.His} {elder} dried {hero.his} tears and took
    the {toy} down. "It is good to try," {elder.he} said. "And it is good to ask."

    {hero} took the {toy} outside. {hero.He} {toy.play}. [|The next day, {friend} could not
    open the gate. "Ask me," said {hero}, and they opened it together.] <joy>""",
)
PLOTS = (
    LOST, NO_COAT, COAT, HUNGRY, NOISE, CUP, SEED, DRY, LATE, COOKIES, MUD, GIFT, LOCKED,
    SOUP_FOR_TWO, STORY, SHELF,
)  # fmt: skip
