using System.Text;
using EdgePerception.Runtime.Messaging.Transports;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EdgePerception.Runtime.Tests.Messaging.Transports;

/// <summary>Which state is sent when more come than can be sent.</summary>
public sealed class OutboxTests
{
    // Few topics and values; a capital outlasts.
    private static readonly Arbitrary<(char Topic, char Value)[]> Said = (
        from topic in Gen.Elements('s', 't')
        from value in Gen.Elements('a', 'b', 'H', 'I')
        select (topic, value)).ArrayOf().ToArbitrary();

    [Theory]
    [InlineData("a b c", "c")]
    [InlineData("a H b", "H b")]
    [InlineData("H a b", "H b")]
    [InlineData("H a I", "I")]
    [InlineData("H a I b c", "I c")]
    public void A_newer_state_takes_the_place_of_an_older_one_that_does_not_outlast_it(string said, string sent)
    {
        var outbox = Box();
        foreach (var value in said.Split(' ')) Say(outbox, 's', value[0]);
        Assert.Equal(sent, string.Join(' ', Sent(outbox).Select(message => message.Value)));
    }

    [Fact]
    public void One_that_changes_all_the_time_keeps_its_turn()
    {
        var outbox = Box();
        foreach (var said in new[] { "sa", "tx", "sb", "sc" }) Say(outbox, said[0], said[1]);
        Assert.Equal([('s', 'c'), ('t', 'x')], Sent(outbox));
    }

    [Fact]
    public void What_outlasts_is_told_once_and_the_newest_state_again_and_again()
    {
        var outbox = Box();
        Say(outbox, 's', 'H');
        Say(outbox, 's', 'a');
        Assert.Equal([('s', 'H'), ('s', 'a')], Sent(outbox));
        outbox.Repeat(static _ => true);
        Assert.Equal([('s', 'a')], Sent(outbox));
    }

    [Property(Replay = "13,13")]
    public Property Of_each_topic_the_newest_is_sent_last_after_the_newest_that_outlasts_and_nothing_else() =>
        Prop.ForAll(Said, said =>
        {
            var outbox = Box();
            foreach (var (topic, value) in said) Say(outbox, topic, value);
            var sent = Sent(outbox);
            foreach (var topic in said.Select(one => one.Topic).Distinct())
            {
                char[] values = [.. said.Where(one => one.Topic == topic).Select(one => one.Value)];
                char[] expected = values.Any(char.IsUpper) && char.IsLower(values[^1])
                    ? [values.Last(char.IsUpper), values[^1]]
                    : [values[^1]];
                Assert.Equal(expected, sent.Where(one => one.Topic == topic).Select(one => one.Value));
            }
        });

    private static Outbox Box() => new(new QueueLimits(8, 8), new TransportCounters("test"));

    private static void Say(Outbox outbox, char topic, char value) => Assert.True(outbox.Enqueue(
        $"{topic}", Encoding.ASCII.GetBytes($"{value}"),
        new PublishOptions { Retain = true, Outlasts = char.IsUpper(value) }, connected: true));

    private static List<(char Topic, char Value)> Sent(Outbox outbox)
    {
        List<(char, char)> sent = [];
        while (outbox.TryDequeue(TimeSpan.Zero, out var message))
        {
            sent.Add((message.Topic[0], (char)message.Payload[0]));
            message.Release();
        }

        return sent;
    }
}
