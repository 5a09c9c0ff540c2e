using System.Globalization;
using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Grounding;

/// <summary>Puts the answer to one command together from its steps.</summary>
internal sealed class AnswerBuilder
{
    private readonly string _id;
    private readonly ParsedCommand _command;
    private readonly SceneView _scene;
    private readonly Combination? _combination;
    private readonly DecisionRule _chooser;
    private readonly EvidenceWriter _evidence;
    private readonly Dictionary<NounPhrase, Resolution> _choices = new(ReferenceEqualityComparer.Instance);
    private readonly List<ActionStep> _steps = [];
    private readonly List<string> _deeds = [];
    private readonly List<string> _avoid = [];
    private readonly List<KeepDistance> _distances = [];
    private readonly List<Clause> _clauses = [];
    private readonly SortedDictionary<int, double> _candidates = [];
    private readonly HashSet<int> _referred = [];
    private readonly List<Modifier> _unknown = [];
    private double? _confidence = 1;
    private GroundingOutcome _outcome = GroundingOutcome.Act;
    private Question? _question;
    private string? _reason;

    /// <summary>Creates a builder for one command and one scene.</summary>
    /// <param name="id">The command's id.</param>
    /// <param name="command">The command.</param>
    /// <param name="scene">The scene.</param>
    /// <param name="combination">The network's opinion; null if the rules alone are asked.</param>
    public AnswerBuilder(string id, ParsedCommand command, SceneView scene, Combination? combination)
    {
        (_id, _command, _scene, _combination) = (id, command, scene, combination);
        var resolver = new DescriptionResolver(scene);
        var checks = new ClauseChecks(resolver);
        _evidence = new EvidenceWriter(scene, checks);
        _chooser = new DecisionRule(resolver, new QuestionWriter(resolver), checks, _evidence, combination);
    }

    /// <summary>The answer.</summary>
    public GroundingAnswer Build()
    {
        foreach (var step in _command.Steps) Take(step);
        foreach (var avoid in _command.Avoid) TakeAvoid(avoid.What, avoid.Metres);
        if (_command.Steps is [{ Action: RobotActionKind.Avoid, UnknownVerb: { Length: > 0 } verb } shunned]
            && shunned.Sureness < _scene.Thresholds.SureOffer)
        {
            var shunning = $"{Wording.Verb(RobotActionKind.Avoid)} {string.Join(" and ", _avoid)}";
            Worsen(
                GroundingOutcome.Clarify, new Question($"I do not know \"{verb}\". Shall I {shunning}?"),
                Wording.Of(SpeechAct.Demand, verb));
        }

        var unread = UnreadWords.NotUnderstood(_command.Unread);
        if (_command.IsWithin) Worsen(GroundingOutcome.Clarify, Offer(), unread);
        else if (_command.Unread.Count > 0) Worsen(GroundingOutcome.Clarify, new Question(unread), unread);
        if (_command.Asks is { } question)
            Worsen(GroundingOutcome.Clarify, new Question(question),
                _command.IsFollowUp ? "what was said before does not tell what is meant" : question);
        if (_command.Incomplete != RobotActionKind.None)
            Worsen(
                GroundingOutcome.Clarify, new Question($"What do you want me to {Wording.Verb(_command.Incomplete)}?"),
                "the command names no object");
        if (_outcome == GroundingOutcome.Absent && _command.Steps.DistinctBy(step => step.Target).Count() > 1
            && _steps.Count > 0)
        {
            var found = string.Join(", ", _steps.Select(step => step.Target).OfType<string>().Take(4));
            (_outcome, _confidence, _question) =
                (GroundingOutcome.Clarify, null,
                    new Question($"Of what you name I see only {found}: {_reason}. What shall I do?"));
        }

        var acts = _outcome == GroundingOutcome.Act;
        var weighed =
            _choices.Values.FirstOrDefault(choice => choice.Referents.Posterior is not null)?.Referents.Posterior;
        return new GroundingAnswer
        {
            Method = weighed is null ? GroundingMethod.Rules : GroundingMethod.Combined,
            Plausible = weighed?.Plausible(_scene) ?? [],
            Attention = weighed is null || _combination is null ? []
                : WordWeight.Of(_combination.Reading, weighed.Top < 0 ? "" : Id(weighed.Top)),
            Id = _id,
            Outcome = _outcome,
            Action = _outcome == GroundingOutcome.Refuse ? RobotActionKind.None : Action(),
            Target = acts ? _steps.FirstOrDefault()?.Target : null,
            Destination = acts
                ? _steps.Select(step => step.Destination).FirstOrDefault(destination => destination is not null) : null,
            Avoid = acts ? [.. _avoid] : [],
            Distances = acts ? _distances : [],
            Steps = acts ? [.. _steps] : [],
            Confidence = _confidence,
            Candidates = Candidates(),
            Clauses = _clauses,
            Unread = Unread(),
            Question = _outcome == GroundingOutcome.Clarify ? _question?.Text : null,
            Asked = _outcome == GroundingOutcome.Clarify ? _question : null,
            Reason = acts ? null : _reason,
        };
    }

