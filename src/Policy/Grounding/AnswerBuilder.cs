using System.Globalization;
using EdgePerception.Policy.Commands;

namespace EdgePerception.Policy.Grounding;

/// <summary>Puts the answer to one command together from its steps.</summary>
internal sealed class AnswerBuilder
{
    private readonly string _id;
    private readonly ParsedCommand _command;
    private readonly SceneView _scene;
    private readonly Combination? _combination;
    private readonly Chooser _chooser;
    private readonly EvidenceWriter _evidence;
    private readonly Dictionary<NounPhrase, Choice> _choices = new(ReferenceEqualityComparer.Instance);
    private readonly List<ActionStep> _steps = [];
    private readonly List<string> _avoid = [];
    private readonly List<Clause> _clauses = [];
    private readonly SortedDictionary<int, double> _candidates = [];
    private readonly HashSet<int> _referred = [];
    private double _confidence = 1;
    private GroundingOutcome _outcome = GroundingOutcome.Act;
    private Question? _question;
    private string? _reason;

    /// <summary>Creates a builder for one command and one scene.</summary>
    /// <param name="id">The command's id.</param>
    /// <param name="command">The command.</param>
    /// <param name="scene">The scene.</param>
    /// <param name="combination">The network's opinion; none where the rules alone are asked.</param>
    public AnswerBuilder(string id, ParsedCommand command, SceneView scene, Combination? combination)
    {
        _combination = combination;
        _id = id;
        _command = command;
        _scene = scene;
        var resolver = new DescriptionResolver(scene);
        _evidence = new EvidenceWriter(resolver);
        _chooser = new Chooser(resolver, new QuestionWriter(resolver), _evidence, combination);
    }

    /// <summary>The answer.</summary>
    public GroundingAnswer Build()
    {
        foreach (var step in _command.Steps) Take(step);
        foreach (var phrase in _command.Avoid) TakeAvoid(phrase);
        if (_command.Asks is { } question) Worsen(GroundingOutcome.Clarify, 0.9, new Question(question), "what was said before does not tell what is meant");
        if (_command.Incomplete != RobotActionKind.None)
            Worsen(GroundingOutcome.Clarify, 0.9, new Question($"What do you want me to {Verb(_command.Incomplete)}?"), "the command names no object");
        var acts = _outcome == GroundingOutcome.Act;
        var weighed = _choices.Values.FirstOrDefault(choice => choice.Referents.Posterior is not null)?.Referents.Posterior;
        return new GroundingAnswer
        {
            Method = weighed is null ? GroundingMethod.Rules : GroundingMethod.Combined,
            Plausible = weighed?.Plausible(_scene) ?? [],
            Attention = weighed is null || _combination is null ? [] : WordWeight.Of(_combination.Reading, weighed.Top < 0 ? "" : Id(weighed.Top)),
            Id = _id,
            Outcome = _outcome,
            Action = _outcome == GroundingOutcome.Refuse ? RobotActionKind.None : Action(),
            Target = acts ? FirstTarget() : null,
            Destination = acts ? _steps.Select(step => step.Destination).FirstOrDefault(destination => destination is not null) : null,
            Avoid = acts ? [.. _avoid] : [],
            Steps = acts ? [.. _steps] : [],
            Confidence = Math.Clamp(_confidence, 0, 1),
            Candidates = Candidates(),
            Clauses = _clauses,
            Question = _outcome == GroundingOutcome.Clarify ? _question?.Text : null,
            Asked = _outcome == GroundingOutcome.Clarify ? _question : null,
            Reason = acts ? null : _reason,
        };
    }

    private RobotActionKind Action() => _command.Steps.Count > 0 ? _command.Steps[0].Action : _command.Incomplete;

    /// <summary>The object of the first step; none where several objects answer a question.</summary>
    private string? FirstTarget() => _steps.Count > 0 && _steps[0].Target is { } first ? first : null;

    private void Take(CommandStep step)
    {
        if (step.Action is RobotActionKind.Avoid or RobotActionKind.Resume)
        {
            _steps.Add(new ActionStep(step.Action, null, null));
            return;
        }

        if (step.Target is not { } phrase) return;
        var target = Choose(phrase);
        if (step.IsOpenQuestion && target.Referents.Noun.Best <= 0)
        {
            _clauses.Clear();
            Worsen(GroundingOutcome.Refuse, 0.9, null, "the question is not about anything that the robot can see");
            return;
        }

        var destination = step.Destination is { } place ? Choose(place) : null;
        if (destination is { Chosen.Length: > 1 })
            Worsen(GroundingOutcome.Clarify, 0.8, new Question($"Which of them do you mean by \"{destination.Phrase.Text}\"?"), "there can be only one destination");
        if (step.Action == RobotActionKind.Report && (step.Counts || target.Chosen.Length > 1)) Report(step, target);
        else AddSteps(step, target, destination);
    }

    /// <summary>A question about several objects: all are listed, and a target stands only where there is exactly one.</summary>
    private void Report(CommandStep step, Choice target)
    {
        if (target.Outcome != GroundingOutcome.Act) return;
        var count = target.Chosen.Length;
        var names = string.Join(", ", target.Chosen.Take(10).Select(index => _scene.Objects[index].Name));
        _clauses.Add(new Clause(step.Counts ? "how many" : target.Phrase.Text, true, $"{count.ToString(CultureInfo.InvariantCulture)} in sight: {names}"));
        _steps.Add(new ActionStep(RobotActionKind.Report, count == 1 ? Id(target.Chosen[0]) : null, null));
    }

