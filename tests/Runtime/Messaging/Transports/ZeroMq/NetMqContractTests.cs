using EdgePerception.Runtime.Messaging.Transports.ZeroMq;

namespace EdgePerception.Runtime.Tests.Messaging.Transports.ZeroMq;

/// <summary>The contract by NetMQ.</summary>
public sealed class NetMqContractTests : ZeroMqContract
{
    protected override ZeroMqLibrary Library => ZeroMqLibrary.Netmq;
}