    /// <summary>Asks for a yes to an order that was heard inside of something else.</summary>
    private Question Offer()
    {
        var deeds = _deeds.Concat(_avoid.Select(id => $"{Wording.Verb(RobotActionKind.Avoid)} {Name(id)}"));
        var asks =
            $"I did not understand {UnreadWords.Quoted(_command.Unread)}. Shall I {string.Join(" and ", deeds)} all "
            + "the same?";
        return _steps is [{ Target: { } only }] && _command.Steps is [{ Target: { } about }]
            ? new Question(asks) { About = about, Ids = [only], SaysAll = true }
            : new Question(asks) { SaysAll = true };
    }

    private string Name(string id) => _scene.Objects.First(item => item.Source.Id == id).Name;

    /// <summary>What no reading accounts for, and what of the descriptions nobody knows.</summary>
    private List<UnreadWord> Unread() =>
        [.. _command.Unread.Concat(_unknown.Select(unknown => UnreadWord.Of(_command.Tokens, unknown)))
            .Distinct().OrderBy(word => word.Place.Start.Value)];

    private RobotActionKind Action() => _command.Steps.Count > 0 ? _command.Steps[0].Action : _command.Incomplete;

    private void Take(CommandStep step)
    {
        if (step.UnknownVerb.Length > 0 && step.Sureness >= _scene.Thresholds.SureOffer)
        {
            _clauses.Add(
                new Clause(step.UnknownVerb, true,
                    $"taken to mean {Wording.Verb(step.Action)} ({Figure(step.Sureness)}): it stands in no list"));
            _confidence *= step.Sureness;
        }

        if (step.Action is RobotActionKind.Avoid or RobotActionKind.Resume)
        {
            _steps.Add(new ActionStep(step.Action, null, null));
            return;
        }

        if (step.Target is not { } phrase) return;
        if (step.LacksDestination)
            Worsen(GroundingOutcome.Clarify, new Question($"Where do you want me to put \"{phrase.Text}\"?"),
                "the command does not say where to");
        if (step.UnknownVerb.Length > 0 && step.Sureness < _scene.Thresholds.MinOffer)
            Worsen(GroundingOutcome.Refuse, null, Wording.Of(SpeechAct.Demand, step.UnknownVerb));
        var target = Choose(phrase);
        if (step.IsOpenQuestion
            && (target.Referents.Noun.Best <= 0
                || (phrase.Called is not null && target.Outcome == GroundingOutcome.Absent)))
        {
            _clauses.Clear();
            Worsen(GroundingOutcome.Refuse, null, "the question is not about anything that the robot can see");
            return;
        }

        var destination = step.Destination is { } place ? Choose(place) : null;
        if (destination is { Chosen.Length: > 1 })
            Worsen(
                GroundingOutcome.Clarify, new Question($"Which of them do you mean by \"{destination.Phrase.Text}\"?"),
                "there can be only one destination");
        if (step.Action == RobotActionKind.Report && (step.Counts || target.Chosen.Length > 1)) Report(step, target);
        else AddSteps(step, target, destination);
    }

