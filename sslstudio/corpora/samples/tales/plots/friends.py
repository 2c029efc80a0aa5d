"""Plots between friends: sharing, learning, truth, and what two can do that one cannot."""

from __future__ import annotations

from sslstudio.corpora.samples.tales.plots.plot import Plot

LEARN = Plot(
    "learn something",
    """<open> All the others could {skill}, but {hero} could not.

    <day> {hero} tried to {skill}. {hero.He} {skill.fail}. {hero.He} tried again, and again
    {hero.he} {skill.fail}. "I will never do it," [said {hero}|{hero} said]. <sad> "[I could
    not do it at first|It took me a whole summer]," said {hero.his} friend {friend}. "Try a
    little every day. I will help you."

    So {hero} tried every day. [At first it did not work. Then it was a little better.|Some
    days were good, and some days were bad.] {friend} [held {hero.his} arm|came every
    day|helped {hero.him}] and never laughed at {hero.him}. And one day, {hero} {skill.done}!
    "[I can do it|Look at me]!" {hero.he} cried. "I knew it," [said {friend}|{friend} said].

    [|The next summer, the little sister of {friend} wanted to {skill}. "Try a little every
    day," [said {hero}|{hero} said]. "I will help you."] <both>""",
    child=True,
)
LUNCH = Plot(
    "half of the lunch",
    """<open>

    <day> {hero} and <friend> walked {place.to}. <walk> After a while, they sat down {spot}.
    {hero} had {food.some}. But {friend} had nothing. {friend.He} had left {friend.his} {food}
    at home, and {friend.his} stomach made a loud noise. "Are you hungry?" asked {hero}. "A
    little," [said {friend}|{friend} said].

    "[Then you can have half|Here, take half]," [said {hero}|{hero} said]. They shared
    {food.it}, and {food.they} {food.was} very good. "<thanks>," [said {friend}|{friend} said].
    "I will not forget this."

    A week later, they went {place.to} again. This time, {hero} looked into {hero.his} basket,
    and it was empty. "<oh>, I have nothing," [said {hero}|{hero} said]. But {friend} only
    smiled and took out [some bread and cheese|two pears|a big piece of pie]. "You shared with
    me," [said {friend}|{friend} said]. "Now [I share with you|you can have half]." <both>""",
)
COUNT = Plot(
    "how many",
    """<open>

    <day> {hero} and <friend> went {place.to} to look for {harvest}. <walk> They looked {spot}.
    They looked everywhere. {hero} found {harvest.mine} {harvest}. {friend} found
    {harvest.yours} {harvest}. "How many do we have together?" asked {friend}. They put them
    all into one basket and counted. There were {harvest.all} {harvest} in the basket.

    On the way home they met the {neighbor}. The {neighbor} looked tired and hungry. "We have
    {harvest.all} {harvest}," [said {hero}|{hero} said]. "Please take one." The {neighbor} said
    thank you and [told them a story|sang them a song].

    At home, {hero.his} {elder} made [something good|soup and cake] out of the {harvest}.
    {hero} and {friend} sat at the table and ate until nothing was left. <both>""",
)
SHY = Plot(
    "new friend",
    """<open>

    <day> {friend.a} named {friend} came to live next door. {friend} [had no friends there|was
    all alone]. {friend.He} sat {spot} and looked at {friend.his} feet. {hero} saw {friend.him}
    from the window. "{friend.He} looks alone," [said {hero}|{hero} said]. "Then go and say
    hello," said {hero.his} {elder}.

    {hero} took {hero.his} {toy.full} and went out. "Hello, I am {hero}," {hero.he} said. "Do
    you want to play with me?" At first {friend} said nothing. Then {friend.he} looked at the
    {toy}. "I am {friend}," {friend.he} said [and smiled a little|and came closer]. First
    {hero} {toy.play}. Then {friend} [did the same|did it too].

    In the evening, {friend} did not want to go home. "Will you come back?" asked {hero}.
    "Yes!" said {friend}. <both>""",
)
COIN = Plot(
    "one coin too many",
    """<open>

    <day> {hero.his} {elder} gave {hero} a coin and said, "Please get some bread." {hero}
    walked to the market [with a basket|alone]. <meeting> The baker gave {hero.him} bread and
    some small coins. On the way home, {hero} counted the coins. There was one too many!
    {hero.He} could get {food.some} for it.

    {hero} stopped and thought. "This coin is not mine," {hero.he} said. So {hero.he} walked
    all the way back. "You gave me too much," {hero.he} told the baker. "Nobody saw it," said
    the baker. "I saw it," [said {hero}|{hero} said].

    The baker laughed and gave {hero.him} a cake. "[You told the truth|This is for you]," said
    the baker. {hero} took the bread and the cake home and shared the cake with {hero.his}
    {elder}. <night>""",
)
RACE = Plot(
    "race",
    """<open> {hero} was not very fast, but {hero.he} never gave up. {friend} was the fastest of
    all.

    <day> they [ran a race|had a race] to the [old bridge|{place}|big stone]. "One, two,
    three!" said the {neighbor}. {friend} ran like the wind. Soon {friend.he} could not even
    see {hero} anymore. "I have so much time," [said {friend}|{friend} said]. {friend.He} lay
    down {spot} and [fell asleep|closed {friend.his} eyes].

    {hero} ran slowly. {hero.His} legs were tired, but {hero.he} did not stop. Step by step
    {hero.he} came to {friend} and ran on. When {friend} woke up, {hero} was almost there.
    {friend} ran as fast as {friend.he} could, but it was too late.

    "You were first!" said {friend}. "[I was fast, but you did not stop|Next time I will not
    sleep]." {hero} gave {friend} some water. "It was a good race," {hero.he} said. <both>""",
)
WOLF = Plot(
    "false alarm",
    """<open> {hero} watched the sheep on the hill.

    <day> {hero} thought, "[I want to play|I want to laugh]!" So {hero.he} called, "Help, the
    wolf is here!" {friend} and the {neighbor} ran up the hill to help. But there was no wolf.
    {hero} laughed. "It was only a joke," {hero.he} said. The next day {hero.he} did it again,
    and again they came. "That is not [right|good]," [said {friend}|{friend} said].

    The day after, a wolf came. "Help, the wolf is here!" called {hero}. But nobody came,
    because nobody believed {hero.him}. {hero} had to think fast. {hero.He} beat on an old pot
    [as loud as {hero.he} could|and sang]. The noise was [so loud|so bad] that the wolf ran
    away.

    {hero} went to {friend} and said, "I am sorry. I will never do that again." From then on,
    {hero} told the truth, and they believed {hero.him} again.""",
    child=True,
)
BRIDGE = Plot(
    "narrow bridge",
    """<open>

    <day> {hero} wanted to go {place.to}. There was a stream, and the bridge was very small. In
    the middle of the bridge, {hero.he} met {friend.a} named {friend}. "[Let me go first|Please
    go back]," [said {hero}|{hero} said]. "No, [let me go first|you must go back]," [said
    {friend}|{friend} said]. Nobody wanted to go back.

    They stood there for a long time. [They grew angry.|The sun grew hot.] {hero} pushed a
    little. {friend} pushed a little. Then both of them fell into the water! They climbed out
    on the same side, wet all over. They looked at each other and had to laugh.

    "Next time I will wait for you," [said {hero}|{hero} said]. "And I will wait for you,"
    [said {friend}|{friend} said]. They sat {spot} until they were dry and shared {food.some}.
    <both>""",
)
TURNS = Plot(
    "taking turns",
    """<open>

    <day> {hero} and <friend> found {toy.a} {spot}. "It is mine, because I saw it first," [said
    {hero}|{hero} said]. "It is mine, because I picked it up," [said {friend}|{friend} said].
    {hero} pulled at one end, and {friend} pulled at the other end. They both got angry and
    went home. The {toy} stayed {spot}.

    At home, {hero} felt bad. {hero.He} did not want {toy.a}. {hero.He} wanted {hero.his}
    friend. So {hero.he} went to {friend} and said, "I am sorry. You can have it." "I am sorry
    too," [said {friend}|{friend} said]. "[We can share it|You have it today, and I have it the
    next day]."

    They went back and got the {toy}. [One day|First] it was at the house of {hero}, and the
    next day it was at the house of {friend}. And on Sunday, they played with it together.
    <both>""",
)
TURNIP = Plot(
    "heavy pumpkin",
    """<open> In the garden there was a pumpkin. It grew and grew until it was bigger than {hero}.

    In autumn, {hero} wanted to bring the pumpkin home. {hero.He} pulled, but it did not move.
    [{hero.He} pushed, but it did not move.|It was as heavy as a stone.] "It is too heavy for
    me," [said {hero}|{hero} said]. {hero.He} called {hero.his} {elder}. They pulled together,
    but the pumpkin did not move. They called {friend}. They pulled all three, and it moved a
    little.

    Then a tiny mouse came by. "May I help?" asked the mouse. {friend} laughed. "You are so
    small!" But {hero} said, "You can help too." So {hero}, {hero.his} {elder}, {friend}, and
    the mouse pulled all together. One, two, three! [The pumpkin moved right to the door|Now
    the pumpkin moved|The pumpkin jumped out of the ground]!

    That evening, they all ate hot pumpkin soup, and the mouse got the [first|biggest] bowl.
    <both>""",
)
SWAP = Plot(
    "good trade",
    """<open> {hero} had {toy.a}, but {hero.he} did not play with it anymore.

    <day> {hero} met {friend} {place.at}. {friend} had a {color} blanket that was too small for
    {friend.him}. {friend.He} looked at the {toy}. "What a fine {toy}!" {friend.he} said.
    {hero} felt the [soft|warm] blanket and said, "My little sister is always cold." They both
    had the same idea. "[Do you want my {toy}|Can I have the blanket for my {toy}]?" asked
    {hero}. "Yes!" said {friend}.

    {friend} took the {toy}. {friend.He} {toy.play}. {hero} ran home and put the {color}
    blanket around {hero.his} little sister. Soon the little one was warm [and asleep|and
    smiled]. "That was good," said {hero.his} {elder}. "You both gave away what you did not
    need." <joy>""",
)
FENCE = Plot(
    "painting the fence",
    """<open>

    <day> {hero} had to paint the long fence. {hero.He} painted one board {color}. Then
    {hero.he} looked at all the other boards. "It will take me [three|four|five] days,"
    {hero.he} said. Then {friend} came by. "May I try?" asked {friend}. "It looks [good|easy]."
    {hero} was glad.

    {hero} painted from the left, and {friend} painted from the right. [They sang all the
    time.|They told stories and laughed.] [The {neighbor} heard them and helped too.|] Before
    the sun went down, they met in the middle. The whole fence was {color}, and so was the nose
    of {friend}!

    "<thanks>," [said {hero}|{hero} said]. "Alone it was work. With you it was easy."
    {hero.His} {elder} brought {food.some} for everyone. <both>""",
)
TOWER = Plot(
    "tall tower",
    """<open>

    <day> {hero} and <friend> wanted to make a [tower|house] out of stones {place.at}. <walk>
    {hero} put a big stone on top of a small stone. It fell down. {friend} was faster and put
    ten stones on top of each other. That fell down too. <sad> "[It will never stand|This is no
    good]," said {friend}.

    {hero} thought for a while. "The big stones must be on the ground," {hero.he} said, "and
    the small stones must be at the top." So they began again. They put the biggest stone on
    the ground. They worked slowly [and sang|and did not run]. This time, it did not fall. It
    was as tall as {friend}!

    In the night there was wind, but the stones stood. The next day, the {neighbor} saw it and
    asked, "Who made this?" "We did," said {hero} and {friend}. <both>""",
)
LETTER = Plot(
    "a letter",
    """<open> {hero.His} best friend {friend} had moved far away, to a house by [a far lake|a far
    river].

    <day> {hero} sat {place.at} and had nobody to play with. [{hero.He} thought of {friend}.|"I
    want to see {friend}," {hero.he} said.] "Write a letter," said {hero.his} {elder}. So
    {hero} took paper and wrote: "Dear {friend}, [I think of you every day|I want to play with
    you]. Today I saw {flock} {flock.where}. Please come and see me." {hero.He} put a {color}
    flower into the letter and gave it to the {neighbor}, who went there every week.

    {hero} waited one week. {hero.He} waited two weeks. Then there was a knock at the door.
    {hero} opened it, and there stood {friend}! In {friend.his} hand {friend.he} held the
    {color} flower. "I got your letter," said {friend}, "and I came as fast as I could." <both>""",
)
PLOTS = (
    LEARN, LUNCH, COUNT, SHY, COIN, RACE, WOLF, BRIDGE, TURNS, TURNIP, SWAP, FENCE, TOWER, LETTER,
)  # fmt: skip
