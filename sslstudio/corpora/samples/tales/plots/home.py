"""Plots at home: things lost and broken, hunger, night, weather, and what grows."""

from __future__ import annotations

from sslstudio.corpora.samples.tales.plots.plot import Plot

LOST = Plot(
    "lost toy",
    """<open> [{hero} had {toy.a}.|{hero.His} best toy was {toy.a}.|The thing {hero.he} loved most
    was {toy.a}.]

    <day> {hero} took the {toy} {place.to}. <walk> {hero.He} {toy.play}. [Then {hero.he} was
    tired.|After a while {hero.he} was tired.|Soon {hero.he} was tired and hungry.] {hero.He}
    put the {toy} {spot} and [lay down in the sun|looked at the clouds|ate {food.some}|talked
    to {friend}]. [When {hero.he} went home, {hero.he} forgot the {toy}.|Then it was late, and
    {hero.he} ran home without the {toy}.|When {hero.his} {elder} called, {hero.he} ran home
    and did not think of the {toy}.]

    In the evening {hero} looked for the {toy}. [It was not on the bed. It was not under the
    [bed|table].|It was not by the window. It was not behind the door.|{hero.He} looked under
    the bed and behind the door, but it was not there.] "<oh>! Where is my {toy}?" {hero.he}
    cried. {hero.His} {elder} asked, "Where did you [have it last|play with it]?" {hero}
    thought [hard|for a while]. "{place.At}!" {hero.he} said. "I put it {spot}."

    They went back {place.to} [together|with a lamp]. And there was the {toy}, {spot}, [just
    where|right where] {hero} had left it. [{hero} held it tight.|{hero} jumped for joy.|"There
    you are!" [said {hero}|{hero} said].] [|After that day, {hero} never left the {toy}
    behind.|From then on, {hero} always took the {toy} home.] <night>""",
)
NO_COAT = Plot(
    "rain without a coat",
    """<open>

    <day> {hero} wanted to go {place.to}. "[Take your coat|Do not forget your coat]," said
    {hero.his} {elder}. "[I see dark clouds|It may rain today]." But {hero} [did not listen|did
    not want to]. "[The sun is out|I do not need it]," {hero.he} said, and {hero.he} ran out
    without the coat.

    <step> [Soon the sky turned gray.|Then black clouds came over the trees.|Soon the sun was
    gone.] [It began to rain.|The rain began to fall.|Then it rained and rained.] {hero} had no
    coat, so {hero.he} got wet [from head to foot|all over]. {hero.He} was [very|so] cold.
    [|Water ran down {hero.his} nose.] {hero.He} ran home as fast as {hero.he} could.

    At home, {hero.his} {elder} dried {hero.him} and gave {hero.him} {warm}. Soon {hero} was
    warm and dry again. "You were right, {elder.call}," [said {hero}|{hero} said]. "Next time I
    will [take my coat|listen to you]." [And {hero.he} did.|] <night>""",
)
COAT = Plot(
    "rain with a coat",
    """<open>

    <day> {hero} wanted to go {place.to}. "[Take your coat|Do not forget your coat]," said
    {hero.his} {elder}. "[I see dark clouds|It may rain today]." {hero} put on the
    [warm|{color}| long] coat and went out. <step>

    {place.At}, {hero} met <friend>. [They played for a while.|They looked for {harvest}
    together.|] [Soon the sky turned gray, and it began to rain.|Then black clouds came, and it
    began to rain.] {hero} stayed dry, because {hero.he} had a coat. But {friend} had no coat
    and got wet. "[Come here|Come under my coat]," [said {hero}|{hero} said]. "[It is big
    enough for two|It is big enough for both of us]."

    So they walked home under one coat. [The rain fell and fell, but they only laughed.|They
    sang a song about the rain.] {hero.His} {elder} gave them {warm} each. "<thanks>, {hero},"
    [said {friend}|{friend} said]. "Now I am warm again." <both>""",
)
HUNGRY = Plot(
    "hungry",
    """<open>

    <day> {hero} [played outside for a long time|worked in the garden for a long time|climbed
    up and down the hill]. When {hero.he} came home, {hero.he} was very hungry. {hero.He}
    looked in the pot, but the pot was empty. "{elder.Call}, I am so hungry," [said
    {hero}|{hero} said]. "[Is there soup for me|What can I eat]?"

    "The soup is all gone," said {hero.his} {elder}. "But we can make [new soup|more soup]
    together." {hero} [washed|brought] [two|three|four] carrots and [two|four|five] mushrooms.
    {hero.His} {elder} put them into the pot. {hero} waited and waited. [Soon the whole house
    smelled good.|The soup began to sing in the pot.|Soon it smelled so good!]

    At last the soup was hot. {hero} ate one bowl. Then {hero.he} ate one more. "Now I am not
    hungry anymore," {hero.he} said and smiled. "Soup is best when you [make it yourself|are
    hungry]," said {hero.his} {elder}. <night>""",
)
NOISE = Plot(
    "noise at night",
    """<open>

    One night, {hero} woke up. It was very dark. [Knock, knock, knock! Something was at the
    window.|There was a noise at the window.|Something moved in front of the window.] {hero}
    was afraid. [{hero.He} pulled the blanket over {hero.his} head.|{hero.He} held {hero.his}
    blanket tight.|{hero.He} closed {hero.his} eyes.] [But the noise did not stop.|But then it
    came again.] "{elder.Call}!" {hero.he} called. "Something is out there!"

    {hero.His} {elder} came with a lamp. "Let us look together," {elder.he} said. {hero} took
    {hero.his} {elder} by the hand. They opened the window and held up the lamp. It was only [a
    branch that moved in the wind|a small bird that wanted to come in from the rain|the cat,
    and the cat wanted to come in]! {hero} had to laugh.

    "[The dark is not so bad|It is good to look]," said {hero.his} {elder}. {hero} was not
    afraid anymore. {hero.He} lay down again and soon {hero.he} was asleep. [|The next night,
    {hero} heard the noise again, but {hero.he} only smiled.]""",
)
CUP = Plot(
    "broken cup",
    """<open>

    <day> {hero} ran through the kitchen. "Do not run in the house," {hero.his} {elder} always
    said. But {hero} ran and ran, and {hero.he} hit the table. The {color} cup fell down. It
    broke into [two|three|four|five|six] [small|] pieces. It was the cup that {hero.his}
    {elder} loved most.

    [At first {hero} wanted to run away.|{hero} wanted to put the pieces under the bed.|{hero}
    did not want to tell.] But that felt wrong. So {hero.he} went to {hero.his} {elder} and
    said, "[I broke your cup|The cup is broken]. I ran in the house. I am [so|very|] sorry."
    {hero.His} {elder} was quiet for a while. "I am sad about the cup," {elder.he} said. "But I
    am glad that you told me the truth."

    [Together they put the pieces back. It took the whole evening.|They put the pieces back
    together, one by one.] "[I like it even more now|Now it is our cup]," said {hero.his}
    {elder}. From then on, {hero} walked in the kitchen.""",
)
SEED = Plot(
    "seed",
    """<open>

    In spring, {hero.his} {elder} gave {hero} a tiny seed. {hero} put it into the ground [by
    the door|in the garden|next to the house] and gave it some water. "Grow, little seed,"
    {hero.he} said. [The next day {hero.he} looked, but there was nothing.|The next morning
    there was nothing. The morning after, there was still nothing.] [{hero.He} looked every
    day.|{hero.He} waited and waited.]

    "It does not grow," [said {hero}|{hero} said]. "Give it water and time," said {hero.his}
    {elder}. So {hero} gave it water every [morning|evening]. [It rained, and the sun was
    warm.|Some days it rained, and some days the sun was warm.|] Then, one morning, there was
    [something small and green|a small green leaf]! [Day by day it grew.|It grew and grew.]

    In summer it was {plant.a}, {plant.ripe}! [The {neighbor} came to look at it.|Everyone came
    to look at it.] "How did you do that?" asked the {neighbor}. "I gave it water and time,"
    [said {hero}|{hero} said]. <joy>""",
)
DRY = Plot(
    "forgotten flower",
    """<open> {hero} had a flower in a {color} pot. {hero.He} gave it water every day.

    Then {hero} got {toy.a}. {hero.He} played with the {toy} all week and forgot the pot by the
    window. When {hero.he} looked at it again, [the leaves were brown|the flower was brown|it
    was dry and brown]. "<oh>!" [said {hero}|{hero} said]. "It had no water because I forgot
    it."

    <sad> "It is not too late," said {hero.his} {elder}. "Give it water, and put it in the
    sun." {hero} ran to get water. {hero.He} sat by the pot until it was dark. [In the morning,
    it looked better.|The next morning, there was a new green leaf.] After
    [two|three|four|five] days, there was a new {color} flower. {hero} still played with the
    {toy}, but {hero.he} [never forgot the water again|gave the flower water first].""",
)
LATE = Plot(
    "up too late",
    """<open>

    One evening, {hero} did not want to go to bed. "It is late," said {hero.his} {elder}. "You
    will be tired." "I am not tired," [said {hero}|{hero} said]. {hero.He} took {toy.a} under
    the blanket and played until the moon was high.

    In the morning, {hero} could not open {hero.his} eyes. [{hero.He} put {hero.his} hat on
    {hero.his} foot.|{hero.He} almost fell asleep at the table.|{hero.He} put {hero.his} nose
    into the milk.] {hero.His} friend {friend} came and asked, "Do you want to play
    {place.at}?" {hero} went along, but {hero.he} was so tired that {hero.he} fell asleep
    {spot}. {friend} had to play alone.

    That evening, {hero} went to bed before the sun went down. "Good night, {elder.call},"
    {hero.he} said. {hero.He} slept the whole night. The next day, {hero} and {friend} played
    {place.at}, and {hero} was not tired at all.""",
)
COOKIES = Plot(
    "too many cookies",
    """<open>

    <day> {hero.his} {elder} made cookies. They [smelled|looked] [so|very] good. "You may
    [eat|have] two," said {hero.his} {elder} and went into the garden. {hero} ate one.
    {hero.He} ate two. "[Just one more|Only one more]," {hero.he} said. So {hero.he} ate
    [three|four|five], and then {hero.he} ate them all.

    [Soon {hero.his} stomach began to hurt.|Then {hero.his} stomach felt bad.] {hero.He} lay
    [on the bed|down] and held {hero.his} stomach. "<oh>," {hero.he} said. When {hero.his}
    {elder} came back, no cookie was left. "I ate them all," [said {hero}|{hero} said]. "I am
    sorry. Now my stomach is not well."

    {hero.His} {elder} gave {hero.him} a cup of tea and sat down by the bed. In the evening,
    {hero} felt better. The next time there were cookies, {hero} ate two. {hero.He} gave the
    others to {friend} and the {neighbor}.""",
)
MUD = Plot(
    "muddy shoes",
    """<open>

    After the rain, {hero} played {place.at}. [{hero.He} jumped into the water again and
    again.|{hero.He} made a hole and a little hill.|{hero.He} jumped and danced in the rain
    water.] <step> Then {hero.he} ran home with [brown|wet] feet. {hero.His} {elder} had just
    washed the house. {hero} did not stop at the door. {hero.He} ran [right into|all over] the
    kitchen.

    "Look behind you," said {hero.his} {elder}. {hero} looked. [It was brown all over.|The
    whole kitchen was wet and brown.] "<oh>," [said {hero}|{hero} said]. "That was me."
    {hero.He} got some water and washed [it all|the kitchen]. It was hard work, and it took [a
    long time|all evening].

    The next day it rained again, and {hero} played outside again. But this time, {hero.he}
    [stopped and washed {hero.his} feet at the door|washed {hero.his} feet outside]. The
    kitchen stayed dry. "<thanks>," said {hero.his} {elder} and gave {hero.him} {food.some}.
    <joy>""",
)
GIFT = Plot(
    "birthday gift",
    """<open>

    [The next day was the birthday of {hero.his} {elder}.|{hero.His} {elder} had a birthday the
    next day.] {hero} wanted to give {elder.him} something, but {hero.he} had no money.
    [{hero.He} thought about it all day.|"What can I do?" {hero.he} asked {friend}.] Then
    {hero.he} had an idea. [{hero.He} picked {color} flowers {place.at} and made a ring of
    them.|{hero.He} picked {harvest.mine} {harvest} and made a cake.|{hero.He} painted the
    house and the {place} on {color} paper.|{hero.He} made up a song and sang it again and
    again until it was good.]

    In the morning, {hero} said, "Happy birthday, {elder.call}! I had no money, so I made
    something for you." {hero.His} {elder} was quiet. [Then {elder.he} smiled a big smile.|Then
    {elder.he} held {hero.him} tight.|Then {elder.he} laughed with joy.] "This is the best gift
    of all," {elder.he} said, "because you made it [yourself|for me]." They ate cake together.
    <joy> <night>""",
)
LOCKED = Plot(
    "locked door",
    """<open>

    <day> {hero} came home, but the door did not open. {hero.His} {elder} was away, and the key
    was in the house. {hero} could see it through the window. It lay on the table. "<oh>!"
    [said {hero}|{hero} said]. "How can I get in?" [{hero.He} pulled at the door and at the
    window.|{hero.He} went all around the house.|{hero.He} sat down in front of the door.]

    A small mouse [looked up at {hero.him}|sat by the wall]. "You gave me {food.some} last
    [winter|week|summer|Sunday]," said the mouse. "Now I will help you." There was a hole in
    the wall. It was too small for {hero}, but not for a mouse. The mouse went in, jumped on
    the table, and pulled the key back through the hole.

    {hero} opened the door. "<thanks>, little mouse," {hero.he} said. {hero.He} gave the mouse
    {food.some} again, and they ate together. From then on, {hero} always put the key {spot}.
    [|And every winter, {hero.he} shared {hero.his} food with the mouse.]""",
    child=True,
)
SOUP_FOR_TWO = Plot(
    "sick friend",
    """<open> {hero.His} best friend was {friend}.

    <day> {friend} did not come out to play. [{hero} went to look for {friend.him}. {friend}
    was sick in bed.|{hero} knocked at the door of {friend}. {friend} lay in bed and was sick.]
    {friend.His} head was hot, and {friend.he} was very tired. "I will help you," [said
    {hero}|{hero} said]. {hero.He} ran home and came back with {warm}. Then {hero.he} told
    {friend} a long story. In [two|three] days, {friend} was well again.

    In winter, {hero} got sick too. {hero.He} lay in bed and was sad and [hot|cold]. Then there
    was a knock at the door. It was {friend}! {friend.He} had {warm} and a story. "You helped
    me when I was sick," [said {friend}|{friend} said]. "Now I will help you." [{hero} felt
    better right away.|Soon {hero} was well again.] [|From then on they were the best of
    friends.|They had {food.some} together, and {hero} smiled.]""",
)
STORY = Plot(
    "cannot sleep",
    """<open>

    One night, {hero} could not sleep. {hero.He} turned to the left. {hero.He} turned to the
    right. {hero.He} counted {flock}. Nothing helped. "{elder.Call}, I cannot sleep," [said
    {hero}|{hero} said]. "Then I will tell you a story," said {hero.his} {elder} and sat down
    on the bed.

    "Once there was a little star," {elder.he} said. "It was afraid of the dark. Every evening
    it stayed behind [a tree|the moon|a hill]. But one night, {friend.a} was lost {place.at}
    and could not find the way home. [The little star came out.|So the little star came out,
    and the night was not so dark.] {friend.The} saw the light and found the way. After that,
    the star was not afraid anymore."

    "[That is a good star|I like that star]," [said {hero}|{hero} said]. {hero.His} eyes were
    heavy. {hero.He} looked out of the window. There was one small star over the [roof|trees].
    "Good night, star," said {hero}, and then {hero.he} was asleep.""",
)
SHELF = Plot(
    "too high",
    """<open>

    <day> {hero} wanted to have the {toy.full}. It was [on top of a high wall|far up on the
    wall|on a high board], and {hero} was too small. {hero.He} [stood on a box, but it was
    still too high. {hero.He} put a basket on the box. The basket moved|stood on a stone, but
    it was still too high. {hero.He} put a box on the stone. The box moved], and {hero} fell
    down. {hero.He} hurt {hero.his} [arm|leg|nose] a little.

    {hero.His} {elder} heard the noise and came in. "I am here to help you," {elder.he} said.
    "I wanted to do it alone," [said {hero}|{hero} said]. {hero.His} {elder} held {hero.him}
    tight and took the {toy} down. "It is good to try," {elder.he} said. "And it is good to
    call for help."

    {hero} took the {toy} outside. {hero.He} {toy.play}. [|The next day, {friend} could not
    open the gate. "I will help you," said {hero}, and they opened it together.] <joy>""",
)
PLOTS = (
    LOST, NO_COAT, COAT, HUNGRY, NOISE, CUP, SEED, DRY, LATE, COOKIES, MUD, GIFT, LOCKED,
    SOUP_FOR_TWO, STORY, SHELF,
)  # fmt: skip
