"""Plots outside: wind and water, animals in need that remember, ways lost and found."""

from __future__ import annotations

from sslstudio.corpora.samples.tales.plots.plot import Plot

KITE = Plot(
    "kite in a tree",
    """<open> {hero} had a {color} kite.

    One windy day, {hero} took the kite {place.to}. The wind blew, and the kite flew higher and
    higher. {hero} ran and laughed. Then the wind turned. The kite came down and got stuck in a
    tall tree. {hero} jumped, but {hero.he} could not reach it. <sad>

    [The {neighbor} came by with a ladder. "Do not cry," said the {neighbor}. The {neighbor}
    put the ladder on the tree, climbed up, and brought the kite down.|{friend} came by. "Sit
    on my back," said {friend}. {hero} climbed up and stretched out {hero.his} arms. Now
    {hero.he} was tall enough. {hero.He} pulled, and the kite came down.] "<thanks>!" said
    {hero}.

    There was a small hole in the kite. {hero.His} {elder} put a piece of cloth on it. After
    that, {hero} always flew the kite far away from the trees.""",
)
BOAT = Plot(
    "paper boat",
    """<open>

    <day> {hero} made a boat out of paper. {hero.He} painted it {color} and took it to the
    stream. {hero} put the boat on the water, and it swam very well. But the water was fast. It
    took the boat away. "[Stop|Wait], little boat!" cried {hero} and ran after it.

    The boat swam past a big stone. It swam past {flock} and under a tree. {hero} ran and ran,
    but the boat was faster. "{friend}!" called {hero}. {friend} stood on the bridge, far down
    the stream. "Catch my boat!" {friend} [lay down on the bridge|took a long stick] and
    waited. When the boat came, {friend.he} pulled it out of the water.

    "<thanks>," said {hero}. {hero.He} tied a string to the boat. Now they could pull it back,
    and it could not swim away anymore. <both>""",
)
BIRD = Plot(
    "bird in the bush",
    """<open>

    <day> {hero} walked {place.to}. <walk> Then {hero.he} heard a small cry. A little bird was
    stuck in a bush. It could not move its wing. "Do not be afraid," said {hero}.
    [Slowly|Carefully], {hero.he} pulled the branches apart. The bird was free! It sang a thank
    you and flew away.

    [Weeks later|When autumn came], {hero} went far into the forest to look for mushrooms. When
    {hero.he} wanted to go home, every tree looked the same. {hero} was lost. The sky grew
    dark, and {hero.he} was afraid. Then {hero.he} heard a song. It was the little bird! It
    flew from tree to tree, and {hero} followed it.

    At last {hero.he} saw [the light of {hero.his} house|{hero.his} own house]. "<thanks>,
    little bird," said {hero}. "I helped you once, and now you helped me." <night>""",
    child=True,
)
BEE = Plot(
    "bee in the water",
    """<open>

    <day> {hero} sat by the lake. A bee fell into the water. It could not fly with wet wings,
    and it [moved in circles|cried for help]. {hero} took a leaf and put it on the water. The
    bee climbed on the leaf. {hero} put the leaf in the sun. Soon the bee was dry and flew
    away.

    [The next day|In the same week], {hero.his} {elder} was sick. "A little honey would help,"
    said {hero.his} {elder}. But there was no honey in the house. {hero} looked for some
    everywhere. <step> Then {hero.he} heard a bee. It was the bee from the lake! It flew around
    {hero.his} head and then to an old tree. In the tree, there was honey.

    "You may take some," the bees sang, "because you helped our sister." {hero} [said thank you
    and|] brought a full cup home. Soon {hero.his} {elder} was well again. <joy>""",
    child=True,
)
GOAT = Plot(
    "goat in the fence",
    """<open>

    <day> {hero} came to a fence. A white goat had put its head through the fence and could not
    get it out. It pulled and pulled. "Wait, I will help you," said {hero}. {hero.He} pushed
    the boards apart until the goat was free. The goat licked {hero.his} hand.

    Later, {hero} bought apples at the market. {hero.He} bought too many. The basket was so
    heavy that {hero.he} had to stop at every tree. The hill in front of {hero.him} was high.
    "I will never get home," said {hero}. Then something soft pushed {hero.his} arm. It was the
    white goat!

    {hero} put the basket on its back, and the goat walked up the hill as if the basket were
    [empty|full of feathers]. At the top, {hero} gave the goat three apples. "<thanks>,"
    {hero.he} said. "Now we are friends." [|And they were.]""",
    child=True,
)
NEST = Plot(
    "baby bird",
    """<open>

    <day> {hero} found a baby bird {spot}. It had fallen out of its nest. It was too small to
    fly, and it called for its mother. {hero} looked up. The nest was in the tree, high above.
    {hero} [could not climb so high|was too small to reach it], so {hero.he} ran home to get
    help.

    {hero.His} {elder} came with a ladder and held it. {hero} took the baby bird and climbed
    up, step by step. There were [two|three|four] other baby birds in the nest. {hero} put the
    little one next to them. The mother bird came back with food and sang with joy.

    In summer, the young birds learned to fly. Every morning one of them sat at the window and
    sang for {hero}. "[It says thank you|It remembers you]," said {hero.his} {elder}. <joy>""",
    child=True,
)
DOG = Plot(
    "open gate",
    """<open> {hero} had a [small|big|young] dog. The dog was called [Spot|Lucky|Button].

    <day> {hero} [was in a hurry|ran out to play] and did not close the gate. When {hero.he}
    came back, the dog was gone. "<oh>!" said {hero}. "The dog ran out because I left the gate
    open." {hero.He} called and called, but no dog came.

    {hero} asked the {neighbor}. "I saw a dog {place.at}," said the {neighbor}. {hero} ran
    {place.to}. <step> {hero.He} called again and listened. Then {hero.he} heard it: Woof! The
    dog sat {spot}. [There was a thorn in its foot, so it could not walk. {hero} pulled out the
    thorn|There was a rope around its leg, so it could not run. {hero} untied the rope] and
    held the dog in {hero.his} arms.

    They walked home side by side. {hero} gave the dog some water and a bone. Then {hero.he}
    closed the gate, and {hero.he} looked twice to be sure.""",
    child=True,
)
SNOWMAN = Plot(
    "snowman",
    """<open>

    In winter, there was snow [everywhere|all over the hill]. {hero} and <friend> made a
    snowman. They made one big ball, one small ball, and a head. It got a carrot for a nose and
    a {color} hat. "[What a fine snowman|He looks so happy]!" said {friend}. They danced around
    it until their feet were cold.

    But then the days grew warm. Every day the snowman was a little smaller. One morning, there
    was only some water, a carrot, and a {color} hat. <sad> "Our snowman is gone," said {hero}.

    "It turned into water," said {hero.his} {elder}. "The water will make the flowers grow. And
    next winter, there will be snow again." In spring, there were many flowers on that spot.
    {hero} put the {color} hat away. [When the first snow fell, {hero.he} took it out
    again.|{hero.He} would need it next winter.]""",
)
FOG = Plot(
    "fog",
    """<open>

    <day> {hero} went {place.to} alone. <walk> Then the fog came. It was so white and thick
    that {hero} could not see {hero.his} own feet. Where was the path? Where was the house?
    {hero.He} walked a little, and then {hero.he} stopped. "I must not run," {hero.he} said. "I
    could fall."

    At home, {hero.his} {elder} looked out and saw the fog. "{hero} cannot find the way in this
    fog," {elder.he} said. So {elder.he} took the big bell and rang it in front of the house.
    Ding, dong! {hero} heard the bell and walked that way. When the sound grew loud, {hero.he}
    knew that {hero.he} was close.

    At last {hero.he} saw a light and the open door. {hero.His} {elder} held {hero.him} tight.
    "I followed the bell," said {hero}. Then there was {warm} for both of them.""",
)
BASKET = Plot(
    "hole in the basket",
    """<open>

    <day> {hero} took a basket and went {place.to} to look for {harvest}. <walk> {hero.He}
    worked for a long time, and at last the basket was full. {hero} carried it home on
    {hero.his} back. It felt lighter and lighter. "How strong I am!" {hero.he} thought.

    But at home, the basket was empty! There was a hole in it. All the {harvest} had fallen out
    on the way. <sad> "Look at the path," said {friend}. "You can find them again." They took a
    lamp and walked back. There was one behind the gate, and two {spot}. Bit by bit they found
    them all.

    Then {friend} held the basket, and {hero} closed the hole with a piece of string. "Now
    nothing can fall out," {hero.he} said and gave half of the {harvest} to {friend}. <both>""",
)
HAT = Plot(
    "hat in the wind",
    """<open> {hero} had a {color} hat and wore it every day.

    One windy day, {hero} walked {place.to}. The wind took the hat and carried it over the
    trees. {hero} ran after it, but the hat was gone. {hero.He} looked {spot}. {hero.He} looked
    in the water. The hat was not there. <sad>

    In spring, {hero} climbed a tree and saw something {color}. It was the hat! But it was not
    empty. A bird sat in it, and under the bird there were [three|four|five] eggs. The hat was
    a nest now. {hero} wanted to take it back. Then {hero.he} thought about the eggs. "You need
    it more than I do," {hero.he} told the bird.

    {hero.His} {elder} made a new hat. And {hero} went to see the birds every day, until the
    little ones could fly.""",
    child=True,
)
HENS = Plot(
    "storm and hens",
    """<open> {hero} had [five|six|seven] white hens.

    <day> the wind grew strong, and the sky was black. "A storm is coming," said the
    {neighbor}. {friend} said, "Let us play first." But {hero} said, "First we must help the
    hens." They brought the hens into the barn. They closed the door and put a heavy stone in
    front of it.

    Then the storm came. It broke branches and pulled at the roof. All night {hero} heard the
    rain and the wind. In the morning, the fence lay on the ground. {hero} ran to the barn and
    opened the door. The hens were all there, warm and dry. They had even laid
    [three|four|five] eggs!

    "It was good that we did not wait," said {friend}. They made breakfast with the eggs and
    ate together. Then {friend} helped {hero} with the fence. <both>""",
    child=True,
)
KITTEN = Plot(
    "cold kitten",
    """<open>

    One cold evening, {hero} heard a cry in front of the house. {hero.He} took a lamp and
    looked. A tiny [gray|white|black] kitten sat {spot}. It was wet and [hungry|very thin], and
    it shook with cold. "You poor thing," said {hero}.

    {hero.He} carried the kitten inside and put it in a box by the fire. {hero.His} {elder}
    brought some milk. The kitten drank it all. Then it fell asleep on {hero.his} {color}
    blanket. "[Can it stay|May I keep it], {elder.call}?" asked {hero}. "If nobody is looking
    for it, and if you take care of it," said {hero.his} {elder}.

    {hero} asked everyone, but nobody had lost a kitten. So it stayed. {hero} gave it food and
    water every day, and the kitten slept at {hero.his} feet every night.""",
    child=True,
)
FISH = Plot(
    "fish on the sand",
    """<open>

    <day> {hero} walked along the lake. A fish lay on the sand. It jumped and jumped, but it
    could not get back into the water. "A fish cannot live on land," said {hero}. {hero.He}
    took it in both hands, carried it to the lake, and let it swim. The fish turned around once
    and was gone.

    In summer, {hero.his} {elder} lost a gold ring in the lake. They looked for it the whole
    day, but the water was too deep. {hero.His} {elder} was sad. {hero} sat {spot} and looked
    at the water. Then a fish put its head out of the water. In its mouth, there was the ring!

    "<thanks>, fish!" said {hero}. "You remembered me." {hero} ran home and gave the ring to
    {hero.his} {elder}. "[How did you find it|Where was it]?" asked {hero.his} {elder}. "A
    friend helped me," said {hero}. <joy>""",
    child=True,
)
PLOTS = (
    KITE, BOAT, BIRD, BEE, GOAT, NEST, DOG, SNOWMAN, FOG, BASKET, HAT, HENS, KITTEN, FISH,
)  # fmt: skip
