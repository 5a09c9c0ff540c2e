namespace EdgePerception.Policy.Commands;

/// <summary>How far a controller is with an action.</summary>
public enum PartProgress
{
    /// <summary>At work.</summary>
    Running,

    /// <summary>It has done its part.</summary>
    Succeeded,

    /// <summary>It could not.</summary>
    Failed,

    /// <summary>It broke off.</summary>
    Cancelled,
}

/// <summary>The parts that controllers have in one action, by their names. Owned by the loop.</summary>
internal sealed class ActionParts
{
    private readonly Dictionary<string, Part> _parts = [];
    private readonly List<string> _refusals = [];

    private enum Part
    {
        Asked,
        Accepted,
        Succeeded,
        Out,
    }

    /// <summary>Whether somebody may still move for it, or yet begin to.</summary>
    public bool IsAtWork => _parts.ContainsValue(Part.Asked) || _parts.ContainsValue(Part.Accepted);

    /// <summary>Whether all who took it on have done it.</summary>
    public bool IsDone => _parts.ContainsValue(Part.Succeeded) && !_parts.ContainsValue(Part.Accepted);

    /// <summary>Whether nobody is left who could take it on.</summary>
    public bool IsRefused => _parts.Count > 0 && _parts.Values.All(part => part == Part.Out);

    /// <summary>Why not, controller by controller.</summary>
    public string Refusals => string.Join("; ", _refusals);

    /// <summary>Those that are sent the action.</summary>
    public void Ask(IEnumerable<string> controllers)
    {
        foreach (var name in controllers) _parts[name] = Part.Asked;
    }

    /// <summary>A controller takes the action on; false where it did so before, or is out.</summary>
    public bool Accept(string name) => Move(name, Part.Asked, Part.Accepted);

    /// <summary>A controller will not; false where it took it on before, or is out.</summary>
    public bool Refuse(string name, string reason)
    {
        if (!Move(name, Part.Asked, Part.Out)) return false;
        _refusals.Add(reason.Length == 0 ? name : $"{name}: {reason}");
        return true;
    }

    /// <summary>A controller that was asked is gone; false where it was not, took it on before, or is out.</summary>
    public bool Lose(string name, string reason) => _parts.ContainsKey(name) && Refuse(name, reason);

    /// <summary>A controller that took it on has done its part.</summary>
    public bool Succeed(string name) => Move(name, Part.Accepted, Part.Succeeded);

    /// <summary>A controller that took it on stops; false where it did not.</summary>
    public bool Leave(string name) => Move(name, Part.Accepted, Part.Out);

    private bool Move(string name, Part from, Part to)
    {
        // One that registered while the action was on its way to the others is as good as asked.
        if (_parts.GetValueOrDefault(name, Part.Asked) != from) return false;
        _parts[name] = to;
        return true;
    }
}
