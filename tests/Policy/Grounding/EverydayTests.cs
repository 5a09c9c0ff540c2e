namespace EdgePerception.Policy.Tests.Grounding;

/// <summary>
/// How people who never read a manual say it, kind by kind, each beside sentences that look alike and must not move.
/// </summary>
public sealed class EverydayTests
{
    private const string Kitchen = """
        c1 cup 80 300 40 50 red=0.8
        c2 cup 300 300 40 50 blue=0.8
        b1 bottle 190 240 40 120 green=0.7
        w1 bowl 540 320 80 40 yellow=0.8
        a1 apple 440 330 40 40 red=0.7
        k1 book 370 330 40 30 white=0.7
        """;

    private const string Street = """
        p1 person 60 120 60 220 blue=0.4 vx=1 vy=0
        d1 dog 460 270 60 50 brown=0.7
        k1 car 260 60 120 90 white=0.7
        n1 bench 200 260 120 70 brown=0.7
        """;

    [Theory]
    // Ways to ask politely.
    [InlineData("I'd love it if you brought me the bottle", "act:b1")]
    [InlineData("I would be most grateful if you fetched the bottle", "act:b1")]
    [InlineData("it would be lovely if you could bring me the book", "act:k1")]
    [InlineData("it'd be a big help if you put the apple in the bowl", "act:a1>w1")]
    [InlineData("we'd appreciate it if you would pick up the bottle", "act:b1")]
    [InlineData("I'd really like you to bring me the book", "act:k1")]
    [InlineData("what I'd like you to do is pick up the bottle", "act:b1")]
    [InlineData("all I need is for you to bring me the book", "act:k1")]
    [InlineData("the best thing you could do for me is fetch the bottle", "act:b1")]
    [InlineData("could I trouble you for the bottle?", "act:b1")]
    [InlineData("be a dear and hand me the book", "act:k1")]
    [InlineData("could I possibly ask you to pick up the bottle", "act:b1")]
    [InlineData("I'd have loved it if you had brought me the bottle", "refuse|clarify")]
    [InlineData("it would be lovely if Anna brought me the bottle", "refuse|clarify")]
    [InlineData("I'd hate it if you brought me the bottle", "refuse|clarify")]
    [InlineData("I'd love it if you never touched the bottle", "refuse|clarify")]
    [InlineData("it would be nice if you brought me the bottle tomorrow", "refuse|clarify")]
    [InlineData("what I'd like to know is why you took the bottle", "refuse|clarify")]
    // Where to, for whom.
    [InlineData("slide the bottle my way", "act:b1")]
    [InlineData("lug the bottle over to where I'm standing", "act:b1")]
    [InlineData("deliver the book straight into my hands", "act:k1")]
    [InlineData("drag the bottle across to me", "act:b1")]
    [InlineData("run the book over to me", "act:k1")]
    [InlineData("I want the bottle brought over here", "act:b1")]
    [InlineData("I'd like the apple put in the bowl", "act:a1>w1")]
    [InlineData("bring it me", "refuse|clarify")]
    [InlineData("the book on the right, bring it me", "act:k1")]
    [InlineData("I want the bottle in my hands", "act:b1")]
    [InlineData("pick up the cup that's sort of crimson", "act:c1")]
    [InlineData("pick up the cup that is quite blue", "act:c2")]
    [InlineData("the apple into the bowl", "act:a1>w1")]
    [InlineData("bottle to me", "act:b1")]
    [InlineData("pop the apple into the bowl for me", "act:a1>w1")]
    [InlineData("I wanted the bottle brought over here", "refuse|clarify")]
    [InlineData("I don't want the bottle brought over here", "refuse|clarify")]
    // What it holds with.
    [InlineData("get the bottle in your gripper", "act:b1")]
    [InlineData("wrap your fingers around the bottle", "act:b1")]
    [InlineData("get a firm grip on the bottle", "act:b1")]
    [InlineData("take the bottle with your claw", "act:b1")]
    [InlineData("keep your hands off the bottle", "refuse|clarify")]
    // A part of a description that is denied.
    [InlineData("pick up the cup which is not on the left", "act:c2")]
    [InlineData("pick up the cup that isn't on the right", "act:c1")]
    [InlineData("pick up the cup not at the left end", "act:c2")]
    [InlineData("pick up the cup that is not the first from the left", "act:c2")]
    [InlineData("pick up any cup bar the red one", "act:c2")]
    [InlineData("pick up the cup that's anything but red", "act:c2")]
    [InlineData("pick up the cup, just not the blue one", "act:c1")]
    [InlineData("take a good", "refuse|clarify")]
    public void In_the_kitchen(string command, string expected) =>
        Assert.Contains(TestScene.Of(Kitchen).Ground(command).Brief(), expected.Split('|'));

