namespace EdgePerception.Policy.Language;

/// <summary>What one order asks for.</summary>
internal sealed record Order
{
    /// <summary>The steps in order.</summary>
    public IReadOnlyList<CommandStep> Steps { get; init; } = [];

    /// <summary>What to keep away from.</summary>
    public IReadOnlyList<Avoidance> Avoid { get; init; } = [];

    /// <summary>What limits it.</summary>
    public IReadOnlyList<Constraint> Constraints { get; init; } = [];

    /// <summary>The action whose object is missing.</summary>
    public RobotActionKind Incomplete { get; init; }
}

/// <summary>Builds the steps of one order from its part of a reading. Used by one thread, for one reading.</summary>
internal sealed class StepBuilder(IReadOnlyList<Token> tokens, Lexicon lexicon, DescriptionBuilder descriptions)
{
    private static readonly Dictionary<string, ConstraintKind> Constraints = new(StringComparer.Ordinal)
    {
        ["time"] = ConstraintKind.Time,
        ["duration"] = ConstraintKind.Duration,
        ["distance"] = ConstraintKind.Distance,
        ["speed"] = ConstraintKind.Speed,
        ["until"] = ConstraintKind.Until,
        ["repeat"] = ConstraintKind.Repetition,
        ["condition"] = ConstraintKind.Condition,
    };

    private NounPhrase? _held;
    private RobotActionKind _last;

    /// <summary>Reads an order.</summary>
    /// <exception cref="ReadingException">It means nothing.</exception>
    public Order Read(ParseNode piece)
    {
        var order = new Order();
        foreach (var child in piece.Children)
        {
            if (child.Label == "purpose") order = order with { Constraints = [.. order.Constraints, .. Purpose(child)] };
            else if (Constraint(child) is { } constraint) order = order with { Constraints = [.. order.Constraints, constraint] };
            else if (child.Label != "any" && !child.Label.StartsWith('<') && !child.Label.StartsWith('=')) order = Join(order, One(child));
        }

        return order;
    }

    /// <summary>"so he can rest" explains; "so he can rest if he wants" limits.</summary>
    private IEnumerable<Constraint> Purpose(ParseNode node) =>
        Enumerable.Range(node.Start, node.End - node.Start).Any(i => lexicon.NotPlain.Contains(tokens[i].Word))
            ? [new Constraint(ConstraintKind.Condition, descriptions.Text(node))]
            : [];

    private static Order Join(Order order, Order other) => order with
    {
        Steps = [.. order.Steps, .. other.Steps],
        Avoid = [.. order.Avoid, .. other.Avoid],
        Constraints = [.. order.Constraints, .. other.Constraints],
        Incomplete = other.Incomplete == RobotActionKind.None ? order.Incomplete : other.Incomplete,
    };

    /// <summary>What a part limits; none where it limits nothing.</summary>
    public Constraint? Constraint(ParseNode node) =>
        Constraints.TryGetValue(node.Label, out var kind) ? new Constraint(kind, descriptions.Text(node)) : null;

    private Order One(ParseNode node)
    {
        var action = node.Label switch
        {
            "pick" => RobotActionKind.Pick,
            "bring" or "give" => RobotActionKind.Bring,
            "place" => RobotActionKind.Place,
            "go" or "come" or "around" => RobotActionKind.GoTo,
            "follow" => RobotActionKind.Follow,
            "look" => RobotActionKind.LookAt,
            "find" or "where" or "see" or "ask" => RobotActionKind.Report,
            "resume" => RobotActionKind.Resume,
            "away" => RobotActionKind.Avoid,
            "more" => _last,
            _ => RobotActionKind.None,
        };
        switch (node.Label)
        {
            case "resume":
                return new Order { Steps = [new CommandStep(action, null, null)] };
            case "away":
                return new Order { Avoid = Avoid(node), Constraints = Vague(node) };
            case "around":
                return new Order { Avoid = [new Avoidance(descriptions.One(node.Child("np")!))], Steps = Steps(action, Objects(node)) };
            case "missing":
                return new Order { Incomplete = Verb(node) };
            case "come":
                return new Order { Steps = [new CommandStep(action, Speaker(node), null)] };
            case "see":
                var all = new NounPhrase { Text = "everything in sight", Quantity = Quantity.All, IsNamed = true };
                return new Order { Steps = [new CommandStep(action, all, null)] };
            case "find" or "where" or "ask":
                return new Order { Steps = Report(node) };
            case "unknown":
                return new Order { Steps = Unknown(node) };
            default:
                return new Order { Steps = Deed(node, action) };
        }
    }

