namespace EdgePerception.Policy.Commands;

/// <summary>Splits a command into clauses with a verb each and puts them together as steps.</summary>
internal sealed class ClauseParser
{
    private static readonly string[] Mentions = ["there is", "there are", "i see", "i can see", "you see", "we have", "i have", "you can see", "do you see", "here is", "i said"];

    private readonly Sentence _sentence;
    private readonly Lexicon _lexicon;
    private readonly NounPhraseParser _nouns;
    private readonly FrameParser _frames;
    private readonly CorrectionParser _corrections;
    private readonly List<CommandStep> _steps = [];
    private readonly List<NounPhrase> _avoid = [];
    private RobotActionKind _incomplete;
    private bool _forbids;
    private Verb? _lastVerb;
    private bool _conditional;
    private bool _takenBack;
    private bool _leavesWords;
    private int _lastClause;

    /// <summary>Creates a parser for one sentence.</summary>
    public ClauseParser(Sentence sentence)
    {
        _sentence = sentence;
        _lexicon = sentence.Lexicon;
        _nouns = new NounPhraseParser(sentence);
        _corrections = new CorrectionParser(sentence, _nouns);
        _frames = new FrameParser(sentence, _nouns, _corrections);
    }

    /// <summary>Reads the whole sentence.</summary>
    public ParsedCommand Parse(string text)
    {
        string? unknown = null;
        while (!_sentence.AtEnd && unknown is null && _steps.Count + _avoid.Count < 16)
        {
            var start = _sentence.Position;
            TakeBack();
            SkipToVerb();
            if (_sentence.AtEnd) break;
            if (TakeBack() || OrderParser.Introduction(_sentence)) continue;
            var steps = _steps.Count;
            if (!ParseClause()) unknown = Skip(start);
            if (_steps.Count > steps) _lastClause = steps;
            if (_sentence.Position == start) _sentence.Position++;
        }

        return Finish(text, unknown);
    }

    private bool TakeBack()
    {
        if (!_corrections.TakesBack(out var everything)) return false;
        var from = everything ? 0 : Math.Min(_lastClause, _steps.Count);
        _steps.RemoveRange(from, _steps.Count - from);
        return _takenBack = true;
    }

    /// <summary>Skips politeness, names and joints; a longer verb phrase at the same place wins.</summary>
    private void SkipToVerb()
    {
        while (!_sentence.AtEnd)
        {
            var filler = Math.Max(_sentence.Length(_lexicon.Politeness), _sentence.Length(_lexicon.Names));
            var verb = _sentence.Length(_lexicon.Verbs);
            if (verb > 0 && verb >= filler) return;
            if (filler > 0) _sentence.Position += filler;
            else if (!AsksFirst() && !_sentence.Accept("and", "but", "while", "also", "whilst", "or", "plus", "yet")) return;
        }
    }

    /// <summary>"tell me, where is the cup": what is asked comes after the pause.</summary>
    private bool AsksFirst()
    {
        var start = _sentence.Position;
        if (_sentence.AcceptPhrase("tell me") && !_sentence.AtEnd && _sentence.PauseHere != Pause.None) return true;
        _sentence.Position = start;
        return false;
    }

    private bool ParseClause()
    {
        if (_sentence.Accept("if", "when", "unless", "once", "whenever") || _sentence.AcceptPhrase("as soon as"))
        {
            _conditional = true;
            return false;
        }

        if (_sentence.Peek() is "without" or "avoiding" or "avoid" && ParseForbiddenDeed()) return true;
        if (_sentence.Accept(_lexicon.Verbs, out var verb)) return ParseVerb(verb, forbidden: false);
        if (_sentence.AcceptPhrase("do not") || _sentence.AcceptPhrase("not to") || _sentence.Accept("never", "not"))
        {
            SkipToVerb();
            if (_sentence.Accept(_lexicon.Verbs, out var forbidden)) return ParseVerb(forbidden, forbidden: true);
            if (_sentence.Length(_lexicon.UnknownVerbs) > 0) return false;
        }

        if (ParseContrast() || ParseMore()) return true;
        return (_sentence.Peek() is "is" or "are") && _sentence.Peek(1) is "the" or "my" or "that" or "this" or "a" or "any" or "someone" or "somebody" or "anyone" or "anybody" or "anything" or "something"
            && ParseYesNo();
    }

    /// <summary>"without touching the vase", "avoid hitting the vase".</summary>
    private bool ParseForbiddenDeed()
    {
        var start = _sentence.Position;
        var without = _sentence.Accept("without");
        if (!without) _sentence.Position++;
        if (_sentence.Accept(_lexicon.AvoidedDeeds, out _) || (without && _sentence.Accept(_lexicon.Verbs, out _)))
        {
            AddAvoided(_frames.Objects());
            return _avoid.Count > 0;
        }

        _sentence.Position = start;
        return false;
    }

