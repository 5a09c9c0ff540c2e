using EdgePerception.Policy.Commands;
using static EdgePerception.Policy.Commands.LifeState;

namespace EdgePerception.Policy.Tests.Commands;

public sealed class LifeTransitionsTests
{
    // Rows are from, columns to, in the order of the states; x where there is a way.
    private static readonly string[] Expected =
    [
        //              Re Gr Ac Ex Cl Rf Do Fa Xp Ca Pe
        /* Received   */ ". x . . . x x . . . .",
        /* Grounded   */ ". . x . x x x . . . .",
        /* Accepted   */ ". . . x . . . x x x x",
        /* Executing  */ ". . . . . . x x . x x",
        /* Clarifying */ ". . . . . . . . . . .",
        /* Refused    */ ". . . . . . . . . . .",
        /* Done       */ ". . . . . . . . . . .",
        /* Failed     */ ". . . . . . . . . . .",
        /* Expired    */ ". . . . . . . . . . .",
        /* Cancelled  */ ". . . . . . . . . . .",
        /* PreEmpted  */ ". . . . . . . . . . .",
    ];

    [Fact]
    public void Every_pair_of_states_is_as_drawn()
    {
        var states = Enum.GetValues<LifeState>();
        var drawn = states.Select(from =>
            string.Join(' ', states.Select(to => LifeTransitions.Allows(from, to) ? "x" : ".")));
        Assert.Equal(Expected, drawn);
        Assert.Equal(Expected.Sum(row => row.Count(mark => mark == 'x')), LifeTransitions.All.Count());
    }

    [Fact]
    public void What_nothing_follows_is_an_end_and_every_end_can_be_reached()
    {
        LifeState[] ends = [Clarifying, Refused, Done, Failed, Expired, Cancelled, PreEmpted];
        Assert.Equal(ends, Enum.GetValues<LifeState>().Where(LifeTransitions.IsEnd));
        HashSet<LifeState> reached = [Received];
        for (var grown = 0; grown != reached.Count;)
        {
            grown = reached.Count;
            reached.UnionWith(LifeTransitions.All.Where(way => reached.Contains(way.From)).Select(way => way.To));
        }

        Assert.Equal(Enum.GetValues<LifeState>(), reached.Order());
    }
}