    /// <summary>An order whose verb stands in no list: what it asks for is left open.</summary>
    private List<CommandStep> Unknown(ParseNode node)
    {
        var objects = Objects(node);
        var to = node.Child("to");
        var place = to?.Child("np") is { } np ? descriptions.One(np) : null;
        return [.. objects.Select(target => new CommandStep(RobotActionKind.None, target, place)
        {
            UnknownVerb = tokens[node.Start].Word,
            UnknownOrder = descriptions.Text(node),
            DestinationText = to is null ? "" : descriptions.Text(to),
            IsOnto = to is not null && IsOnto(to),
        })];
    }

    private List<CommandStep> Deed(ParseNode node, RobotActionKind action)
    {
        if (action == RobotActionKind.None) throw new ReadingException();
        _last = action;
        // What was picked up is what "it" means to the hands, whatever was driven to in between.
        if (_held is not null && action is RobotActionKind.Place or RobotActionKind.Bring) descriptions.Last = _held;
        var recipient = node.Label == "give" ? descriptions.One(node.Child("np")!) : null;
        var objects = Objects(node);
        if (action == RobotActionKind.Pick) _held = objects[^1];
        if (recipient is not null)
        {
            // "it" may have meant a thing.
            if (!IsPerson(recipient)) throw new ReadingException();
            return [.. objects.Select(target => new CommandStep(action, target, recipient) { DestinationText = "to " + recipient.Text })];
        }

        if (node.Children.LastOrDefault(child => child.Label == "to") is not { } to)
        {
            if (action == RobotActionKind.Place && lexicon.NeedsPlace(tokens[node.Start].Word)) return [new CommandStep(action, objects[^1], null) { LacksDestination = true }];
            return Steps(action, objects);
        }

        var place = descriptions.One(to.Child("np")!);
        // "to the left" is a direction and no thing.
        if (place is { Noun.Count: 0, IsNamed: false, Called: null, IsSpeaker: false }) throw new ReadingException();
        // Handing something to a person is bringing.
        if (action == RobotActionKind.Place && !to.Children.Any(child => child.Label.StartsWith("<relations", StringComparison.Ordinal))
            && IsPerson(place) && node.Has("<verbs:pick>")) action = RobotActionKind.Bring;
        return [.. objects.Select(target => new CommandStep(action, target, place) { DestinationText = descriptions.Text(to), IsOnto = IsOnto(to) })];
    }

    /// <summary>Whether what is put there would rest on it, or fall on it.</summary>
    private static bool IsOnto(ParseNode to) => to.Children.Any(child => child is { Label: "=onto" or "=into" }
        || (child.Label.StartsWith("<relations", StringComparison.Ordinal) && child.Meaning is "on" or "in" or "above" or "under"));

    private List<NounPhrase> Objects(ParseNode node)
    {
        if (node.Child("objects") is { } objects) return descriptions.Objects(objects);
        var beside = node.Child("beside");
        return [descriptions.One((beside ?? node).Children.LastOrDefault(child => child.Label == "np") ?? throw new ReadingException())];
    }

    private static List<CommandStep> Steps(RobotActionKind action, List<NounPhrase> objects) =>
        // "bring me" names nobody to be brought.
        action is RobotActionKind.Bring or RobotActionKind.Pick or RobotActionKind.Place && objects.Exists(phrase => phrase.IsSpeaker)
            ? throw new ReadingException() : [.. objects.Select(target => new CommandStep(action, target, null))];