    private bool ParseVerb(Verb verb, bool forbidden)
    {
        if (verb.Action is RobotActionKind.Resume or RobotActionKind.GoTo && _sentence.PauseHere == Pause.None
            && _sentence.Length(_lexicon.Verbs) > 0 && !_nouns.CanStart) return true;
        if (verb.Action is RobotActionKind.Avoid && !forbidden) return ParseAvoid(verb.Phrase);
        var steps = _frames.Parse(verb);
        if (steps is null) return false;
        _lastVerb = forbidden ? null : verb;
        if (forbidden)
        {
            // What is forbidden gives no step; the object still explains a later "one" or "it".
            _forbids = true;
            return true;
        }

        if (steps.Count == 0) _incomplete = verb.Action;
        if (MergeSearch(steps)) return true;
        _steps.AddRange(steps);
        return true;
    }

    /// <summary>"find the cup and bring it to me" asks for the cup to be brought; finding it goes without saying.</summary>
    private bool MergeSearch(List<CommandStep> steps)
    {
        if (_steps.Count == 0 || steps.Count == 0 || _steps[^1] is not { Action: RobotActionKind.Report or RobotActionKind.LookAt } search) return false;
        if (steps[0].Target is null || !ReferenceEquals(steps[0].Target, search.Target)) return false;
        if (search.Action == RobotActionKind.LookAt && steps[0].Action is RobotActionKind.Follow) return false;
        _steps.RemoveAt(_steps.Count - 1);
        _steps.AddRange(steps);
        return true;
    }

    private bool ParseAvoid(string verb)
    {
        // "mind fetching me the cup?" asks; only things are to be minded.
        if (verb is "mind" && _sentence.Length(_lexicon.Verbs) > 0) return true;
        _sentence.Accept(_lexicon.AvoidedDeeds, out _);
        var objects = _frames.Objects();
        if (objects.Count == 0) _incomplete = RobotActionKind.Avoid;
        AddAvoided(objects);
        // "drive around the spill to the door" also says where to.
        if (verb.EndsWith("around", StringComparison.Ordinal) && _sentence.Accept("to", "towards", "toward"))
            _steps.AddRange(_frames.Objects().Select(target => new CommandStep(RobotActionKind.GoTo, target, null)));
        _frames.SkipTrailing();
        return true;
    }

    /// <summary>"bring the cup to the table and the bottle to me": the verb goes on.</summary>
    private bool ParseMore()
    {
        var start = _sentence.Position;
        if (_lastVerb is not { } verb || start == 0 || _sentence.Tokens[start - 1].Word is not "and" || !_nouns.CanStart) return false;
        return ParseVerb(verb, forbidden: false);
    }

    /// <summary>To avoid "a dog or a cat" is to avoid every one of both.</summary>
    private void AddAvoided(List<NounPhrase> objects)
    {
        foreach (var phrase in objects.SelectMany(phrase => phrase.Alternatives.Prepend(phrase.Alternatives.Count == 0 ? phrase : phrase with { Alternatives = [] })))
            _avoid.Add(phrase.Quantity == Quantity.Any ? phrase with { Quantity = Quantity.All } : phrase);
    }

    /// <summary>"…, not the red one": what was said last is narrowed down.</summary>
    private bool ParseContrast()
    {
        if (_steps.Count == 0 || _steps[^1].Target is not { } target) return false;
        var start = _sentence.Position;
        var denied = start > 0 && _sentence.Tokens[start - 1].Word == "not";
        if (!denied && !_sentence.Accept("not")) return Coordinate(target);
        if (_nouns.Parse() is not { } excluded) return false;
        if (excluded.Noun.Count == 0) excluded = excluded with { Noun = target.Noun };
        _steps[^1] = _steps[^1] with
        {
            Target = target with { Modifiers = [.. target.Modifiers, new ExclusionModifier("not " + _sentence.TextFrom(start), excluded)] },
        };
        return true;
    }

    /// <summary>"the cup, the one on the left": a second description of the same object.</summary>
    private bool Coordinate(NounPhrase target)
    {
        if (_sentence.Peek() is not "the" || _sentence.Position == 0 || _sentence.PauseHere == Pause.None) return false;
        var start = _sentence.Position;
        var last = _sentence.LastObject;
        _sentence.LastObject = null;
        var more = _nouns.Parse();
        _sentence.LastObject = last;
        if (more is not { Noun.Count: 0, Modifiers.Count: > 0 })
        {
            _sentence.Position = start;
            return false;
        }

        _steps[^1] = _steps[^1] with { Target = target with { Modifiers = [.. target.Modifiers, .. more.Modifiers] } };
        return true;
    }

