namespace EdgePerception.Runtime.Models.Fetch;

/// <summary>A file could not be fetched.</summary>
internal sealed class DownloadException(string message, int exitCode, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>
    /// What the program ends with: bad input where the manifest or its server is to blame, failed where the network is.
    /// </summary>
    public int ExitCode { get; } = exitCode;
}
