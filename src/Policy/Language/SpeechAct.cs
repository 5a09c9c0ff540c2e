namespace EdgePerception.Policy.Language;

/// <summary>What a speaker does by saying something. Nothing but an <see cref="Order"/> moves the robot.</summary>
public enum SpeechAct
{
    /// <summary>Nothing that was understood.</summary>
    None,

    /// <summary>Asks the robot to do something.</summary>
    Order,

    /// <summary>Says what not to do.</summary>
    Prohibition,

    /// <summary>Takes back what was asked for.</summary>
    Retraction,

    /// <summary>Asks about something that the robot cannot see.</summary>
    Question,

    /// <summary>Says how something is or was.</summary>
    Statement,

    /// <summary>Repeats what somebody says or what is written.</summary>
    Quotation,

    /// <summary>Says what would be.</summary>
    Hypothetical,

    /// <summary>Says what may be done.</summary>
    Permission,

    /// <summary>Says what others should do.</summary>
    Wish,

    /// <summary>Speaks to somebody else.</summary>
    Address,

    /// <summary>Asks for what would hurt or damage.</summary>
    Harm,

    /// <summary>Asks for what the robot cannot do.</summary>
    Demand,

    /// <summary>Thanks, greets or chats.</summary>
    Courtesy,

    /// <summary>Names an object, a place, yes or no, and no action: means something after another turn.</summary>
    Fragment,
}
