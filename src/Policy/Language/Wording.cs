namespace EdgePerception.Policy.Language;

/// <summary>Why an utterance moves nothing, in one sentence for its speaker.</summary>
internal static class Wording
{
    /// <summary>For words without an action.</summary>
    public const string NoAction = "the command names no action that the robot knows";

    /// <summary>For an utterance of one kind alone.</summary>
    public static string Of(SpeechAct act, string text = "") => act switch
    {
        SpeechAct.Prohibition => "the command says only what not to do",
        SpeechAct.Retraction => "the command takes back what it asks for",
        SpeechAct.Question => "the question is not about anything that the robot can see",
        SpeechAct.Statement => "that says how things are and asks for nothing",
        SpeechAct.Quotation => "that repeats what somebody says or what is written; it is no order to the robot",
        SpeechAct.Hypothetical => "that says what would be, and asks for nothing now",
        SpeechAct.Permission => "that allows something and asks for nothing",
        SpeechAct.Wish => "that says what others should do; it is no order to the robot",
        SpeechAct.Address => "that speaks to somebody else",
        SpeechAct.Harm => $"\"{text}\" could hurt somebody or damage something",
        SpeechAct.Demand => $"\"{text}\" is not an action that the robot knows",
        SpeechAct.Courtesy => "that asks for nothing",
        _ => NoAction,
    };

    /// <summary>For what stands beside an order and keeps it from being carried out.</summary>
    public static string Beside(SpeechAct act, string text) => act switch
    {
        SpeechAct.Prohibition => $"I cannot make sure of \"{text}\". Say the order without it to have it done.",
        _ => $"I do not know what \"{text}\" means for the order. Say the order alone to have it done.",
    };

    /// <summary>For limits that nobody enforces.</summary>
    public static string Constraints(IReadOnlyList<Constraint> constraints) =>
        $"I cannot keep to {string.Join(" and ", constraints.Select(constraint => $"\"{constraint.Text}\""))} "
        + "and do nothing without it. Say the order without it to have it done at once.";

    /// <summary>What the robot would do, to be read after "shall I".</summary>
    public static string Verb(RobotActionKind action) => action switch
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
