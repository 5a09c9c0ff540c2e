using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Runtime.Messaging.Transports.Mqtt;

namespace EdgePerception.Runtime.Tests.Messaging.Transports.Mqtt;

/// <summary>What is made of a row of connections and losses; times are given, none passes.</summary>
public sealed class ConnectionRecordTests
{
    private static readonly TimeSpan Sound = TimeSpan.FromSeconds(15);
    private static readonly MqttSettings Options =
        new() { Device = "robot", ReconnectMinMs = 250, ReconnectMaxMs = 5000 };

    private readonly ConnectionRecord _record = new(Options);
    private TimeSpan _now = TimeSpan.FromHours(1);

    [Fact]
    public void An_outage_is_news_once_and_its_waits_grow_until_a_connection_has_held()
    {
        Assert.True(Connect());
        Assert.Null(_record.Trouble);
        Assert.True(Lose(Sound).IsNews);
        var waits = Enumerable.Range(0, 8).Select(_ => Lose()).ToList();
        Assert.DoesNotContain(waits, loss => loss.IsNews);
        Assert.Equal(waits.Select(loss => loss.Wait).Order(), waits.Select(loss => loss.Wait));
        Assert.InRange(waits[^1].Wait, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(6.25));
        Assert.Equal("refused", _record.Trouble!.Reason);
        Assert.False(_record.Trouble.NeedsAttention);
        Assert.True(Connect());
        Assert.Null(_record.Trouble);
        Assert.Equal(First(), Lose(Sound).Wait);
    }

    [Fact]
    public void A_connection_that_is_lost_at_once_does_not_begin_the_waits_anew()
    {
        var waits = new List<TimeSpan>();
        for (var i = 0; i < 8; i++)
        {
            Connect();
            waits.Add(Lose(TimeSpan.FromSeconds(4)).Wait);
        }

        Assert.Equal(waits.Order(), waits);
        Assert.True(waits[^1] >= TimeSpan.FromSeconds(5), $"{waits[^1]}");
    }

    [Fact]
    public void The_brokers_word_that_another_took_over_is_news_once_and_stays_while_connections_come_and_go()
    {
        Connect();
        Assert.True(Lose(TimeSpan.FromHours(1), MqttEnd.TakenOver).IsNews);
        for (var i = 0; i < 5; i++)
        {
            Assert.False(Connect());
            Assert.True(_record.Trouble is { NeedsAttention: true });
            Assert.False(Lose(TimeSpan.FromSeconds(2), MqttEnd.TakenOver).IsNews);
        }

        Assert.False(Connect());
        Assert.False(Held(Sound - TimeSpan.FromTicks(1)));
        Assert.True(Held(TimeSpan.FromTicks(1)));
        Assert.Null(_record.Trouble);
        Assert.False(Held(TimeSpan.Zero));
        Assert.Equal(First(), Lose(TimeSpan.Zero).Wait);
    }

    [Fact]
    public void Two_short_connections_in_a_row_are_taken_for_another_client_and_told_once()
    {
        Connect();
        Assert.False(Lose(TimeSpan.FromSeconds(3)).IsNews);
        Connect();
        Assert.True(Lose(TimeSpan.FromSeconds(3)).IsNews);
        Assert.True(_record.Trouble!.NeedsAttention);
        const string Suspect = "(refused); most likely another client uses the client id 'edge-perception-robot'";
        Assert.Contains(Suspect, _record.Trouble.Reason, StringComparison.Ordinal);
        Assert.False(Connect());
        Assert.False(Lose(TimeSpan.FromSeconds(3)).IsNews);
    }

    [Fact]
    public void Short_connections_that_the_broker_ends_for_a_reason_of_its_own_are_no_other_clients_doing()
    {
        for (var i = 0; i < 5; i++)
        {
            Connect();
            Lose(TimeSpan.FromSeconds(1), MqttEnd.Explained);
            Assert.Equal(new TransportTrouble("refused", NeedsAttention: false), _record.Trouble);
        }
    }

    [Fact]
    public void A_broker_that_is_away_in_between_is_no_other_client()
    {
        for (var i = 0; i < 5; i++)
        {
            Assert.True(Connect());
            Assert.False(Lose(TimeSpan.FromSeconds(1)).IsNews);
            Assert.True(Lose().IsNews);
            Assert.False(Lose().IsNews);
            Assert.False(_record.Trouble!.NeedsAttention);
        }
    }

    [Fact]
    public void A_contest_ends_when_the_broker_itself_goes_away()
    {
        Connect();
        Lose(Sound, MqttEnd.TakenOver);
        Lose();
        Assert.False(_record.Trouble!.NeedsAttention);
        Assert.True(Connect());
        Assert.Null(_record.Trouble);
    }

    private static TimeSpan First() => new ReconnectDelay(Options).Next();

    private bool Connect() => _record.Connected(_now);

    private (TimeSpan Wait, bool IsNews) Lose(TimeSpan after = default, MqttEnd end = MqttEnd.Unexplained)
    {
        _now += after;
        return _record.Lost(_now, "refused", end);
    }

    private bool Held(TimeSpan time)
    {
        _now += time;
        return _record.HasSettled(_now);
    }
}
