namespace EdgePerception.Policy.Language;

/// <summary>
/// Folds the pieces of an utterance to one reading: orders become steps, what limits or forbids them is never dropped,
/// and what is no order is named as what it is. Used by one thread, for one reading.
/// </summary>
internal sealed class ReadingBuilder
{
    /// <summary>What makes a request of a question: "could you …?", "…, will you?", "can I have …?".</summary>
    private static readonly List<string> Requests =
        ["<politeness>", "<trailing>", "<gerund-leads>", "<want>", "<idioms>"];

    private readonly string _text;
    private readonly IReadOnlyList<Token> _tokens;
    private readonly Lexicon _lexicon;
    private readonly DescriptionBuilder _descriptions;
    private readonly StepBuilder _stepBuilder;
    private readonly List<CommandStep> _steps = [];
    private readonly List<Avoidance> _avoid = [];
    private readonly List<Constraint> _constraints = [];
    private readonly List<(SpeechAct Act, string Text)> _against = [];
    private readonly List<(Order Order, string Text)> _contrasts = [];
    private RobotActionKind _incomplete;
    private Fragment? _fragment;
    private SpeechAct _act;
    private int _lastOrder;
    private bool _alternative;
    private bool _takesBack;
    private bool _ceases;
    private bool _ordered;
    private string? _forbidden;
    private bool _corrects;
    private bool _requested;
    private string? _doubtful;
    private readonly NounPhrase? _antecedent;

    /// <summary>Creates a builder for one reading.</summary>
    public ReadingBuilder(string text, IReadOnlyList<Token> tokens, Lexicon lexicon, NounPhrase? antecedent)
    {
        (_text, _tokens, _lexicon, _antecedent) = (text, tokens, lexicon, antecedent);
        _descriptions = new DescriptionBuilder(tokens, lexicon, antecedent);
        _stepBuilder = new StepBuilder(tokens, lexicon, _descriptions);
    }

    /// <summary>The reading of a path.</summary>
    /// <exception cref="ReadingException">It means nothing.</exception>
    public ParsedCommand Build(UtterancePath path)
    {
        for (var i = 0; i < path.Pieces.Count; i++) Take(path.Pieces[i], i == path.Pieces.Count - 1);
        // "follow the dog and then": half a sentence.
        if (path.Pieces is [.., { Label: "and" or "or" }, { Label: "filler" } rest])
            Against(SpeechAct.Fragment, _descriptions.Text(rest));
        var described = _steps.SelectMany(step => step.Described).Concat(_avoid.Select(one => one.What))
            .Distinct(ReferenceEqualityComparer.Instance).Cast<NounPhrase>();
        var unread = UnreadWord.Of(_tokens, path.Unread).Concat(described.SelectMany(Unread))
            .OrderBy(word => word.Place.Start.Value).ToList();
        return Finish(unread.Count > 0) with
        {
            Price = path.Price,
            Tokens = _tokens,
            Pieces = path.Pieces,
            Unread = unread,
            IsCorrected = _corrects || _descriptions.IsCorrected,
            Antecedent = _descriptions.UsesAntecedent ? _antecedent : null,
        };
    }

    private void Take(ParseNode piece, bool last)
    {
        var text = _descriptions.Text(piece);
        switch (piece.Label)
        {
            case "order":
                TakeOrder(_stepBuilder.Read(piece));
                _requested |= piece.All().Any(node => Requests.Contains(node.Label));
                break;
            case "retraction" or "refusal":
                if (piece.Label == "refusal") _forbidden = text;
                TakeBack(0);
                break;
            case "cease":
                _ceases = true;
                TakeBack(0);
                break;
            case "correction" or "no":
                var isCorrected = _steps.Count + _avoid.Count > 0;
                if (isCorrected) TakeBack(last ? 0 : _lastOrder);
                else if (!last) _takesBack = false;
                _corrects |= isCorrected && !last;
                if (last || (!isCorrected && piece.Label == "no"))
                    _fragment = Said with { Denies = true, Contradicts = Said.Agrees || !Said.IsBare };
                break;
            case "yes":
                _fragment = Said with { Agrees = true, Contradicts = Said.Denies || IsQuestioned(_text) };
                break;
            case "condition" or "constraint":
                _constraints.AddRange(piece.All().Select(_stepBuilder.Constraint).OfType<Constraint>().Take(1));
                if (piece.Label == "condition" && _constraints.Count == 0)
                    _constraints.Add(new Constraint(ConstraintKind.Condition, text));
                break;
            case "or":
                _alternative |= _steps.Count > 0;
                break;
            case "counting":
                _descriptions.CountsFrom = Below(piece, "<scales>")!.As<Scale>();
                break;
            case "fragment":
                TakeFragment(piece);
                break;
            case "question" or "statement" or "remark":
                TakeRemark(piece, text);
                break;
            case "thanks":
                Note(SpeechAct.Courtesy);
                break;
            case "denial":
                if (_ordered) Against(SpeechAct.Prohibition, text);
                _fragment = Said with { Denies = true, Excluded = _descriptions.One(Below(piece, "np")!) };
                break;
            case "prohibition" when piece.Has("doubt"):
                _doubtful = text;
                break;
            case "prohibition" when piece.Child("contrast") is { } contrast:
                _contrasts.Add((_stepBuilder.Read(contrast), text));
                break;
            case "and" or "filler":
                break;
            // "I need something to write with": a thing is wished for, and nobody.
            case "wish" when piece.All().Any(node => node.Label == "np" && node.Has("thing")):
                throw new ReadingException();
            default:
                Against(ActOf(piece.Label), text);
                break;
        }
    }