    private void AddSteps(CommandStep step, Choice target, Choice? destination)
    {
        if (target.Chosen.Length > 1 && step.Action is RobotActionKind.GoTo or RobotActionKind.Follow or RobotActionKind.LookAt)
        {
            var which = $"I can only {Verb(step.Action)} one at a time. Which of the {QuestionWriter.Count(target.Chosen.Length)} do you mean?";
            Worsen(GroundingOutcome.Clarify, 0.8, new Question(which) { About = target.Phrase, Ids = [.. target.Chosen.Select(Id)] },
                $"{QuestionWriter.Count(target.Chosen.Length)} objects fit \"{target.Phrase.Text}\", and the action takes one");
            return;
        }

        var to = destination is { Chosen: [var only] } ? Id(only) : null;
        if (to is not null && target.Chosen is [var self] && Id(self) == to)
        {
            Worsen(GroundingOutcome.Clarify, 0.7, new Question("Where to? What is to be moved and where it is to go look like the same object."), "target and destination are the same object");
            return;
        }

        foreach (var index in target.Chosen.Where(index => Id(index) != to)) _steps.Add(new ActionStep(step.Action, Id(index), to));
    }

    private Choice Choose(NounPhrase phrase)
    {
        if (_choices.TryGetValue(phrase, out var known)) return known;
        var choice = _chooser.Choose(phrase);
        _choices[phrase] = choice;
        if (choice.Outcome == GroundingOutcome.Act) _confidence *= choice.Confidence;
        else Worsen(choice.Outcome, choice.Confidence, choice.Question, choice.Reason);
        Note(choice, choice.Chosen);
        return choice;
    }

    private void TakeAvoid(NounPhrase phrase)
    {
        var alone = _command.Steps is [{ Action: RobotActionKind.Avoid }];
        var choice = _choices.TryGetValue(phrase, out var known) ? known : _chooser.Choose(phrase);
        var targets = _steps.SelectMany(step => new[] { step.Target, step.Destination }).ToHashSet();
        // Keeping clear of all that could be meant is always safe; only as the whole task one of them must be named.
        var members = choice.Outcome switch
        {
            GroundingOutcome.Act => choice.Chosen,
            GroundingOutcome.Clarify when !alone => Avoidable(choice),
            _ => [],
        };
        var several = members.Length > 1;
        var kept = several ? [.. members.Where(index => !targets.Contains(Id(index)))] : members;
        Note(choice, kept);
        if (members.Length == 0)
        {
            var question = choice.Outcome == GroundingOutcome.Absent
                ? new Question($"I see nothing that fits \"{phrase.Text}\" to keep away from. Where is it, or shall I go on without?")
                : choice.Question;
            Worsen(GroundingOutcome.Clarify, choice.Confidence, question, choice.Reason);
        }
        else if (kept.Length == 0 || (!several && targets.Contains(Id(kept[0]))))
        {
            Worsen(GroundingOutcome.Clarify, 0.8, new Question($"You ask me to keep away from \"{phrase.Text}\", which the task itself is about. What do you mean?"),
                "what to avoid is what the task is about");
        }
        else
        {
            _confidence *= choice.Outcome == GroundingOutcome.Act ? choice.Confidence : 0.9;
            foreach (var index in kept) if (!_avoid.Contains(Id(index))) _avoid.Add(Id(index));
        }
    }

    private int[] Avoidable(Choice choice)
    {
        var members = _chooser.Members(choice.Referents);
        if (members.Length > 0) return members;
        var meant = choice.Referents.Meant(_scene.Thresholds);
        return [.. Enumerable.Range(0, meant.Length).Where(i => meant[i] >= 0.2)];
    }

    private void Note(Choice choice, int[] chosen)
    {
        var explained = chosen.Length > 0 ? chosen[0] : choice.Referents.Closest();
        _clauses.AddRange(_evidence.Write(choice.Phrase, explained));
        _referred.UnionWith(chosen);
        var several = choice.Phrase.Quantity is Quantity.All or Quantity.Exactly or Quantity.AnyOf;
        var meant = several ? choice.Referents.Fits : choice.Referents.Meant(_scene.Thresholds);
        for (var i = 0; i < meant.Length; i++)
        {
            if (meant[i] < _scene.Thresholds.Candidate && !chosen.Contains(i)) continue;
            _candidates[i] = Math.Max(_candidates.GetValueOrDefault(i), Math.Clamp(meant[i], 0, 1));
        }
    }

    private List<Candidate> Candidates() =>
        [.. _candidates.OrderByDescending(candidate => Math.Round(candidate.Value, 6)).ThenBy(candidate => candidate.Key)
            .Where((candidate, place) => place < _scene.Thresholds.MostCandidates || _referred.Contains(candidate.Key))
            .Select(candidate => (Item: _scene.Objects[candidate.Key], candidate.Value))
            .Select(candidate => new Candidate(candidate.Item.Source.Id, candidate.Item.Source.Label ?? "", candidate.Value, candidate.Item.Box ?? default))];

    /// <summary>A worse outcome replaces a better one: refuse before absent before clarify before act.</summary>
    private void Worsen(GroundingOutcome outcome, double confidence, Question? question, string? reason)
    {
        if (_outcome != GroundingOutcome.Act && outcome <= _outcome) return;
        _outcome = outcome;
        _confidence = confidence;
        _question = question;
        _reason = reason;
    }

    private string Id(int index) => _scene.Objects[index].Source.Id;

    private static string Verb(RobotActionKind action) => action switch
    {
        RobotActionKind.Pick => "pick up",
        RobotActionKind.Bring => "bring",
        RobotActionKind.Place => "put down",
        RobotActionKind.GoTo => "go to",
        RobotActionKind.Follow => "follow",
        RobotActionKind.LookAt => "look at",
        RobotActionKind.Avoid => "keep away from",
        _ => "look for",
    };
}
