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
    private List<NounPhrase> _held = [];
    private RobotActionKind _last;

    /// <summary>Reads an order.</summary>
    /// <exception cref="ReadingException">It means nothing.</exception>
    public Order Read(ParseNode piece)
    {
        var order = new Order();
        foreach (var child in piece.Children)
        {
            if (child.Label == "any" || child.IsTerminal) continue;
            var part = child.Label == "purpose" ? new Order { Constraints = Purpose(child) }
                : Constraint(child) is { } constraint ? new Order { Constraints = [constraint] } : One(child);
            order = new Order
            {
                Steps = [.. order.Steps, .. part.Steps],
                Avoid = [.. order.Avoid, .. part.Avoid],
                Constraints = [.. order.Constraints, .. part.Constraints],
                Incomplete = part.Incomplete == RobotActionKind.None ? order.Incomplete : part.Incomplete,
            };
        }

        return order;
    }

    /// <summary>What a part limits; null if it limits nothing.</summary>
    public Constraint? Constraint(ParseNode node)
    {
        var name = node.Label == "repeat" ? "repetition" : node.Label;
        return SnakeCase.TryParse<ConstraintKind>(name, out var kind) ? Limit(kind, node) : null;
    }

    private Constraint Limit(ConstraintKind kind, ParseNode node) => new(kind, descriptions.Text(node));

    /// <summary>"so he can rest" explains; "so he can rest if he wants" limits.</summary>
    private IReadOnlyList<Constraint> Purpose(ParseNode node) =>
        tokens.Take(node.Start..node.End).Any(token => lexicon.NotPlain.Contains(token.Word))
            ? [Limit(ConstraintKind.Condition, node)]
            : [];

    private Order One(ParseNode node) => node.Label switch
    {
        "away" => new Order { Avoid = Avoid(node), Constraints = Vague(node) },
        "around" => new Order
        {
            Avoid = [new Avoidance(descriptions.One(node.Child("np")!))],
            Steps = Steps(RobotActionKind.GoTo, Objects(node)),
        },
        "missing" => new Order { Incomplete = node.Children[0].As<RobotActionKind>() },
        _ => new Order { Steps = StepsOf(node) },
    };

    private List<CommandStep> StepsOf(ParseNode node) => node.Label switch
    {
        "resume" => [new CommandStep(RobotActionKind.Resume, null, null)],
        "come" => Steps(RobotActionKind.GoTo,
            [new NounPhrase { Text = descriptions.Text(node), Noun = ["person"], IsSpeaker = true, IsNamed = true }]),
        "see" => Steps(RobotActionKind.Report,
            [new NounPhrase { Text = "everything in sight", Quantity = Quantity.All, IsNamed = true }]),
        "find" or "where" or "ask" => Report(node),
        "unknown" => Unknown(node),
        "give" => Deed(node, RobotActionKind.Bring),
        "go" => Deed(node, RobotActionKind.GoTo),
        "look" => Deed(node, RobotActionKind.LookAt),
        // Without "and" only what is put somewhere goes on: "the cup on the table, the bowl on the chair".
        "more" =>
            node.Start > 0 && (tokens[node.Start - 1].Word == "and" || _last == RobotActionKind.Place)
                ? Deed(node, _last) : throw new ReadingException(),
        "pick" or "bring" or "place" or "follow" => Deed(node, SnakeCase.Parse<RobotActionKind>(node.Label)),
        _ => throw new ReadingException(),
    };

    /// <summary>An order whose verb stands in no list: what it asks for is left open.</summary>
    private List<CommandStep> Unknown(ParseNode node)
    {
        // "… and stared at the dog" tells, and orders nothing; "heed" and "feed" are no past.
        if (tokens[node.Start].Word is [_, _, .., not 'e', 'e', 'd']) throw new ReadingException();
        var objects = Objects(node);
        var to = node.Child("to");
        var place = to?.Child("np") is { } np ? descriptions.One(np) : null;
        return objects.ConvertAll(target => To(new CommandStep(RobotActionKind.None, target, place)
        {
            UnknownVerb = tokens[node.Start].Word,
            UnknownOrder = descriptions.Text(node),
        }, to));
    }

    private List<CommandStep> Deed(ParseNode node, RobotActionKind action)
    {
        if (action == RobotActionKind.None) throw new ReadingException();
        _last = action;
        // What was picked up is what "it" means to the hands, whatever was driven to in between.
        if (_held.Count > 0 && action is RobotActionKind.Place or RobotActionKind.Bring) descriptions.Last = _held[^1];
        var recipient = node.Label == "give" ? descriptions.One(node.Child("np")!) : null;
        var objects = Objects(node);
        // "get the vase and the clock and put them on the table": both of them.
        if (_held.Count > 1 && objects.Count == 1
            && node.Child("objects")?.All().Any(child => child.Label == "them") == true) objects = _held;
        if (action == RobotActionKind.Pick) _held = objects;
        if (recipient is not null)
        {
            // "it" may have meant a thing.
            if (!IsPerson(recipient)) throw new ReadingException();
            var text = "to " + recipient.Text;
            return objects.ConvertAll(target => new CommandStep(action, target, recipient) { DestinationText = text });
        }

        if (node.Children.LastOrDefault(child => child.Label == "to") is not { } to)
        {
            return action == RobotActionKind.Place && lexicon.NeedsPlace(tokens[node.Start].Word)
                ? [new CommandStep(action, objects[^1], null) { LacksDestination = true }]
                : Steps(action, objects);
        }

        var place = descriptions.One(to.Child("np")!);
        // "to the left" is a direction and no thing.
        if (place is { Noun.Count: 0, IsNamed: false, Called: null, IsSpeaker: false }) throw new ReadingException();
        // Handing something to a person is bringing.
        var isHanded = to.Phrase("relations") is null && IsPerson(place);
        if (action == RobotActionKind.Place && isHanded) action = RobotActionKind.Bring;
        return objects.ConvertAll(target => To(new CommandStep(action, target, place), to));
    }

    private CommandStep To(CommandStep step, ParseNode? to) => to is null ? step : step with
    {
        DestinationText = descriptions.Text(to),
        // What is put there would rest on it, or fall on it.
        IsOnto = to.Has("=onto") || to.Has("=into")
            || to.Phrase("relations")?.Meaning is "on" or "in" or "above" or "under",
    };

    private List<NounPhrase> Objects(ParseNode node)
    {
        if (node.Child("objects") is { } objects) return descriptions.Objects(objects);
        var np = (node.Child("beside") ?? node).Descriptions.LastOrDefault();
        return [descriptions.One(np ?? throw new ReadingException())];
    }

    private static List<CommandStep> Steps(RobotActionKind action, List<NounPhrase> objects) =>
        // "bring me" names nobody to be brought.
        action is RobotActionKind.Bring or RobotActionKind.Pick or RobotActionKind.Place
            && objects.Exists(phrase => phrase.IsSpeaker)
            ? throw new ReadingException()
            : objects.ConvertAll(target => new CommandStep(action, target, null));

    private List<CommandStep> Report(ParseNode node)
    {
        var phrase = node.Phrase("verbs:report");
        var verb = phrase is null ? [] : tokens.Take(phrase.Start..phrase.End);
        var counts = verb.Any(token => lexicon.Counts(token.Word));
        var open = node.Label == "ask" || verb.Any(token => lexicon.IsOpenQuestion(token.Word));
        return Asked(node).ConvertAll(target => new CommandStep(
            RobotActionKind.Report, counts ? target with { Quantity = Quantity.All } : target, null)
        {
            Counts = counts,
            IsOpenQuestion = open,
        });
    }

    /// <summary>"which cup is red", "who is moving": what is said of the objects describes them.</summary>
    private List<NounPhrase> Asked(ParseNode node)
    {
        var said = descriptions.Predicate(node);
        if (node.Has("objects"))
        {
            var objects = Objects(node);
            return said is null ? objects : objects.ConvertAll(phrase => phrase with
            {
                Text = $"{phrase.Text} {said.Text}",
                Modifiers = [.. phrase.Modifiers, .. said.Modifiers],
            });
        }

        if (said is null) throw new ReadingException();
        var who = node.Child("<asking>") is { } asking && lexicon.IsPerson(tokens[asking.Start].Word);
        return [said with { Noun = who ? ["person"] : [], IsNamed = true }];
    }

    private List<Avoidance> Avoid(ParseNode node)
    {
        double? metres = node.Child("distance") is { } distance ? Metres(distance) : null;
        // To avoid "a dog or a cat" is to avoid every one of both.
        var each = Objects(node).SelectMany(phrase => phrase.Alternatives.Prepend(phrase with { Alternatives = [] }));
        return [.. each.Select(one => one.Quantity == Quantity.Any ? one with { Quantity = Quantity.All } : one)
            .Select(one => new Avoidance(one, metres)), .. Also(node).SelectMany(Avoid)];
    }

    /// <summary>"a few feet" is a distance, too, and not lost for want of a figure; nor is "0 m" none.</summary>
    private IReadOnlyList<Constraint> Vague(ParseNode node)
    {
        var vague = node.Children.Where(child =>
            child.Label == "vague" || (child.Label == "distance" && Metres(child) <= 0));
        return [.. vague.Select(child => Limit(ConstraintKind.Distance, child)), .. Also(node).SelectMany(Vague)];
    }

    private static IEnumerable<ParseNode> Also(ParseNode node) => node.Children.Where(child => child.Label == "also");

    /// <summary>"2 m", "half a metre", "a metre and a half", "a couple of feet", "6 feet 2 inches".</summary>
    private static double Metres(ParseNode node)
    {
        double total = 0, unit = 0, number = node.Has("=couple") ? 2 : node.Has("=half") && !node.Has("=and") ? 0 : 1;
        foreach (var child in node.Children)
        {
            if (child.Label == "<number>") number = child.Figure();
            if (child.Label == "<length-units>") total += number * (unit = child.Figure());
        }

        return node.Has("=half") ? total + unit / 2 : total;
    }

    private bool IsPerson(NounPhrase phrase) => phrase.IsSpeaker || (phrase.Noun.Count > 0
        && lexicon.CanMean(lexicon.Singular(phrase.Noun[^1]), label => label == "person"));
}
