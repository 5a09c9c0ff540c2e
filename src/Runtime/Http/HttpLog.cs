using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Http;

/// <summary>What the HTTP server says of itself. Requests are no lines.</summary>
internal static partial class HttpLog
{
    [LoggerMessage(EventId = 5040, EventName = "HttpListens", Level = LogLevel.Information,
        Message = "Metrics and probes at {Url}")]
    public static partial void Listens(ILogger logger, string url);

    [LoggerMessage(EventId = 5041, EventName = "HttpOpenToTheNetwork", Level = LogLevel.Warning, Message = "{Warning}")]
    public static partial void OpenToTheNetwork(ILogger logger, string warning);
}