    [Theory]
    // Ways to go.
    [InlineData("nip across to the car", "act:k1")]
    [InlineData("mosey on down to the bench", "act:n1")]
    [InlineData("get yourself over to the car", "act:k1")]
    [InlineData("off you trot to the bench", "act:n1")]
    [InlineData("pull up beside the bench", "act:n1")]
    [InlineData("station yourself at the bench", "act:n1")]
    [InlineData("take up position next to the car", "act:k1")]
    [InlineData("go on and drive to the car", "act:k1")]
    [InlineData("get over yourself", "refuse|clarify")]
    [InlineData("floor it over to the person", "refuse|clarify")]
    [InlineData("gun it to the car", "refuse|clarify")]
    // Ways to follow and to look.
    [InlineData("trail after the dog", "act:d1")]
    [InlineData("set off after the dog", "act:d1")]
    [InlineData("go wherever the dog goes", "act:d1")]
    [InlineData("follow the dog wherever it wanders", "act:d1")]
    [InlineData("fall in behind the person", "act:p1")]
    [InlineData("I went wherever the dog went", "refuse|clarify")]
    [InlineData("take a good look at the car", "act:k1")]
    [InlineData("have another quick peek at the dog", "act:d1")]
    [InlineData("aim your lens at the car", "act:k1")]
    [InlineData("cast your eyes over the bench", "act:n1")]
    [InlineData("eyes on the dog", "act:d1")]
    [InlineData("give the car a once over", "act:k1")]
    // Ways to keep away.
    [InlineData("keep well clear of the dog", "act:!d1")]
    [InlineData("stay back from the car", "act:!k1")]
    [InlineData("mind you don't get near the dog", "act:!d1")]
    [InlineData("make sure you keep off the bench", "act:!n1")]
    [InlineData("away from the dog", "act:!d1")]
    [InlineData("whatever you do, stay away from the car", "act:!k1")]
    [InlineData("go to the bench, giving the dog a wide berth", "act:n1!d1")]
    [InlineData("go to the car, steering well clear of the dog", "act:k1!d1")]
    [InlineData("leaving plenty of room around the dog, go to the bench", "act:n1!d1")]
    [InlineData("go to the bench and keep clear of the dog while you do", "act:n1!d1")]
    [InlineData("mind you follow nobody", "refuse|clarify")]
    // Ways to ask where.
    [InlineData("where has the dog got to", "act:d1")]
    [InlineData("where on earth is the bench", "act:n1")]
    [InlineData("any idea where I left the car?", "act:k1")]
    [InlineData("which side is the bench on", "act:n1")]
    [InlineData("let me know the position of the car", "act:k1")]
    [InlineData("what is the position of the chess club on doping", "refuse|clarify|absent")]
    // What is told of is what "it" means.
    [InlineData("That dog is loud so keep away from it", "act:!d1")]
    [InlineData("The bench looks comfy. Go to it.", "act:n1")]
    // A sentence that tells of something else, before the order.
    [InlineData("My feet are killing me today. Drive to the bench.", "act:n1")]
    [InlineData("We walked for miles this morning. Follow the dog.", "act:d1")]
    [InlineData("Today go to the bench", "refuse|clarify")]
    [InlineData("I skipped breakfast. Go to the bench.", "act:n1")]
    [InlineData("My feet ache. Drive to the bench.", "act:n1")]
    [InlineData("We walked for miles. Follow the dog.", "act:d1")]
    [InlineData("My aunt collects stamps. Go to the car.", "act:k1")]
    [InlineData("I've lost my keys so go to the car", "act:k1")]
    [InlineData("The neighbours are visiting. Go to the bench.", "act:n1")]
    [InlineData("Go to the bench. I skipped breakfast.", "act:n1|refuse|clarify")]
    [InlineData("I skipped the bit about that. Never go to the bench.", "refuse|clarify")]
    [InlineData("I was only kidding. Go to the bench.", "act:n1|refuse|clarify")]
    [InlineData("You look tired. Go to the bench.", "act:n1|refuse|clarify")]
    [InlineData("We are rehearsing a play. Go to the bench.", "refuse|clarify")]
    [InlineData("I skipped breakfast and go to the bench", "refuse|clarify")]
    public void In_the_street(string command, string expected) =>
        Assert.Contains(TestScene.Of(Street).Ground(command).Brief(), expected.Split('|'));

    [Theory]
    [InlineData("put the apple in the bowl, the book next to the bottle", "a1>w1 k1>b1")]
    [InlineData(
        "put the apple in the bowl, the red cup next to the bottle and the book on the bowl", "a1>w1 c1>b1 k1>w1")]
    [InlineData("put the apple in the bowl and afterwards put the book in the bowl", "a1>w1 k1>w1")]
    [InlineData("take the bottle and the book and put them in the bowl", "b1 k1 b1>w1 k1>w1")]
    [InlineData("pick up the apple and the book, then drop them in the bowl", "a1 k1 a1>w1 k1>w1")]
    [InlineData("take the bottle and the book and put it in the bowl", "b1 k1 k1>w1")]
    [InlineData("bring the book, the apple in the bowl", "")]
    public void Every_thing_of_a_list_goes_where_it_belongs(string command, string steps)
    {
        var answer = TestScene.Of(Kitchen).Ground(command);
        Assert.Equal(steps,
            string.Join(' ', answer.Steps.Select(step => step.Target + (step.Destination is { } to ? ">" + to : ""))));
    }
}