    private static SpeechAct ActOf(string label) => label switch
    {
        "reported" => SpeechAct.Quotation,
        "addressee" => SpeechAct.Address,
        _ => SnakeCase.TryParse<SpeechAct>(label, out var act) ? act : SpeechAct.Demand,
    };

    private Fragment Said => _fragment ?? new Fragment();

    private void TakeOrder(Order order)
    {
        _ordered = true;
        if (_forbidden is not null) Against(SpeechAct.Prohibition, _forbidden);
        _lastOrder = _steps.Count;
        _takesBack = false;
        if (!MergeSearch(order.Steps)) _steps.AddRange(order.Steps);
        _avoid.AddRange(order.Avoid);
        _constraints.AddRange(order.Constraints);
        if (order.Incomplete != RobotActionKind.None) _incomplete = order.Incomplete;
    }

    /// <summary>"find the cup and bring it to me" asks for the cup; finding it goes without saying.</summary>
    private bool MergeSearch(IReadOnlyList<CommandStep> steps)
    {
        if (_steps is not [.., { Action: RobotActionKind.Report or RobotActionKind.LookAt } search]) return false;
        if (steps is not [{ Target: { } target } first, ..] || !ReferenceEquals(target, search.Target)) return false;
        if (search.Action == RobotActionKind.LookAt && first.Action == RobotActionKind.Follow) return false;
        _steps.RemoveAt(_steps.Count - 1);
        _steps.AddRange(steps);
        return true;
    }

    private void TakeBack(int from)
    {
        _takesBack = true;
        from = Math.Min(from, _steps.Count);
        _steps.RemoveRange(from, _steps.Count - from);
        if (from == 0) _avoid.Clear();
    }

    /// <summary>An object beside an order ("the cup on the left, bring it to me") or, alone, an answer.</summary>
    private void TakeFragment(ParseNode piece)
    {
        var named = piece.All().FirstOrDefault(node => node.Label == "objects" && (node.Has("np") || node.Has("or")));
        // Without a pause "no red" may mean either; "no the red one" corrects.
        var contradicts = Said.Denies && piece.Start > 0 && _tokens[piece.Start].Pause == Pause.None
            && _tokens[piece.Start - 1].Word == "no" && !_lexicon.FunctionWords.Contains(_tokens[piece.Start].Word);
        _fragment = Said with { Contradicts = contradicts };
        if (named is { } objects)
            _fragment = Said with { Objects = _descriptions.Objects(objects) };
        else if (Below(piece, "to") is { } to)
            _fragment = Said with { Objects = [_descriptions.One(to.Child("np")!)], IsPlace = true };
        else if (Below(piece, "place", "side", "worn", "any", "called") is { } place)
            _fragment = Said with { Part = _descriptions.Part(place) };
        if (_steps.Count + _avoid.Count > 0) Against(SpeechAct.Fragment, _descriptions.Text(piece));
    }

    /// <summary>"the cup on the left, bring it to me": what is named first is what the order is about.</summary>
    private bool IsTopic(Fragment said, IReadOnlyList<CommandStep> steps) =>
        said.IsBare || said.Objects.Any(phrase => !IsAddressed(phrase) && steps.Any(step => IsAbout(step, phrase)));

