namespace EdgePerception.EndToEnd.Tests.Service;

/// <summary>A test that runs with <c>make test-long</c> alone.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LongFactAttribute : FactAttribute
{
    public LongFactAttribute() => Skip = Trials.AreMany ? null : "takes half an hour: make test-long";
}
