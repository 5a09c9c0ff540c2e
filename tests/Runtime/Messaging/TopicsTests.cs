using System.Reflection;
using System.Runtime.CompilerServices;
using EdgePerception.Runtime.Messaging;
using FsCheck.Xunit;
using YamlDotNet.Serialization;

namespace EdgePerception.Runtime.Tests.Messaging;

/// <summary>The table of topics, its description for others, and what names may be made of.</summary>
public sealed class TopicsTests
{
    [Fact]
    public void The_description_for_others_lists_the_same_topics()
    {
        string[] ours =
        [
            Topics.Available,
            .. Fields<OutboundTopic>()
                .Select(topic => topic.For(topic.Name.StartsWith("command/", StringComparison.Ordinal) ? "{id}"
                    : "{camera}")),
            .. Topics.Inbound.Select(topic => topic.Name),
        ];
        Assert.Equal(ours.Select(topic => $"{{prefix}}/{{device}}/{topic}").Order(), Described().Order());
    }

    [Fact]
    public void All_inbound_topics_are_subscribed_to() => Assert.Equal(Fields<InboundTopic>(), Topics.Inbound);

    [Theory]
    [InlineData("edge", true)]
    [InlineData("site-1/hall.2/edge", true)]
    [InlineData("", false)]
    [InlineData("/edge", false)]
    [InlineData("edge/", false)]
    [InlineData("a//b", false)]
    [InlineData("a/+", false)]
    [InlineData("a b", false)]
    [InlineData("$SYS", false)]
    public void A_prefix_is_one_or_more_names(string prefix, bool expected) =>
        Assert.Equal(expected, TopicName.IsPrefix(prefix));

    [Property(MaxTest = 1000, Replay = "17,31")]
    public void A_name_makes_one_level_that_can_be_published_to(string? text)
    {
        if (!TopicName.IsName(text)) return;
        Assert.True(TopicName.IsPublishable($"detections/{text}"));
        Assert.Equal(2, $"detections/{text}".Split('/').Length);
    }

    private static IEnumerable<T> Fields<T>() =>
        typeof(Topics).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.FieldType == typeof(T))
            .Select(field => (T)field.GetValue(null)!);

    private static IEnumerable<string> Described([CallerFilePath] string path = "")
    {
        var root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", ".."));
        using var file = File.OpenText(Path.Combine(root, "firmware-interfaces", "asyncapi.yaml"));
        var document = new DeserializerBuilder().IgnoreUnmatchedProperties().Build().Deserialize<AsyncApi>(file);
        return document.Channels.Values.Select(channel => channel.Address);
    }

    private sealed class AsyncApi
    {
        [YamlMember(Alias = "channels")]
        public Dictionary<string, Channel> Channels { get; set; } = [];
    }

    private sealed class Channel
    {
        [YamlMember(Alias = "address")]
        public string Address { get; set; } = "";
    }
}