    /// <summary>
    /// A question about several objects: all are listed, and a target stands only where there is exactly one.
    /// </summary>
    private void Report(CommandStep step, Resolution target)
    {
        if (target.Outcome != GroundingOutcome.Act) return;
        var count = target.Chosen.Length;
        var names = string.Join(", ", target.Chosen.Take(10).Select(index => _scene.Objects[index].Name));
        _clauses.Add(
            new Clause(step.Counts ? "how many" : target.Phrase.Text, true,
                $"{count.ToString(CultureInfo.InvariantCulture)} in sight: {names}"));
        _steps.Add(new ActionStep(RobotActionKind.Report, count == 1 ? Id(target.Chosen[0]) : null, null));
        _deeds.Add($"{Wording.Verb(RobotActionKind.Report)} {target.Phrase.Text}");
    }

    private void AddSteps(CommandStep step, Resolution target, Resolution? destination)
    {
        if (target.Chosen.Length > 1
            && step.Action is RobotActionKind.GoTo or RobotActionKind.Follow or RobotActionKind.LookAt)
        {
            var which =
                $"I can only {Wording.Verb(step.Action)} one at a time. Which of the "
                + $"{QuestionWriter.Count(target.Chosen.Length)} do you mean?";
            Worsen(GroundingOutcome.Clarify,
                new Question(which) { About = target.Phrase, Ids = [.. target.Chosen.Select(Id)] },
                $"{QuestionWriter.Count(target.Chosen.Length)} objects fit \"{target.Phrase.Text}\", and the action "
                + "takes one");
            return;
        }

        if (HarmCheck.Refusal(step, Objects(target), Objects(destination)) is { } harm)
        {
            Worsen(GroundingOutcome.Refuse, null, harm);
            return;
        }

        if (step.UnknownVerb.Length > 0 && step.Sureness < _scene.Thresholds.SureOffer && target.Chosen is [var asked])
        {
            Worsen(
                GroundingOutcome.Clarify,
                new Question(
                    $"I do not know \"{step.UnknownVerb}\". Shall I {Wording.Verb(step.Action)} "
                    + $"{_scene.Objects[asked].Name}?")
                {
                    About = target.Phrase,
                    Ids = [Id(asked)],
                },
                Wording.Of(SpeechAct.Demand, step.UnknownVerb));
            return;
        }

        var to = destination is { Chosen: [var only] } ? Id(only) : null;
        if (to is not null && target.Chosen is [var self] && Id(self) == to)
        {
            Worsen(
                GroundingOutcome.Clarify,
                new Question("Where to? What is to be moved and where it is to go look like the same object."),
                "target and destination are the same object");
            return;
        }

        foreach (var done in target.Chosen.Where(index => Id(index) != to)
            .Select(index => new ActionStep(step.Action, Id(index), to)))
        {
            // "a cup, any cup" names the same object twice.
            if (_steps.Count > 0 && _steps[^1] == done) continue;
            _steps.Add(done);
            _deeds.Add($"{Wording.Verb(step.Action)} {Name(done.Target!)} {step.DestinationText}".TrimEnd());
        }
    }

    private Resolution Choose(NounPhrase phrase)
    {
        if (_choices.TryGetValue(phrase, out var known)) return known;
        var choice = _chooser.Choose(phrase);
        _choices[phrase] = choice;
        if (choice.Outcome == GroundingOutcome.Act) _confidence *= choice.Confidence;
        else Worsen(choice.Outcome, choice.Question, choice.Reason, choice.Confidence);
        Note(choice, choice.Chosen);
        return choice;
    }