    private static bool IsAbout(CommandStep step, NounPhrase phrase) =>
        ReferenceEquals(step.Target, phrase) || ReferenceEquals(step.Destination, phrase)
        || (phrase is { Quantity: Quantity.All, Noun.Count: > 0 }
            && step.Target?.Noun.SequenceEqual(phrase.Noun) == true);

    /// <summary>"somebody, take it", "doctor, take it": who is named without an article is spoken to.</summary>
    private bool IsAddressed(NounPhrase phrase) => phrase.Quantity == Quantity.Any || phrase.Noun.Count == 0
        || (phrase.Text == string.Join(' ', phrase.Noun) && _lexicon.IsLiving(phrase.Noun));

    private void TakeRemark(ParseNode piece, string text)
    {
        var mentioned = Below(piece, "mention")?.Child("objects") is { } objects ? _descriptions.Objects(objects) : [];
        // What follows "I see a sign" is read out.
        if (mentioned.Exists(phrase => phrase.Noun.Count > 0 && _lexicon.SignNouns.Contains(phrase.Noun[^1])))
            Against(SpeechAct.Quotation, text);
        else
        {
            var act = piece.Label == "question" ? SpeechAct.Question : SpeechAct.Statement;
            if (act == SpeechAct.Statement && !_ordered) Mention(piece);
            if (act == SpeechAct.Question ? EndsSentence(piece) : IsPlain(piece)) Note(act);
            else Against(act, text);
        }
    }

    /// <summary>"that knife is sharp, so keep away from it": what is told of is what "it" means.</summary>
    private void Mention(ParseNode piece)
    {
        if (Below(piece, "np") is { } subject && subject.Start == piece.Start && Below(subject, "noun") is not null)
            _descriptions.One(subject);
    }

    /// <summary>Whether a statement holds nothing that could limit an order or take it back, nor ends one.</summary>
    private bool IsPlain(ParseNode piece) =>
        (!piece.Has("vague") || IsSentenceBefore(piece)) && !IsComment(piece)
        && (piece.Label == "remark" || piece.Start == 0 || _tokens[piece.Start].Pause != Pause.None)
        && !_tokens.Take(piece.Start..piece.End).Any(token => _lexicon.NotPlain.Contains(token.Word));

    /// <summary>
    /// "I skipped breakfast. Get me the banana": a whole sentence, not about the robot, before anything is ordered.
    /// </summary>
    private bool IsSentenceBefore(ParseNode piece) =>
        !_ordered && piece.End < _tokens.Count
            && (_tokens[piece.End].Pause == Pause.Sentence || _tokens[piece.End].Word == "so")
        && (piece.Start == 0 || _tokens[piece.Start].Pause == Pause.Sentence)
        && !_lexicon.Pointers.Contains(_tokens[piece.Start].Word)
        && !_tokens.Take(piece.Start..piece.End).Any(token => token.Word is "you" or "your" or "robot");

    /// <summary>A question is one of its own only where the end of a sentence parts it from the rest.</summary>
    private bool EndsSentence(ParseNode piece)
    {
        var border = piece.End == _tokens.Count ? piece.Start : piece.End;
        return border == 0 || _tokens[border].Pause == Pause.Sentence;
    }

    /// <summary>"follow the dog. That was yesterday": what is said of the order itself.</summary>
    private bool IsComment(ParseNode piece) => _ordered && _lexicon.Pointers.Contains(_tokens[piece.Start].Word);

    private static ParseNode? Below(ParseNode piece, params ReadOnlySpan<string> labels)
    {
        foreach (var node in piece.All())
        {
            if (labels.Contains(node.Label)) return node;
        }

        return null;
    }

    private void Note(SpeechAct act)
    {
        if (_act == SpeechAct.None) _act = act;
    }

    private void Against(SpeechAct act, string text) => _against.Add((act, text));

    private IEnumerable<UnreadWord> Unread(NounPhrase phrase) => phrase.Modifiers.SelectMany(modifier => modifier switch
    {
        UnmeasuredModifier { IsUnread: true } unmeasured => [UnreadWord.Of(_tokens, unmeasured)],
        RelationModifier relation => relation.Anchors.SelectMany(Unread),
        SupposedModifier { IsUnread: true } supposed => [UnreadWord.Of(_tokens, supposed)],
        SupposedModifier { Anchor: { } anchor } => Unread(anchor),
        ExclusionModifier exclusion => Unread(exclusion.Excluded),
        _ => [],
    }).Concat(phrase.Alternatives.SelectMany(Unread));

