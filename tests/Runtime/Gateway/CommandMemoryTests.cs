using EdgePerception.Policy.Commands;
using EdgePerception.Runtime.Gateway;
using EdgePerception.Runtime.Messaging.Messages;

namespace EdgePerception.Runtime.Tests.Gateway;

/// <summary>What is kept of a command, for how long, and of how many.</summary>
public sealed class CommandMemoryTests
{
    private const int Waiting = 4;
    private const int Kept = CommandMemory.Remembered + 2 * Waiting;
    private static readonly CommandSettings Options = new() { DefaultTtlMs = 10_000, ClockSkewMs = 2000 };
    private readonly CommandMemory _memory = new(Options, Waiting);

    [Theory]
    [InlineData(0u, 12_000)]
    [InlineData(500u, 2_500)]
    public void A_command_is_kept_for_its_life_and_the_tolerance_of_the_clocks(uint ttlMs, int keptMs)
    {
        Answered(Command("a", ttlMs), At(1000));
        Assert.Equal(CommandNovelty.Answered, Recall(Command("a", ttlMs), At(1000 + keptMs - 1)));
        Assert.Equal(CommandNovelty.New, Recall(Command("a", ttlMs), At(1000 + keptMs)));
    }

    [Fact]
    public void One_that_comes_again_does_not_make_it_live_longer()
    {
        Answered(Command("a"), At(0));
        Assert.Equal(CommandNovelty.Answered, Recall(Command("a"), At(11_000)));
        Assert.Equal(CommandNovelty.New, Recall(Command("a"), At(12_000)));
    }

    [Fact]
    public void The_answer_goes_to_every_reply_topic_that_waits_once_up_to_a_bound()
    {
        Keep(Command("a", replyTo: "r0"), At(0));
        for (var i = 0; i < CommandMemory.MaxReplies; i++)
        {
            Assert.Equal(CommandNovelty.Waiting, Recall(Command("a", replyTo: $"r{i}"), At(1)));
            Assert.Equal(CommandNovelty.Waiting, Recall(Command("a", replyTo: $"r{i}"), At(2)));
        }

        Assert.Equal(CommandNovelty.Crowded, Recall(Command("a", replyTo: "one too many"), At(3)));
        Assert.Equal(
            Enumerable.Range(0, CommandMemory.MaxReplies).Select(i => $"r{i}"),
            _memory.Answer(Pending(Command("a", replyTo: "r0"), At(0)), new GroundingAnswer()).Order());
    }

    [Fact]
    public void The_oldest_is_forgotten_for_the_newest_and_the_rest_stays()
    {
        for (var i = 0; i <= Kept; i++) Answered(Command($"c{i}"), At(i));
        Assert.Equal(CommandNovelty.New, Recall(Command("c0"), At(Kept)));
        for (var i = 1; i <= Kept; i++) Assert.Equal(CommandNovelty.Answered, Recall(Command($"c{i}"), At(Kept)));
    }

    [Fact]
    public void What_is_forgotten_or_kept_anew_takes_no_room()
    {
        Answered(Command("a", 600_000), At(0));
        for (var i = 0; i < 3 * Kept; i++)
        {
            Keep(Command("busy", 600_000), At(i));
            _memory.Forget("busy");
            Keep(Command("again", 600_000), At(i));
        }

        Assert.Equal(CommandNovelty.Answered, Recall(Command("a", 600_000), At(3 * Kept)));
        Assert.Equal(CommandNovelty.New, Recall(Command("busy", 600_000), At(3 * Kept)));
    }

    [Fact]
    public void A_late_answer_to_a_forgotten_command_is_not_taken_for_one_to_its_successor()
    {
        Keep(Command("a", replyTo: "first"), At(0));
        Keep(Command("a", replyTo: "second"), At(12_000));
        Assert.Equal(["first"], _memory.Answer(Pending(Command("a", replyTo: "first"), At(0)), new GroundingAnswer()));
        Assert.Equal(CommandNovelty.Waiting, Recall(Command("a", replyTo: "second"), At(12_001)));
        var unknown = Pending(Command("unknown", replyTo: "gone"), At(0));
        Assert.Equal(["gone"], _memory.Answer(unknown, new GroundingAnswer()));
    }

    [Fact]
    public void Another_text_under_the_same_id_is_another_command_whether_the_first_waits_or_was_answered()
    {
        var other = new Command { Id = "a", Text = "go to the dog" };
        Keep(Command("a"), At(0));
        Assert.Equal(CommandNovelty.Conflicting, Recall(other, At(1)));
        _memory.Answer(Pending(Command("a"), At(0)), new GroundingAnswer());
        Assert.Equal(CommandNovelty.Conflicting, Recall(other, At(2)));
    }

    private void Answered(Command command, TimeSpan at)
    {
        Keep(command, at);
        _memory.Answer(Pending(command, at), new GroundingAnswer { Id = command.Id });
    }

    private void Keep(Command command, TimeSpan at) => _memory.Keep(command, at);

    private CommandNovelty Recall(Command command, TimeSpan at) => _memory.Recall(command, at, out _);

    private static Command Command(string id, uint ttlMs = 0, string replyTo = "") =>
        new() { Id = id, Text = "go to the cat", TtlMs = ttlMs, ReplyTo = replyTo };

    private static PendingCommand Pending(Command command, TimeSpan received) =>
        new(command.Id, command.Text, command.ReplyTo, received, received);

    private static TimeSpan At(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
