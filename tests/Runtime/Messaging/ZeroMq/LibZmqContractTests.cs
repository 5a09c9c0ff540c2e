using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Runtime.Messaging.Transports.ZeroMq;
using EdgePerception.Tests.Support;

namespace EdgePerception.Runtime.Tests.Messaging.ZeroMq;

/// <summary>The contract by libzmq, and what it alone can do.</summary>
public sealed class LibZmqContractTests : ZeroMqContract
{
    protected override ZeroMqLibrary Library => ZeroMqLibrary.Libzmq;

    [Fact]
    public async Task A_subscriber_that_falls_behind_is_counted_once_each_time()
    {
        await ConnectAsync();
        Assert.True(await OverwhelmAsync() > 0);
        Assert.True(Transport.Counters.DroppedFor(DropReason.PeerBehind) > 0);
        await Eventually.Until(() => Transport.Counters.Pending == 0, "the counts");
    }
}
