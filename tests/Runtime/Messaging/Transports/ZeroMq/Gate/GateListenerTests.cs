using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Runtime.Messaging.Transports.ZeroMq.Gate;

namespace EdgePerception.Runtime.Tests.Messaging.Transports.ZeroMq.Gate;

/// <summary>Whose endpoint it is: what is taken is told in one line.</summary>
public sealed class GateListenerTests
{
    [Theory]
    [InlineData("tcp://127.0.0.1:0")]
    [InlineData("ipc://@edge-perception-taken")]
    public void An_endpoint_that_is_taken_is_one_clear_line(string endpoint)
    {
        using var holder = GateListener.Listen(endpoint);
        Assert.Equal(
            $"cannot bind {holder.Endpoint}: Address already in use; another service may hold it, "
            + "choose another endpoint or end that one",
            Fault(holder.Endpoint));
    }

    [Theory]
    [InlineData("tcp://localhost:1")]
    [InlineData("ipc://relative")]
    [InlineData("inproc://x")]
    public void What_is_no_endpoint_is_one_clear_line(string endpoint) =>
        Assert.Contains("is not an endpoint", Fault(endpoint), StringComparison.Ordinal);

    [Theory]
    [InlineData(300, 200)]
    [InlineData(1024, 683)]
    [InlineData(524_288, 523_648)]
    [InlineData(int.MaxValue, int.MaxValue - 640)]
    public void Descriptors_are_kept_for_the_library(long limit, int most) =>
        Assert.Equal(most, DescriptorLimit.Of(limit));

    private static string Fault(string endpoint) =>
        Assert.Throws<MessagingException>(() => GateListener.Listen(endpoint)).Message;
}
