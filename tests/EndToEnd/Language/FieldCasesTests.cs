namespace EdgePerception.EndToEnd.Tests.Language;

/// <summary>Sentences that users of such robots complain about, each with others of its kind.</summary>
public class FieldCasesTests
{
    // Kinds of sentence come with what must not move and with look-alikes that must be understood.
    private const int MinOfAKind = 12;
    private const int MinOfASide = 3;

    public static TheoryData<string> Files => [.. FieldCases.Files];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_sentence_is_understood_as_it_is_meant(string file)
    {
        var cases = FieldCases.Load(file).Where(asked => !FieldCases.IsGap(asked)).ToList();
        var faults = cases.Select(FieldCases.Fault).OfType<string>().ToList();
        Assert.True(faults.Count == 0, $"{file}: {faults.Count} of {cases.Count} wrong\n{string.Join('\n', faults)}");
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_expectation_names_only_what_is_in_sight(string file) => Assert.All(FieldCases.Load(file), asked =>
    {
        var seen = asked.Objects.Select(item => item["id"]!.GetValue<string>()).ToHashSet();
        Assert.All(asked.Expectation.Ids, id => Assert.Contains(id, seen));
    });

    [Fact]
    public void A_known_gap_that_is_understood_now_leaves_the_list()
    {
        var cases = FieldCases.Files.SelectMany(FieldCases.Load).ToList();
        Assert.All(FieldCases.Gaps, gap => Assert.Contains(cases, asked => asked.Id == gap.Split(' ')[0]));
        Assert.All(
            cases.Where(asked => FieldCases.Gaps.Contains(asked.Id)), asked => Assert.NotNull(FieldCases.Fault(asked)));
    }

    [Fact]
    public void Every_id_stands_once()
    {
        var ids = FieldCases.Files.SelectMany(FieldCases.Load).Select(asked => asked.Id).ToList();
        Assert.Equal(ids.Distinct(), ids);
    }

    [Fact]
    public void Every_kind_has_siblings_on_both_sides()
    {
        var kinds = FieldCases.Files.Where(file => !FieldCases.Files.Contains(file + "-siblings")).ToList();
        Assert.All(kinds, kind =>
        {
            var cases = FieldCases.Load(kind);
            var still = cases.Count(asked => asked.Expectation.IsStill);
            Assert.InRange(cases.Count, MinOfAKind, int.MaxValue);
            Assert.InRange(Math.Min(still, cases.Count - still), MinOfASide, int.MaxValue);
        });
    }
}
