namespace EdgePerception.EndToEnd.Tests.Language;

/// <summary>No verdict hangs on the very words of a field case: its variants are understood alike.</summary>
public class SwappedFieldCasesTests
{
    public static TheoryData<string> Files => [.. FieldCases.Files];

    [Theory]
    [MemberData(nameof(Files))]
    public void Other_words_order_case_and_punctuation_change_no_verdict(string file)
    {
        var variants =
            FieldCases.Load(file).SelectMany(FieldVariants.Of).Where(asked => !FieldCases.IsGap(asked)).ToList();
        var faults = variants.Select(FieldCases.Fault).OfType<string>().ToList();
        var report = string.Join('\n', faults);
        Assert.True(faults.Count == 0, $"{file}: {faults.Count} of {variants.Count} wrong\n{report}");
    }

    [Fact]
    public void Variants_are_the_same_in_every_run()
    {
        var cases = FieldCases.Load("K12");
        Assert.Equal(Commands(cases), Commands(cases));
    }

    [Fact]
    public void A_swap_changes_the_sentence_and_the_scene_alike()
    {
        var swapped = FieldSwap.Of(FieldCases.Load("K13").First(one => one.Command == "follow person 22"), 1);
        var id = swapped.Command.Split(' ')[^1];
        Assert.NotEqual("22", id);
        Assert.Equal(id, swapped.Expect);
        Assert.Contains(swapped.Objects, item => item["id"]!.GetValue<string>() == id);
    }

    private static IEnumerable<string> Commands(IEnumerable<FieldCase> cases) =>
        cases.SelectMany(FieldVariants.Of).Select(one => one.Command);
}
