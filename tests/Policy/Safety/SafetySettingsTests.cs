using System.ComponentModel.DataAnnotations;
using EdgePerception.Policy.Safety;

namespace EdgePerception.Policy.Tests.Safety;

public class SafetySettingsTests
{
    [Fact]
    public void The_defaults_are_a_ladder() => Assert.Empty(Faults(new SafetySettings()));

    [Theory]
    [InlineData(1000, 1000)]
    [InlineData(1000, 999)]
    public void A_halt_must_come_after_the_degrade(int degrade, int halt)
    {
        var fault = Assert.Single(Faults(new SafetySettings { DegradeAfterMs = degrade, HaltAfterMs = halt }));
        Assert.Equal($"{degrade} must be less than haltAfterMs, {halt}", fault.ErrorMessage);
        Assert.Equal([nameof(SafetySettings.DegradeAfterMs)], fault.MemberNames);
    }

    [Theory]
    [InlineData(49, 3000, 500)]
    [InlineData(60_001, 600_000, 500)]
    [InlineData(50, 99, 500)]
    [InlineData(1000, 600_001, 500)]
    [InlineData(1000, 3000, -1)]
    [InlineData(1000, 3000, 60_001)]
    public void Times_out_of_range_are_refused(int degrade, int halt, int recover) =>
        Assert.NotEmpty(
            Faults(new SafetySettings { DegradeAfterMs = degrade, HaltAfterMs = halt, RecoverAfterMs = recover }));

    private static List<ValidationResult> Faults(SafetySettings settings)
    {
        List<ValidationResult> faults = [];
        Validator.TryValidateObject(settings, new ValidationContext(settings), faults, validateAllProperties: true);
        return faults;
    }
}
