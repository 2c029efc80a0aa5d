"""Plots outside: wind and water, animals in need that remember, ways lost and found."""

from __future__ import annotations

from sslstudio.corpora.samples.tales.plots.plot import Plot

KITE = Plot(
    "kite in a tree",
    """<open> {hero} had a {color} kite.

    One windy day, {hero} took the kite {place.to}. [The wind was strong, and the kite flew
    higher and higher.|Up, up, up flew the kite, higher than the trees.|The kite danced in the
    wind, high over the {place}.] {hero} ran and laughed. Then the wind turned. The kite came
    down and got stuck in a tall tree. {hero} [jumped and jumped|pulled at the string], but
    [{hero.he} could not reach it|it did not come down]. <sad>

    [The {neighbor} came by with a ladder. "Do not cry," said the {neighbor}. The {neighbor}
    put the ladder on the tree, climbed up, and brought the kite down.|{friend} came by. "Climb
    on my back," [said {friend}|{friend} said]. {hero} climbed up and held up {hero.his} arms.
    Now {hero.he} was tall enough. {hero.He} pulled, and the kite came down.] "<thanks>!" [said
    {hero}|{hero} said].

    There was a [small|big] hole in the kite. {hero.His} {elder} put a piece of {color} paper
    on it. After that, {hero} always flew the kite far away from the trees.""",
)
BOAT = Plot(
    "paper boat",
    """<open>

    <day> {hero} made a boat out of paper. {hero.He} painted it {color} and took it to the
    stream. {hero} put the boat on the water, and it swam very well. But the water was fast. It
    took the boat away. "[Stop|Wait], little boat!" cried {hero} and ran after it.

    The boat swam [around a big stone|along the path|under a bush]. It swam by {flock} and
    under a tree. {hero} ran and ran, but the boat was faster. "{friend}!" called {hero}.
    {friend} stood on the bridge, far down the stream. "[Stop my boat|Help me with my boat]!"
    {friend} [lay down on the bridge|took a long branch] and waited. When the boat came,
    {friend.he} pulled it out of the water.

    "<thanks>," [said {hero}|{hero} said]. {hero.He} tied a string to the boat. Now they could
    pull it back, and it could not swim away anymore. <both>""",
)
BIRD = Plot(
    "bird in the bush",
    """<open>

    <day> {hero} walked {place.to}. <meeting> Then {hero.he} heard a small cry. A little bird
    was stuck in a bush. It could not move its wing. "Do not be afraid," [said {hero}|{hero}
    said]. [{hero.He} pulled the branches away, one by one.|Slowly, {hero.he} held the branches
    apart.] The bird was free! It [sang a thank you and flew away|flew around {hero.him} and
    sang].

    [Weeks later|When autumn came], {hero} went far into the forest to look for mushrooms. When
    {hero.he} wanted to go home, [every tree looked the same|there was no path]. {hero} was
    lost. The sky grew dark, and {hero.he} was afraid. Then {hero.he} heard a song. It was the
    little bird! It flew from tree to tree, and {hero} followed it.

    At last {hero.he} saw [the light of {hero.his} house|{hero.his} own house]. "<thanks>,
    little bird," [said {hero}|{hero} said]. "I helped you once, and now you helped me."
    <night>""",
    child=True,
)
BEE = Plot(
    "bee in the water",
    """<open>

    <day> {hero} sat by the lake. A bee fell into the water. [It could not fly, because it was
    wet.|It tried to fly, but it was too wet.|It called for help.] {hero} took a leaf and put
    it on the water. The bee climbed on the leaf. {hero} put the leaf in the sun. Soon the bee
    was dry and flew away.

    [The next day|In the same week], {hero.his} {elder} was sick. "A little honey would help,"
    said {hero.his} {elder}. But there was no honey in the house. {hero} looked
    [everywhere|{place.at}|{spot}], but there was none. Then {hero.he} heard a bee. It was the
    bee from the lake! It flew around {hero.his} head and then to an old tree. In the tree,
    there was honey.

    "You may take some," the bees sang, "because you helped our sister." {hero} [said thank you
    and|] brought a full cup home. Soon {hero.his} {elder} was well again. <joy>""",
    child=True,
)
GOAT = Plot(
    "goat in the fence",
    """<open>

    <day> {hero} came to a fence. A white goat had put its head through the fence and could not
    get it out. It pulled [and pulled|this way and that way]. "Wait, I will help you," [said
    {hero}|{hero} said]. {hero.He} pushed the boards apart until the goat was free. [The goat
    was glad and jumped.|The goat put its head on {hero.his} arm.|The goat looked at {hero.him}
    for a long time.]

    [A week later|Later that day|The next Sunday], {hero} came home from the market with a
    basket full of {harvest}. The basket was so heavy that {hero.he} had to stop [at every
    tree|again and again]. The hill in front of {hero.him} was high. "I will never get home,"
    [said {hero}|{hero} said]. Then something soft pushed {hero.his} arm. It was the white
    goat!

    {hero} put the basket on its back, and the goat walked up the hill as if the basket were
    empty. At the top, {hero} gave the goat {harvest.mine} {harvest}. "<thanks>," {hero.he}
    said. "Now we are friends." [|And they were.]""",
    child=True,
)
NEST = Plot(
    "baby bird",
    """<open>

    <day> {hero} found a baby bird {spot}. It had fallen out of its nest. It was too
    [small|young] to fly, and it [called for its mother|cried and cried]. {hero} looked up. The
    nest was in the tree, high above. {hero} [could not climb so high|was too small to reach
    it], so {hero.he} ran home to get help.

    {hero.His} {elder} came with a ladder and held it. {hero} took the baby bird and climbed
    up, step by step. There were [two|three|four] other baby birds in the nest. {hero} put the
    little one next to them. The mother bird came back with food and sang with joy.

    In summer, the young birds could fly. Every morning one of them sat at the window and sang
    for {hero}. "[It wants to thank you|It knows you]," said {hero.his} {elder}. <joy>""",
    child=True,
)
DOG = Plot(
    "open gate",
    """<open> {hero} had a [small|big|young] dog. [They played together every day.|It went with
    {hero.him} everywhere.|It liked to run and jump.]

    <day> {hero} [ran out to play|went to the market] and did not close the gate. When
    {hero.he} came back, the dog was gone. "<oh>!" [said {hero}|{hero} said]. "The dog ran out
    because I left the gate open." {hero.He} called and called, but no dog came.

    {hero} asked the {neighbor}. "I saw a dog {place.at}," said the {neighbor}. {hero} ran
    {place.to}. {hero.He} [called again|looked everywhere]. Then {hero.he} heard a noise. The
    dog [sat|lay] {spot}. [There was a small branch in its foot, so it could not walk. {hero}
    pulled it out|There was a rope around its leg, so it could not run. {hero} took the rope
    away] and held the dog in {hero.his} arms.

    They walked home side by side. {hero} gave the dog some water. Then {hero.he} closed the
    gate, and [{hero.he} looked again to see that it was closed|from then on, {hero.he} always
    closed it].""",
    child=True,
)
SNOWMAN = Plot(
    "snowman",
    """<open>

    In winter, there was snow [everywhere|all over the hill]. {hero} and <friend> made a
    snowman. [They made one big ball, one small ball, and a head.|First they made a big ball.
    Then they put a smaller ball on top.] It got a carrot for a nose and a {color} hat. "[What
    a fine snowman|It looks so happy]!" said {friend}. [They danced around it until they were
    cold.|They sang a song for it.|They gave it a branch for an arm.]

    But then the days grew warm. Every day the snowman was a little smaller. One morning, there
    was only some water, a carrot, and a {color} hat. <sad> "Our snowman is gone," [said
    {hero}|{hero} said].

    "It turned into water," said {hero.his} {elder}. "The water will make the flowers grow. And
    next winter, there will be snow again." In spring, there were many flowers on that spot.
    {hero} put the {color} hat away. [When the first snow fell, {hero.he} took it out
    again.|{hero.He} would need it next winter.]""",
)
FOG = Plot(
    "fog",
    """<open>

    <day> {hero} went {place.to} alone. <walk> Then the fog came. It was so [white|gray] that
    {hero} could not see {hero.his} own feet. Where was the path? Where was the house?
    {hero.He} walked a little, and then {hero.he} stopped. "[I must not run|I must wait],"
    {hero.he} said. "I could fall [down|into the water]."

    At home, {hero.his} {elder} looked out and saw the fog. "{hero} cannot find the way in this
    fog," {elder.he} said. So {elder.he} took the big bell and rang it in front of the house.
    {hero} heard the bell [far away|] and walked that way. [The bell grew louder and
    louder.|{hero.He} stopped and heard it again, louder than before.]

    At last {hero.he} saw a light and the open door. {hero.His} {elder} held {hero.him} tight.
    "I followed the bell," [said {hero}|{hero} said]. Then there was {warm} for both of them.""",
)
BASKET = Plot(
    "hole in the basket",
    """<open>

    <day> {hero} took a basket and went {place.to} to look for {harvest}. <walk> {hero.He}
    worked for a long time, and at last the basket was full. {hero} carried it home on
    {hero.his} back. [With every step it was less heavy. "How strong I am!" {hero.he}
    thought.|{hero.He} sang, and the basket was not heavy at all.]

    But at home, the basket was empty! There was a hole in it. All the {harvest} had fallen out
    on the way. <sad> "Look at the path," [said {friend}|{friend} said]. "You can find them
    again." They took a lamp and walked back. There was one [by the gate|in the grass|under a
    leaf], and there were [two|three|four] {spot}. One by one they found them all.

    Then {friend} held the basket, and {hero} closed the hole with a piece of string. "Now
    nothing can fall out," {hero.he} said and gave half of the {harvest} to {friend}. <both>""",
)
HAT = Plot(
    "hat in the wind",
    """<open> {hero} had a {color} hat and wore it every day.

    One windy day, {hero} walked {place.to}. The wind took the hat [and carried it over the
    trees|off {hero.his} head]. {hero} ran after it, but [the hat was gone|the wind was
    faster]. {hero.He} looked {spot}. {hero.He} looked in the water. The hat was not there.
    <sad>

    In spring, {hero} [climbed a tree|looked up into a tree] and saw something {color}. It was
    the hat! But it was not empty. A bird sat in it, and under the bird there were
    [three|four|five] eggs. The hat was a nest now. {hero} wanted to take it back. Then
    {hero.he} thought about the eggs. "You need it more than I do," {hero.he} told the bird.

    {hero.His} {elder} made a new hat. And {hero} went to see the birds every day, until the
    [little|young] birds could fly.""",
    child=True,
)
HENS = Plot(
    "storm and hens",
    """<open> {hero} had [five|six|seven] white hens.

    <day> the wind grew strong, and the sky was black. "[There will be a storm|I see a storm],"
    said the {neighbor}. {friend} said, "Let us play first." But {hero} said, "First we must
    help the hens." They brought the hens into the barn. [They closed the door and put a heavy
    stone in front of it.|They closed the window and the door.]

    Then the storm came. [It broke branches and pulled at the roof.|It was so loud!|It pushed
    at every door.] All night {hero} heard the rain and the wind. In the morning, the fence lay
    on the ground. {hero} ran to the barn and opened the door. The hens were all there, warm
    and dry. There were even [three|four|five] eggs!

    "It was good that we did not wait," [said {friend}|{friend} said]. They ate the eggs
    together. Then {friend} helped {hero} with the fence. <both>""",
    child=True,
)
KITTEN = Plot(
    "cold kitten",
    """<open>

    One cold evening, {hero} heard a cry in front of the house. {hero.He} took a lamp and
    looked. A tiny [gray|white|black] kitten sat {spot}. It was wet and [hungry|very thin], and
    it [cried|could not walk anymore]. "You poor thing," [said {hero}|{hero} said].

    {hero.He} carried the kitten inside and put it in a [box|basket] by the [table|window|bed].
    {hero.His} {elder} brought some milk. [Soon the milk was all gone.|It was very hungry.]
    Then it fell asleep on {hero.his} {color} blanket. "May I have it, {elder.call}?" asked
    {hero}. "If nobody wants it back," said {hero.his} {elder}.

    {hero} asked everyone, but nobody had lost a kitten. So the kitten stayed. {hero} gave it
    food and water every day, and the kitten slept at {hero.his} feet every night.""",
    child=True,
)
FISH = Plot(
    "fish on the sand",
    """<open>

    <day> {hero} walked along the lake. A fish lay [on a flat stone|in the grass|on the path].
    It jumped and jumped, but it could not get back into the water. "[A fish must have
    water|You must be in the water]," [said {hero}|{hero} said]. {hero.He} [carried it to the
    lake and let it swim|took it and put it back into the lake]. The fish turned around once
    and was gone.

    In summer, {hero.his} {elder} lost a {color} ring in the lake. They looked for it [the
    whole day|until the evening|again and again], but the water was too deep. {hero.His}
    {elder} was sad. {hero} sat {spot} and looked at the water. Then a fish put its head out of
    the water. It had the ring!

    "<thanks>, fish!" [said {hero}|{hero} said]. "You did not forget me." {hero} ran home and
    gave the ring to {hero.his} {elder}. "[How did you find it|Where was it]?" asked {hero.his}
    {elder}. "A friend helped me," [said {hero}|{hero} said]. <joy>""",
    child=True,
)
PLOTS = (
    KITE, BOAT, BIRD, BEE, GOAT, NEST, DOG, SNOWMAN, FOG, BASKET, HAT, HENS, KITTEN, FISH,
)  # fmt: skip
