namespace EdgePerception.Policy.Commands;

/// <summary>Reads what a verb takes: its object, its destination, for whom.</summary>
internal sealed class FrameParser(Sentence sentence, NounPhraseParser nouns, CorrectionParser corrections)
{
    private const int MostObjects = 8;

    private static readonly HashSet<string> Directions =
        ["left", "right", "forward", "forwards", "backward", "backwards", "back", "straight",
         "up", "down", "away", "around", "home", "ahead", "faster", "slower", "sideways", "crazy", "out", "outside", "inside"];

    private static readonly HashSet<SpatialRelation> Resting = [SpatialRelation.On, SpatialRelation.In];

    private readonly Lexicon _lexicon = sentence.Lexicon;
    private NounPhrase? _held;

    /// <summary>The steps that the clause after a verb asks for.</summary>
    /// <returns>An empty list when the verb's object is missing; none when the rest cannot be understood.</returns>
    public List<CommandStep>? Parse(Verb verb)
    {
        // What was picked up is what "it" means to the hands, whatever was driven to in between.
        if (_held is not null && verb.Action is RobotActionKind.Place or RobotActionKind.Bring && sentence.Peek() is "it" or "them" or "that")
            sentence.LastObject = _held;
        var steps = verb.Action switch
        {
            RobotActionKind.Resume => [new CommandStep(RobotActionKind.Resume, null, null)],
            RobotActionKind.Pick => Pick(),
            RobotActionKind.Bring => Bring(verb),
            RobotActionKind.Place => Place(verb),
            RobotActionKind.GoTo => GoTo(verb),
            RobotActionKind.Report => Report(verb),
            _ => Simple(verb),
        };
        if (verb.Action is RobotActionKind.Pick && steps is [.., { Target: { } held }]) _held = held;
        SkipTrailing();
        return steps;
    }

    /// <summary>One or several descriptions joined by "and".</summary>
    public List<NounPhrase> Objects(bool copula = false)
    {
        var objects = new List<NounPhrase>();
        SkipDenied();
        while (objects.Count < MostObjects)
        {
            if (nouns.Parse(copula) is not { } phrase) break;
            sentence.LastObject = phrase;
            phrase = WithAlternatives(corrections.Object(phrase));
            objects.Add(phrase);
            sentence.LastObject = phrase;
            var at = sentence.Position;
            var joined = sentence.AcceptPhrase("as well as") || sentence.AcceptPhrase("along with") || sentence.Accept("and", "plus")
                || (sentence.PauseHere == Pause.Comma && nouns.CanStart && sentence.Length(_lexicon.Corrections) == 0);
            sentence.Accept("also", "then");
            if (joined && nouns.CanStart && !nouns.VerbStarts() && !ContinuesDescription(at)) continue;
            sentence.Position = at;
            break;
        }

        return objects;
    }

    /// <summary>"not the red cup but the blue one": what is denied only explains what follows.</summary>
    private void SkipDenied()
    {
        var start = sentence.Position;
        if (!sentence.Accept("not")) return;
        if (nouns.Parse() is { } denied && (sentence.Accept("but", "rather") || sentence.PauseHere == Pause.Comma) && nouns.CanStart)
            sentence.LastObject = denied;
        else sentence.Position = start;
    }

    /// <summary>Passes over words at the end of a clause that carry no meaning for the robot.</summary>
    public void SkipTrailing()
    {
        while (!sentence.AtEnd && sentence.PauseHere != Pause.Sentence)
        {
            var length = sentence.Length(_lexicon.Trailing);
            if (length == 0 && (sentence.PauseHere == Pause.Comma || sentence.Position == sentence.Tokens.Count - 1))
                length = sentence.Length(_lexicon.Names);
            if (length == 0 || nouns.VerbStarts()) return;
            sentence.Position += length;
        }
    }

    /// <summary>", the red one" describes the object that was named before the comma.</summary>
    private bool ContinuesDescription(int comma)
    {
        if (sentence.Position != comma || sentence.PauseHere != Pause.Comma || sentence.Peek() is not "the") return false;
        var last = sentence.LastObject;
        sentence.LastObject = null;
        var continues = nouns.Parse() is { Noun.Count: 0 };
        sentence.LastObject = last;
        sentence.Position = comma;
        return continues;
    }

    private NounPhrase WithAlternatives(NounPhrase first)
    {
        var alternatives = new List<NounPhrase>();
        while (alternatives.Count < MostObjects)
        {
            var at = sentence.Position;
            if (!sentence.Accept("or") || nouns.VerbStarts() || nouns.Parse() is not { } other)
            {
                sentence.Position = at;
                break;
            }

            alternatives.Add(other);
        }

        return alternatives.Count == 0 ? first : first with { Alternatives = alternatives };
    }

    private List<CommandStep>? Simple(Verb verb)
    {
        sentence.Accept("after", "at", "to");
        if (verb.Phrase is "look" && sentence.Peek() is not "where") return null;
        return Steps(verb.Action, Objects());
    }

    private static List<CommandStep> Steps(RobotActionKind action, List<NounPhrase> objects) =>
        [.. objects.Select(target => new CommandStep(action, target, null))];

