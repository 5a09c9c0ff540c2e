using System.Text;

namespace EdgePerception.Fusion.Inference.Engines;

/// <summary>
/// Reads what another process writes, of which nothing is sure: not that lines end, nor that they are few.
/// </summary>
internal static class BoundedLines
{
    private const int LongestLine = 4096;

    /// <summary>Hands out each line until the end; of one that is too long only its beginning.</summary>
    public static async Task ReadAsync(TextReader reader, Action<string> take)
    {
        var line = new StringBuilder();
        var block = new char[1024];
        try
        {
            while (await reader.ReadAsync(block.AsMemory()).ConfigureAwait(false) is > 0 and var count)
            {
                foreach (var letter in block.AsSpan(0, count))
                {
                    if (letter == '\n')
                    {
                        take(line.ToString());
                        line.Clear();
                    }
                    else if (line.Length < LongestLine)
                    {
                        line.Append(letter);
                    }
                }
            }

            if (line.Length > 0) take(line.ToString());
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The process is gone and its pipe with it.
        }
    }
}