    private void TakeAvoid(NounPhrase phrase, double? metres)
    {
        var alone = _command.Steps is [{ Action: RobotActionKind.Avoid }];
        var choice = _choices.TryGetValue(phrase, out var known) ? known : _chooser.Choose(phrase);
        var targets = _steps.SelectMany(step => new[] { step.Target, step.Destination }).ToHashSet();
        // Keeping clear of all that could be meant is always safe; only as the whole task one of them must be named.
        var members = choice.Outcome switch
        {
            GroundingOutcome.Act => choice.Chosen,
            GroundingOutcome.Clarify when !alone && choice.Unknown is null => Avoidable(choice),
            _ => [],
        };
        var several = members.Length > 1;
        var kept = several ? [.. members.Where(index => !targets.Contains(Id(index)))] : members;
        Note(choice, kept);
        if (members.Length == 0)
        {
            var question = choice.Outcome == GroundingOutcome.Absent
                ? new Question(
                    $"I see nothing that fits \"{phrase.Text}\" to keep away from. Where is it, or shall I go on "
                    + "without?")
                : choice.Question;
            Worsen(GroundingOutcome.Clarify, question, choice.Reason);
        }
        else if (kept.Length == 0 || (!several && targets.Contains(Id(kept[0]))))
        {
            Worsen(
                GroundingOutcome.Clarify,
                new Question(
                    $"You ask me to keep away from \"{phrase.Text}\", which the task itself is about. What do you "
                    + "mean?"),
                "what to avoid is what the task is about");
        }
        else
        {
            _confidence *=
                choice.Confidence
                    ?? Math.Min(1, members.Sum(index => choice.Referents.Meant(_scene.Thresholds)[index]));
            foreach (var id in kept.Select(Id))
            {
                if (!_avoid.Contains(id)) _avoid.Add(id);
                if (metres is { } distance) Keep(id, distance);
            }
        }
    }

    /// <summary>Of two distances from one object the greater one keeps both.</summary>
    private void Keep(string id, double metres)
    {
        var known = _distances.FindIndex(one => one.Id == id);
        if (known < 0) _distances.Add(new KeepDistance(id, metres));
        else if (_distances[known].Metres < metres) _distances[known] = new KeepDistance(id, metres);
    }

    private int[] Avoidable(Resolution choice)
    {
        var members = _chooser.Members(choice.Referents);
        if (members.Length > 0) return members;
        var meant = choice.Referents.Meant(_scene.Thresholds);
        return [.. Enumerable.Range(0, meant.Length).Where(i => meant[i] >= 0.2)];
    }

    private void Note(Resolution choice, int[] chosen)
    {
        var explained = chosen.Length > 0 ? chosen[0] : choice.Referents.Closest();
        _clauses.AddRange(_evidence.Write(choice.Phrase, explained));
        _referred.UnionWith(chosen);
        if (choice.Unknown is { } unknown) _unknown.Add(unknown);
        var several = choice.Phrase.Quantity is Quantity.All or Quantity.Exactly or Quantity.AnyOf;
        var meant = several ? choice.Referents.Fits : choice.Referents.Meant(_scene.Thresholds);
        for (var i = 0; i < meant.Length; i++)
        {
            if (meant[i] < _scene.Thresholds.Candidate && !chosen.Contains(i)) continue;
            _candidates[i] = Math.Max(_candidates.GetValueOrDefault(i), Math.Clamp(meant[i], 0, 1));
        }
    }

    private List<Candidate> Candidates() =>
        [.. _candidates.OrderByDescending(candidate => Math.Round(candidate.Value, 6))
            .ThenBy(candidate => candidate.Key)
            .Where((candidate, place) => place < _scene.Thresholds.MaxCandidates || _referred.Contains(candidate.Key))
            .Select(candidate => (Item: _scene.Objects[candidate.Key], candidate.Value))
            .Select(candidate =>
                new Candidate(candidate.Item.Source.Id, candidate.Item.Source.Label ?? "", candidate.Value,
                    candidate.Item.Box ?? default))];

    /// <summary>A worse outcome replaces a better one: refuse before absent before clarify before act.</summary>
    private void Worsen(GroundingOutcome outcome, Question? question, string? reason, double? confidence = null)
    {
        if (_outcome != GroundingOutcome.Act && outcome <= _outcome) return;
        _outcome = outcome;
        _confidence = confidence;
        _question = question;
        _reason = reason;
    }

    private IEnumerable<ViewedObject> Objects(Resolution? choice) =>
        choice?.Chosen.Select(index => _scene.Objects[index]) ?? [];

    private static string Figure(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    private string Id(int index) => _scene.Objects[index].Source.Id;
}