    private bool ParseYesNo()
    {
        _sentence.Position++;
        if (_nouns.Parse(copula: true) is not { } asked) return false;
        _steps.Add(new CommandStep(RobotActionKind.Report, asked, null) { IsOpenQuestion = true });
        _frames.SkipTrailing();
        return true;
    }

    /// <summary>
    /// Passes over what is not understood. Statements beside a command explain it and are passed over; a demand that the
    /// robot does not know is not.
    /// </summary>
    /// <returns>The unknown demand; none when it may be passed over.</returns>
    private string? Skip(int start)
    {
        if (_conditional) return "a condition";
        if (_sentence.Length(_lexicon.UnknownVerbs) is > 0 and var length)
        {
            _sentence.Position += length;
            return _sentence.TextFrom(_sentence.Position - length);
        }

        var explains = _sentence.Peek() is "because" or "since" or "so" or "i" or "my" or "the" or "there" or "it" or "as" or "this" or "that" or "no" or "not"
            || _sentence.Position > start;
        var goesOn = _sentence.Position == start && _sentence.PauseHere == Pause.None;
        _leavesWords |= _steps.Count > 0 && goesOn && _sentence.Peek() is not ("because" or "since" or "so" or "i" or "my");
        // "the cup on the left, please bring it": what is named before its verb is what "it" means.
        foreach (var mention in Mentions) if (_sentence.AcceptPhrase(mention)) break;
        if (SkipDenial() && _nouns.VerbStarts()) return null;
        // "look! follow him": the call is over, and what comes is a command again.
        if (_sentence.Position > start && _sentence.PauseHere != Pause.None && _nouns.VerbStarts()) return null;
        if ((_nouns.CanStart || _sentence.Length(_lexicon.Ordinals) > 0 || _sentence.Length(_lexicon.Scales) > 0) && _nouns.Parse() is { } said && _corrections.Object(said) is var topic)
        {
            _sentence.LastObject = topic with { Quantity = topic.Quantity == Quantity.Any ? Quantity.One : topic.Quantity };
            explains |= _sentence.PauseHere != Pause.None;
        }
        else _sentence.Position++;
        while (!_sentence.AtEnd && _sentence.PauseHere != Pause.Sentence && !(StartsAgain() && explains)) _sentence.Position++;
        return null;
    }

    /// <summary>"not the red cup, the blue one, …": what is denied first is not what "it" means.</summary>
    private bool SkipDenial()
    {
        var start = _sentence.Position;
        _sentence.Accept("no");
        var denies = _sentence.Accept("not") || (start > 0 && _sentence.Tokens[start - 1].Word is "not");
        if (denies && _nouns.Parse() is { } denied && _sentence.PauseHere != Pause.None)
        {
            _sentence.LastObject = denied;
            return true;
        }

        _sentence.Position = start;
        return false;
    }

    /// <summary>Whether a new command starts here: a verb after a pause, a joint or a polite word.</summary>
    private bool StartsAgain()
    {
        if (_sentence.Length(_lexicon.Verbs) == 0) return _sentence.Peek() is "without";
        var before = _sentence.Tokens[_sentence.Position - 1].Word;
        return _sentence.PauseHere != Pause.None || before is "and" or "but" or "please" or "so" or "then" or "you" or "robot" or "now"
            || (_nouns.VerbStarts() && before is not ("to" or "i" or "not" or "who" or "that" or "can" or "they" or "we"));
    }

    private ParsedCommand Finish(string text, string? unknown)
    {
        if (unknown == "a condition") return Refuse(text, "the command has a condition, and the robot acts at once or not at all");
        if (unknown is not null) return Refuse(text, $"\"{unknown}\" is not an action that the robot knows");
        var steps = _steps;
        if (steps.Count > 1) steps = [.. steps.Where(step => step.Action is not RobotActionKind.Resume)];
        if (steps.Count == 0 && _avoid.Count > 0) steps = [new CommandStep(RobotActionKind.Avoid, null, null)];
        if (steps.Count > 0) return new ParsedCommand(text, steps, _avoid, null) { Incomplete = _incomplete, LeavesWords = _leavesWords };
        if (_incomplete != RobotActionKind.None) return new ParsedCommand(text, [], [], null) { Incomplete = _incomplete };
        if (_forbids) return Refuse(text, "the command says only what not to do");
        if (_takenBack) return Refuse(text, "the command takes back what it asks for") with { IsTakenBack = true };
        return Refuse(text, "the command names no action that the robot knows") with { NamesNoAction = true };
    }

    private static ParsedCommand Refuse(string text, string reason) => new(text, [], [], reason);
}
