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
    public void Words_that_were_not_understood_are_named_and_no_reason_repeats_the_question() => Assert.Equal(
        ["clarify bring", "not understood: tomorrow, of the wug", "What does that mean?"],
        AnswerText.Lines(new GroundingAnswer
        {
            Outcome = GroundingAnswer.Types.Outcome.Clarify,
            Action = ActionKind.Bring,
            Question = "What does that mean?",
            Reason = "What does that mean?",
            Unread = { "tomorrow", "of the wug" },
        }));

    [Fact]
    public void A_distance_to_keep_names_the_object_and_a_limit_that_is_not_known_is_not_passed_over() => Assert.Equal(
        ["act go_to k1", "keep 2 m away from dog d1", "keep 0.305 m away from p1",
            "with a limit that this version does not know"],
        AnswerText.Lines(new GroundingAnswer
        {
            Outcome = GroundingAnswer.Types.Outcome.Act,
            Action = ActionKind.GoTo,
            Target = "k1",
            Candidates = { new Candidate { Id = "k1", Label = "car" }, new Candidate { Id = "d1", Label = "dog" } },
            Constraints =
            {
                new Constraint { Kind = Constraint.Types.Kind.KeepDistance, Object = "d1", Metres = 2 },
                new Constraint { Kind = Constraint.Types.Kind.KeepDistance, Object = "p1", Metres = 0.305 },
                new Constraint { Kind = (Constraint.Types.Kind)99, Object = "d1" },
            },
        }));

    [Fact]
    public void Without_an_action_there_is_none_to_name() =>
        Assert.Equal(["refuse", "the command is empty"],
            AnswerText.Lines(new GroundingAnswer { Reason = "the command is empty" }));
}