    private List<CommandStep>? Pick()
    {
        sentence.Accept("up", "hold");
        var objects = Objects();
        if (objects.Count == 0) return [];
        SkipParticles();
        if (ForRequester()) return Steps(RobotActionKind.Bring, objects);
        if (Destination(explicitly: true, out var text) is { } destination)
        {
            var action = text.StartsWith("to ", StringComparison.Ordinal) && IsPerson(destination) ? RobotActionKind.Bring : RobotActionKind.Place;
            return WithDestination(action, objects, destination, text);
        }

        return Steps(RobotActionKind.Pick, objects);
    }

    private List<CommandStep>? Bring(Verb verb)
    {
        if (verb.Phrase is "i need" or "i want" or "i would like" or "i would love" && sentence.Peek() is "to" or "you") return null;
        if (sentence.Peek() is "me" or "us" && sentence.Peek(1).Length > 0) sentence.Position++;
        var objects = Objects();
        if (objects.Count == 0) return [];
        SkipParticles();
        if (sentence.Peek() is "the" or "a" or "an" or "some" or "my" or "your" or "his" or "her" or "that" or "this" && sentence.PauseHere == Pause.None && !nouns.VerbStarts() && objects.Count == 1 && nouns.Parse() is { } given)
        {
            sentence.LastObject = given;
            return [new CommandStep(RobotActionKind.Bring, given, objects[0]) { DestinationText = "to " + objects[0].Text }];
        }

        if (ForRequester()) return Steps(RobotActionKind.Bring, objects);
        return Destination(explicitly: true, out var text) is { } destination
            ? WithDestination(RobotActionKind.Bring, objects, destination, text)
            : Steps(RobotActionKind.Bring, objects);
    }

    private List<CommandStep>? Place(Verb verb)
    {
        if (verb.Phrase is "move" or "slide" && Directions.Contains(sentence.Peek())) return null;
        var objects = Objects();
        if (objects.Count == 0) return [];
        SkipParticles();
        if (ForRequester()) return Steps(RobotActionKind.Bring, objects);
        if (Destination(explicitly: false, out var text) is { } destination)
            return WithDestination(RobotActionKind.Place, objects, destination, text);
        List<CommandStep> steps = [.. objects.Select(SplitDestination)];
        // "put the cup and the fork in the sink": the destination of the last is that of all.
        var last = steps[^1];
        return last.Destination is null
            ? steps
            : [.. steps.Select(step => step.Destination is null ? step with { Destination = last.Destination, DestinationText = last.DestinationText } : step)];
    }

    /// <summary>
    /// "put the cup on the table": the phrase that was read as a part of the description is the destination. Of several,
    /// the last one that names a place to rest on is.
    /// </summary>
    private static CommandStep SplitDestination(NounPhrase target)
    {
        target = Attachment.Raise(target);
        var modifiers = target.Modifiers.ToList();
        var at = modifiers.FindLastIndex(modifier => modifier is RelationModifier { Negated: false } relation
            && Resting.Contains(relation.Relation) && IsPhrase(relation));
        if (at < 0) at = modifiers.FindLastIndex(modifier => modifier is RelationModifier { Negated: false } relation && IsPhrase(relation));
        if (at < 0) return new CommandStep(RobotActionKind.Place, target, null);
        var relation = (RelationModifier)modifiers[at];
        // What follows the destination describes it.
        var place = relation.Anchors[0] with { Modifiers = [.. relation.Anchors[0].Modifiers, .. modifiers.Skip(at + 1)] };
        modifiers.RemoveRange(at, modifiers.Count - at);
        var cut = target.Text.IndexOf(relation.Text, StringComparison.Ordinal);
        var text = cut > 0 ? target.Text.Remove(cut, relation.Text.Length).Trim() : target.Text;
        return new CommandStep(RobotActionKind.Place, target with { Text = text, Modifiers = modifiers }, place)
        {
            DestinationText = relation.Text,
        };
    }

    private static bool IsPhrase(RelationModifier relation) =>
        !relation.Text.StartsWith("that", StringComparison.Ordinal) && !relation.Text.StartsWith("which", StringComparison.Ordinal)
        && !relation.Text.StartsWith("from", StringComparison.Ordinal) && !relation.Text.StartsWith("off", StringComparison.Ordinal)
        && relation.Relation is not SpatialRelation.With;

