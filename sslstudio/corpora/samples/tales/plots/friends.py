"""Plots between friends: sharing, learning, truth, and what two can do that one cannot."""

from __future__ import annotations

from sslstudio.corpora.samples.tales.plots.plot import Plot

LEARN = Plot(
    "learn something",
    """<open> All the others could {skill}, but {hero} could not.

    <day> {hero} tried to {skill}. {hero.He} {skill.fail}. {hero.He} tried again, and again
    {hero.he} {skill.fail}. "I will never learn it," said {hero}. <sad> "[I could not do it at
    first|It took me a whole summer]," said {friend}. "Try a little every day. I will help
    you."

    So {hero} tried every day. On Monday, it did not work. On Tuesday, it was a little better.
    {friend} [held {hero.his} hand|showed {hero.him} how to do it] and never laughed at
    {hero.him}. And one day, {hero} {skill.done}! "[I can do it|Look at me]!" {hero.he} cried.
    "I knew it," said {friend}.

    [|The next summer, the little sister of {friend} wanted to {skill}. "Try a little every
    day," said {hero}. "I will help you."] <both>""",
    child=True,
)
LUNCH = Plot(
    "half of the lunch",
    """<open>

    <day> {hero} and <friend> walked {place.to}. <walk> After a while, they sat down {spot}.
    {hero} had {food.some}. But {friend} had nothing. {friend.He} had left {friend.his} lunch
    at home, and {friend.his} stomach made a loud noise. "Are you hungry?" asked {hero}. "A
    little," said {friend}.

    "[Then we will share|Here, take half]," said {hero}. They shared {food.it}, and {food.they}
    {food.was} very good. "<thanks>," said {friend}. "I will not forget this."

    A week later, they went {place.to} again. This time, {hero} looked into {hero.his} bag, and
    it was empty. "<oh>, I forgot my lunch," said {hero}. But {friend} only smiled and took out
    [some bread and cheese|two pears|a big piece of pie]. "You shared with me," said {friend}.
    "Now I share with you." <both>""",
)
COUNT = Plot(
    "how many",
    """<open>

    <day> {hero} and <friend> went {place.to} to look for {harvest}. <walk> They looked {spot}.
    They looked everywhere. {hero} found {harvest.mine} {harvest}. {friend} found
    {harvest.yours} {harvest}. "How many do we have together?" asked {friend}. They put them
    all into one basket and counted. There were {harvest.all} {harvest} in the basket.

    On the way home they met the {neighbor}. The {neighbor} looked tired and hungry. "We have
    {harvest.all} {harvest}," said {hero}. "Please take one." The {neighbor} said thank you and
    [told them a story|sang them a song].

    At home, {hero.his} {elder} made [something good|a meal] out of the {harvest}. {hero} and
    {friend} sat at the table and ate until nothing was left. <both>""",
)
SHY = Plot(
    "new friend",
    """<open>

    <day> {friend.a} named {friend} came to live next door. {friend} did not know anyone.
    {friend.He} sat {spot} and looked at {friend.his} feet. {hero} saw {friend.him} from the
    window. "{friend.He} looks alone," said {hero}. "Then go and say hello," said {hero.his}
    {elder}.

    {hero} took {hero.his} {toy.full} and went out. "Hello, I am {hero}," {hero.he} said. "Do
    you want to play with me?" At first {friend} said nothing. Then {friend.he} looked at the
    {toy}. "I am {friend}," {friend.he} said [very softly|and smiled a little]. First {hero}
    {toy.play}. Then {friend} {toy.play}.

    In the evening, {friend} did not want to go home. "Will you come back tomorrow?" asked
    {hero}. "Yes!" said {friend}. <both>""",
)
COIN = Plot(
    "one coin too many",
    """<open>

    <day> {hero.his} {elder} gave {hero} a coin and said, "Please buy some bread." {hero}
    walked to the market with a basket. <walk> The baker gave {hero.him} a loaf of bread and
    some small coins. On the way home, {hero} counted the coins. There was one too many!
    {hero.He} could buy {food.some} with it.

    {hero} stopped and thought. "This coin is not mine," {hero.he} said. So {hero.he} walked
    all the way back. "You gave me too much," {hero.he} told the baker. The baker was
    surprised. "Nobody saw it," said the baker. "I saw it," said {hero}.

    The baker laughed and gave {hero.him} a cake. "For an honest {hero.noun}," said the baker.
    {hero} took the bread and the cake home and shared the cake with {hero.his} {elder}.
    <night>""",
)
RACE = Plot(
    "race",
    """<open> {hero} was not very fast, but {hero.he} never gave up. {friend} was the fastest of
    all.

    <day> they had a race to the old bridge. "One, two, three!" said the {neighbor}. {friend}
    ran like the wind. Soon {friend.he} could not even see {hero} anymore. "I have so much
    time," said {friend}. {friend.He} lay down {spot} and [fell asleep|closed {friend.his}
    eyes].

    {hero} ran slowly. {hero.His} legs were tired, but {hero.he} did not stop. Step by step
    {hero.he} came closer. {hero.He} passed {friend} and ran on. When {friend} woke up, {hero}
    was almost at the bridge. {friend} ran as fast as {friend.he} could, but it was too late.

    "You won!" said {friend}. "[I was fast, but you did not stop|Next time I will not sleep]."
    {hero} gave {friend} a drink of water. "It was a good race," {hero.he} said. <both>""",
)
WOLF = Plot(
    "false alarm",
    """<open> {hero} watched the sheep on the hill.

    <day> {hero} thought, "How boring it is here!" So {hero.he} called, "Help, the wolf is
    here!" {friend} and the {neighbor} ran up the hill to help. But there was no wolf. {hero}
    laughed. "It was only a [joke|game]," {hero.he} said. The next day {hero.he} did it again,
    and again they came. "That is not funny," said {friend}.

    On the third day, a real wolf came. "Help, the wolf is here!" called {hero}. But nobody
    came, because nobody believed {hero.him}. {hero} had to think fast. {hero.He} beat on an
    old pot as loud as {hero.he} could. The noise was terrible, and the wolf ran away.

    {hero} went to {friend} and said, "I am sorry. I will never do that again." From then on,
    {hero} told the truth, and they believed {hero.him} again.""",
    child=True,
)
BRIDGE = Plot(
    "narrow bridge",
    """<open>

    <day> {hero} wanted to go {place.to}. {hero.He} had to cross the stream, and the bridge was
    very narrow. In the middle of the bridge, {hero.he} met {friend.a} named {friend}. "Let me
    pass," said {hero}. "No, let me pass," said {friend}. Nobody wanted to go back.

    They stood there for a long time. [They grew angry.|The sun grew hot.] {hero} pushed a
    little. {friend} pushed a little. Then both of them fell into the water! Splash! They
    climbed out on the same side, wet all over. They looked at each other and had to laugh.

    "Next time I will wait for you," said {hero}. "And I will wait for you," said {friend}.
    They sat {spot} until they were dry and shared {food.some}. <both>""",
)
TURNS = Plot(
    "taking turns",
    """<open>

    <day> {hero} and <friend> found {toy.a} {spot}. "It is mine, because I saw it first," said
    {hero}. "It is mine, because I picked it up," said {friend}. {hero} pulled at one end, and
    {friend} pulled at the other end. They both got angry and went home. The {toy} stayed
    {spot}.

    At home, {hero} felt bad. {hero.He} did not want {toy.a}. {hero.He} wanted {hero.his}
    friend. So {hero.he} went to {friend} and said, "I am sorry. You can have it." "I am sorry
    too," said {friend}. "We can take turns."

    They went back and got the {toy}. On [Monday|Tuesday], it was at the house of {hero}, and
    the next day it was at the house of {friend}. And on Sunday, they played with it together.
    <both>""",
)
TURNIP = Plot(
    "heavy pumpkin",
    """<open> In the garden there was a pumpkin. It grew and grew until it was bigger than {hero}.

    In autumn, {hero} wanted to bring the pumpkin home. {hero.He} pulled, but it did not move.
    {hero.He} pushed, but it did not move. "It is too heavy for me," said {hero}. {hero.He}
    called {hero.his} {elder}. They pulled together, but the pumpkin did not move. They called
    {friend}. They pulled all three, and it moved a little.

    Then a tiny mouse came by. "May I help?" asked the mouse. {friend} laughed. "You are so
    small!" But {hero} said, "Every bit helps." So {hero}, {hero.his} {elder}, {friend}, and
    the mouse pulled all together. One, two, three! The pumpkin rolled right to the door.

    That evening, they all ate hot pumpkin soup, and the mouse got the [first|biggest] bowl.
    <both>""",
)
SWAP = Plot(
    "good trade",
    """<open> {hero} had {toy.a}, but {hero.he} did not play with it anymore.

    <day> {hero} met {friend} {place.at}. {friend} had a {color} [scarf|blanket] that was too
    small for {friend.him}. {friend.He} looked at the {toy}. "What a fine {toy}!" {friend.he}
    said. {hero} felt the [soft|warm] cloth and said, "My little sister is always cold." They
    both had the same idea. "Shall we trade?" asked {hero}. "Yes!" said {friend}.

    {friend} took the {toy}. {friend.He} {toy.play}. {hero} ran home and put the {color} cloth
    around {hero.his} little sister. Soon the baby was warm and stopped crying. "That was a
    good trade," said {hero.his} {elder}. "You both gave away what you did not need." <joy>""",
)
FENCE = Plot(
    "painting the fence",
    """<open>

    <day> {hero} had to paint the long fence. {hero.He} painted one board [{color}|in {color}].
    Then {hero.he} looked at all the other boards and sighed. "It will take me
    [three|four|five] days," {hero.he} said. Then {friend} came by. "May I try?" asked
    {friend}. "It looks like fun." {hero} gave {friend.him} a brush.

    {hero} painted from the left, and {friend} painted from the right. They sang songs and told
    jokes. The {neighbor} heard them and brought a brush too. Before the sun went down, they
    met in the middle. The whole fence was {color}, and so was the nose of {friend}!

    "<thanks>," said {hero}. "Alone it was work. With you it was fun." {hero.His} {elder}
    brought {food.some} for everyone. <both>""",
)
TOWER = Plot(
    "tall tower",
    """<open>

    <day> {hero} and <friend> wanted to build a tower out of stones {place.at}. <walk> {hero}
    put a big stone on top of a small stone. The tower fell down. {friend} was faster and put
    ten stones on top of each other. That tower fell down too. "[It always falls|This is no
    good]," said {friend} and kicked a stone.

    {hero} thought for a while. "The big stones must be at the bottom," {hero.he} said, "and
    the small stones must be at the top." So they began again. They put the biggest stone on
    the ground. They worked slowly and [carefully|did not hurry]. This time, the tower did not
    fall. It was as tall as {friend}!

    In the night there was wind, but the tower stood. The next day, the {neighbor} saw it and
    asked, "Who built this?" "We did," said {hero} and {friend}. <both>""",
)
LETTER = Plot(
    "a letter",
    """<open> {hero.His} best friend {friend} had moved far away, to a house by the sea.

    <day> {hero} missed {friend}. {hero.He} sat {place.at} and had nobody to play with. "Write
    a letter," said {hero.his} {elder}. So {hero} took paper and wrote: "Dear {friend}, I miss
    you. Today I saw {flock} {flock.where}. Please come and see me." {hero.He} put a {color}
    flower into the letter and gave it to the {neighbor}, who was going to the sea.

    {hero} waited one week. {hero.He} waited two weeks. Then there was a knock at the door.
    {hero} opened it, and there stood {friend}! In {friend.his} hand {friend.he} held the
    {color} flower. "I got your letter," said {friend}, "and I came as fast as I could." <both>""",
)
PLOTS = (
    LEARN, LUNCH, COUNT, SHY, COIN, RACE, WOLF, BRIDGE, TURNS, TURNIP, SWAP, FENCE, TOWER, LETTER,
)  # fmt: skip
