using EdgePerception.Runtime.CommandLine;
using EdgePerception.Runtime.Messaging.Messages;

namespace EdgePerception.Runtime.Tests.CommandLine;

public sealed class AnswerTextTests
{
    [Fact]
    public void An_action_names_its_target_and_each_clause_its_evidence() => Assert.Equal(
        ["act go_to 7", "✓ white: white 0.71 of truck 7's pixels", "✗ moving: it stands still"],
        AnswerText.Lines(new GroundingAnswer
        {
            Outcome = GroundingAnswer.Types.Outcome.Act,
            Action = ActionKind.GoTo,
            Target = "7",
            Clauses =
            {
                new Clause { Text = "white", Holds = true, Evidence = "white 0.71 of truck 7's pixels" },
                new Clause { Text = "moving", Evidence = "it stands still" },
            },
        }));

    [Fact]
    public void A_question_comes_before_its_reason() => Assert.Equal(
        ["clarify follow", "Which one?", "two fit alike"],
        AnswerText.Lines(new GroundingAnswer
        {
            Outcome = GroundingAnswer.Types.Outcome.Clarify,
            Action = ActionKind.Follow,
            Question = "Which one?",
            Reason = "two fit alike",
        }));

    [Fact]
    public void Without_an_action_there_is_none_to_name() =>
        Assert.Equal(["refuse", "the command is empty"], AnswerText.Lines(new GroundingAnswer { Reason = "the command is empty" }));
}