    private List<CommandStep>? GoTo(Verb verb)
    {
        if (verb.Phrase is "come here" or "come over here" or "come over" or "come" && (sentence.AtEnd || sentence.PauseHere != Pause.None || sentence.Length(_lexicon.Trailing) > 0))
        {
            var speaker = new NounPhrase { Text = "here", Noun = ["person"], IsSpeaker = true, IsNamed = true };
            return [new CommandStep(RobotActionKind.GoTo, speaker, null)];
        }

        var bare = !verb.Phrase.Contains(' ', StringComparison.Ordinal) && verb.Phrase is "go" or "drive" or "walk" or "come";
        if (bare && sentence.Peek() is not "where" && !sentence.Accept("to", "too", "towards", "toward", "over"))
        {
            var start = sentence.Position;
            if (sentence.Peek(1) is not "of" && Directions.Contains(sentence.Peek())) return null;
            if (!sentence.Accept(_lexicon.Relations, out _)) return null;
            if (nouns.Parse() is not { } near) return null;
            sentence.LastObject = near;
            return [new CommandStep(RobotActionKind.GoTo, near, null) { DestinationText = sentence.TextFrom(start) }];
        }

        if (Whereabouts() is { } place) return [new CommandStep(RobotActionKind.GoTo, place, null)];
        var objects = Objects().Select(PlaceBeside).ToList();
        if (objects.Any(target => target is { Noun.Count: 0, IsNamed: false } && target.Modifiers.All(modifier => modifier is SelectionModifier))) return null;
        if (objects.Count > 0) sentence.LastObject = objects[^1];
        return Steps(RobotActionKind.GoTo, objects);
    }

    /// <summary>"go to the left of the bottle" names no object there: the bottle is where to go.</summary>
    private static NounPhrase PlaceBeside(NounPhrase target) =>
        target is { Noun.Count: 0, IsNamed: false, Modifiers: [RelationModifier { Negated: false, Anchors.Count: 1 } relation] }
            ? relation.Anchors[0]
            : target;

    private List<CommandStep>? Report(Verb verb)
    {
        var open = verb.Phrase.StartsWith("what", StringComparison.Ordinal) || verb.Phrase.StartsWith("who", StringComparison.Ordinal)
            || verb.Phrase is "tell me about" or "describe" or "report on" or "which" or "how big is" or "how far is";
        var counts = verb.Phrase.Contains("how many", StringComparison.Ordinal) || verb.Phrase.Contains("count", StringComparison.Ordinal);
        sentence.Accept("where", "what", "me");
        if (counts) sentence.Accept("of");
        if (sentence.Peek() is "you" or "i" or "we" or "your") return null;
        var objects = Objects(copula: true);
        if (objects.Count == 0 && verb.Phrase is "what do you see" or "what can you see" or "what is in sight" or "what is there")
            objects.Add(new NounPhrase { Text = "everything in sight", Quantity = Quantity.All, IsNamed = true });
        if (objects.Count == 0) return verb.Phrase is "find" or "show me" or "point at" or "look for" ? [] : null;
        if (objects[0] is { Noun.Count: 0, IsNamed: false, Modifiers.Count: 0 }) return null;
        if (sentence.Accept("is", "are", "was", "were")) SkipParticles();
        var asked = sentence.AcceptPhrase("do you see") || sentence.AcceptPhrase("can you see");
        if (!asked && verb.Phrase.StartsWith("where", StringComparison.Ordinal)) SkipParticles();
        if (verb.Phrase.StartsWith("who", StringComparison.Ordinal) && objects[0].Noun.Count == 0) objects[0] = objects[0] with { Noun = ["person"] };
        return [.. objects.Select(target => new CommandStep(RobotActionKind.Report, counts ? Counted(target) : target, null)
        {
            Counts = counts, IsOpenQuestion = open,
        })];
    }

    private static NounPhrase Counted(NounPhrase target) => target with { Quantity = Quantity.All };

    private void SkipParticles()
    {
        while (sentence.PauseHere == Pause.None && sentence.Accept("up", "down", "away", "back", "over", "off", "out", "here", "there", "straight", "along", "located", "please", "gently", "carefully", "quickly", "slowly")) { }
    }

    private bool ForRequester() => sentence.Accept(_lexicon.Requester, out _);

    private NounPhrase? Destination(bool explicitly, out string text)
    {
        var start = sentence.Position;
        text = "";
        if (Whereabouts() is { } there)
        {
            text = sentence.TextFrom(start);
            return there;
        }

        if (!sentence.Accept("to", "towards", "toward", "for", "onto", "into"))
        {
            if (explicitly || !sentence.Accept(_lexicon.Relations, out _)) return null;
        }

        sentence.Accept(_lexicon.Relations, out _);
        if (nouns.Parse() is not { } destination)
        {
            sentence.Position = start;
            return null;
        }

        text = sentence.TextFrom(start);
        return corrections.Object(PlaceBeside(destination));
    }

    /// <summary>"where the dog is".</summary>
    private NounPhrase? Whereabouts()
    {
        var start = sentence.Position;
        if (sentence.Accept("where") && nouns.Parse() is { } there && sentence.Accept("is", "are", "stands", "sits") && sentence.Peek() is not "coming")
            return sentence.LastObject = there;
        sentence.Position = start;
        return null;
    }

    private static bool IsPerson(NounPhrase phrase) =>
        phrase.IsSpeaker || (phrase.Noun.Count > 0 && (Lexicon.Default.Meanings(Lexicon.Default.Singular(phrase.Noun[^1]))?.Any(meaning => meaning.Label == "person") ?? false));

    private static List<CommandStep> WithDestination(RobotActionKind action, List<NounPhrase> objects, NounPhrase destination, string text) =>
        [.. objects.Select(target => new CommandStep(action, target, destination) { DestinationText = text })];
}