    private List<CommandStep> Report(ParseNode node)
    {
        var verb = node.Children.FirstOrDefault(child => child.Label.StartsWith("<verbs:report", StringComparison.Ordinal));
        var counts = verb is not null && lexicon.Counts(tokens, verb.Start, verb.End);
        var open = node.Label == "ask" || (verb is not null && lexicon.IsOpenQuestion(tokens, verb.Start, verb.End));
        return [.. Asked(node).Select(target => new CommandStep(RobotActionKind.Report, counts ? target with { Quantity = Quantity.All } : target, null)
        {
            Counts = counts,
            IsOpenQuestion = open,
        })];
    }

    /// <summary>"which cup is red", "who is moving": what is said of the objects describes them.</summary>
    private List<NounPhrase> Asked(ParseNode node)
    {
        var said = descriptions.Predicate(node);
        if (node.Child("objects") is null)
        {
            if (said is null) throw new ReadingException();
            var who = node.Child("<asking>") is { } asking && lexicon.IsPerson(tokens[asking.Start].Word);
            return [said with { Noun = who ? ["person"] : [], IsNamed = true }];
        }

        var objects = Objects(node);
        return said is null ? objects : [.. objects.Select(phrase => phrase with { Text = $"{phrase.Text} {said.Text}", Modifiers = [.. phrase.Modifiers, .. said.Modifiers] })];
    }

    private List<Avoidance> Avoid(ParseNode node)
    {
        double? metres = node.Child("distance") is { } distance ? Metres(distance) : null;
        // To avoid "a dog or a cat" is to avoid every one of both.
        return [.. Objects(node).SelectMany(phrase => phrase.Alternatives.Prepend(phrase with { Alternatives = [] }))
            .Select(phrase => new Avoidance(phrase.Quantity == Quantity.Any ? phrase with { Quantity = Quantity.All } : phrase, metres)),
            .. node.Children.Where(child => child.Label == "also").SelectMany(Avoid)];
    }

    /// <summary>"a few feet" is a distance, too, and must not be lost because it names no figure; nor is "0 m" none.</summary>
    private IReadOnlyList<Constraint> Vague(ParseNode node) =>
        [.. node.Children.Where(child => child.Label == "vague" || (child.Label == "distance" && Metres(child) <= 0)).Select(child => new Constraint(ConstraintKind.Distance, descriptions.Text(child))),
            .. node.Children.Where(child => child.Label == "also").SelectMany(Vague)];

    /// <summary>"2 m", "half a metre", "a metre and a half", "a couple of feet", "6 feet 2 inches".</summary>
    private static double Metres(ParseNode node)
    {
        double total = 0, unit = 0, number = node.Has("=couple") ? 2 : node.Has("=half") && !node.Has("=and") ? 0 : 1;
        foreach (var child in node.Children)
        {
            if (child.Label == "<number>") number = Number(child);
            if (child.Label == "<length-units>") total += number * (unit = Number(child));
        }

        return node.Has("=half") ? total + unit / 2 : total;
    }

    private static double Number(ParseNode node) => double.Parse(node.Meaning, System.Globalization.CultureInfo.InvariantCulture);

    private static int VerbEnd(ParseNode node) => node.Child("objects")!.Start;

    private static RobotActionKind Verb(ParseNode node) =>
        SnakeCase.Parse<RobotActionKind>(node.Children[0].Meaning);

    private NounPhrase Speaker(ParseNode node) => new() { Text = descriptions.Text(node), Noun = ["person"], IsSpeaker = true, IsNamed = true };

    private bool IsPerson(NounPhrase phrase) => phrase.IsSpeaker
        || (phrase.Noun.Count > 0 && (lexicon.Meanings(lexicon.Singular(phrase.Noun[^1]))?.Any(meaning => meaning.Label == "person") ?? false));
}
