namespace EdgePerception.Runtime.Yaml;

/// <summary>Finds the name that a person most likely meant.</summary>
public static class NearestName
{
    /// <summary>
    /// Answers <c>; did you mean 'x'?</c> for the closest of the names, or nothing when none is close.
    /// </summary>
    public static string Hint(string given, IEnumerable<string> names)
    {
        var best = names.Select(name => (Name: name, Distance: Distance(given, name)))
            .OrderBy(candidate => candidate.Distance).FirstOrDefault();
        // Less than the name's length: two letters changed in a name of two are another name.
        return best.Name is not null && best.Distance <= Math.Max(2, best.Name.Length / 3)
            && best.Distance < best.Name.Length
            ? $"; did you mean '{best.Name}'?"
            : "";
    }

    // Optimal string alignment (Damerau-Levenshtein without repeated edits): a swap of neighbours counts one.
    private static int Distance(string a, string b)
    {
        if (a.Length > 64 || b.Length > 64) return int.MaxValue;
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) d[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) d[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var change = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1;
                d[i, j] = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }

        return d[a.Length, b.Length];
    }
}