    private ParsedCommand Finish(bool isCut)
    {
        var steps = _steps.Count > 1 ? _steps.FindAll(step => step.Action != RobotActionKind.Resume) : _steps;
        // "don't bring the red cup, bring the blue one" says the same twice; other prohibitions stand against an order.
        foreach (var (order, text) in _contrasts)
        {
            if (!IsContrast(order)) Against(SpeechAct.Prohibition, text);
        }

        var orders = steps.Count + _avoid.Count > 0;
        if (orders && _fragment is { } said && !IsTopic(said, steps))
            Against(SpeechAct.Fragment, said.Objects.Count > 0 ? said.Objects[0].Text : said.Part?.Text ?? "no");
        if (_doubtful is not null)
            return Ask($"Does \"{_doubtful}\" forbid that or order it? Say it in one whole sentence.");
        if (_ceases && !orders) return Order([new CommandStep(RobotActionKind.Stop, null, null)]);
        if (_against.Count > 0 && (orders || _against[0].Act != SpeechAct.Fragment)) return Refuse(_against[0], orders);
        if (!orders) return NoOrder(isCut);
        if (_alternative) return Ask("The command leaves open which of two things to do. Which one is it?");
        if (!_requested && IsQuestioned(_text) && !steps.Exists(step => step.Action == RobotActionKind.Report))
            return Ask("Is that a question or an order? Say it without the question mark to have it done.");
        if (_constraints.Count > 0 && (steps.Count == 0 || steps.Exists(step => step.Action != RobotActionKind.Report)))
            return Limited() with { Constraints = _constraints };
        if (steps.SelectMany(step => step.Described)
            .FirstOrDefault(phrase => phrase.Quantity == Quantity.None) is { } nothing)
            return Refuse($"\"{nothing.Text}\" asks for none of them, so there is nothing to do", SpeechAct.Order);
        if (steps.Count == 0) steps = [new CommandStep(RobotActionKind.Avoid, null, null)];
        return Order(steps) with { Avoid = _avoid, Incomplete = _incomplete };
    }

    /// <summary>"follow the dog?": a single question mark may doubt an order; more of them are no question.</summary>
    private static bool IsQuestioned(string text) => text.TrimEnd() is [.., not ('?' or '!' or '.'), '?'];

    /// <summary>Whether a prohibition only says which other object is not meant.</summary>
    private bool IsContrast(Order forbidden) => forbidden.Steps is [{ Target: { } not } step]
        && _steps.Exists(other => other.Action == step.Action
            && other.Target is { Quantity: Quantity.One } target && !target.MayBe(not));

    private ParsedCommand NoOrder(bool isCut)
    {
        if (_takesBack)
            return Refuse(Wording.Of(SpeechAct.Retraction), SpeechAct.Retraction) with { TakesBackTurns = !_ordered };
        if (_incomplete != RobotActionKind.None) return Order([]) with { Incomplete = _incomplete };
        if (_fragment is not null && _constraints.Count == 0 && !isCut)
            return Refuse(Wording.NoAction, SpeechAct.Fragment) with { Fragment = _fragment };
        var act = _constraints.Count > 0 ? SpeechAct.Hypothetical : _act;
        return Refuse(Wording.Of(act), act);
    }

    /// <summary>What is for later or on a condition is not for now; how it is to be done can be talked about.</summary>
    private ParsedCommand Limited() =>
        _constraints.Exists(constraint => constraint.Kind is ConstraintKind.Condition or ConstraintKind.Time)
            ? Refuse(Wording.Constraints(_constraints), SpeechAct.Order)
            : Ask(Wording.Constraints(_constraints));

    private ParsedCommand Refuse((SpeechAct Act, string Text) against, bool besideAnOrder) =>
        besideAnOrder && against.Act is not (SpeechAct.Harm or SpeechAct.Demand)
            ? Ask(Wording.Beside(against.Act, against.Text)) with { Act = against.Act }
            : Refuse(Wording.Of(against.Act, against.Text), against.Act);

    private ParsedCommand Order(IReadOnlyList<CommandStep> steps) =>
        new(_text, steps, [], null) { Act = SpeechAct.Order };

    private ParsedCommand Ask(string question) => Order([]) with { Asks = question };

    private ParsedCommand Refuse(string reason, SpeechAct act) => new(_text, [], [], reason) { Act = act };
}
