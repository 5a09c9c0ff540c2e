using EdgePerception.Fusion.Tracking;
using FsCheck.Xunit;

namespace EdgePerception.Fusion.Tests.Tracking;

public class AssignmentTests
{
    private readonly Assignment _assignment = new(12, 12);

    [Property(MaxTest = 500, Replay = "17,31")]
    public bool The_total_benefit_equals_the_best_of_all_permutations(int seed)
    {
        var random = new Random(seed);
        var (rows, columns) = (random.Next(1, 7), random.Next(1, 7));
        var benefit = Benefits(random, rows, columns);

        var answer = Solve(benefit, rows, columns);

        return Math.Abs(Total(benefit, answer) - BestTotal(benefit, rows, columns, 0, 0)) < 1e-9;
    }

    [Property(MaxTest = 500, Replay = "17,31")]
    public bool No_column_is_given_twice_and_no_forbidden_pair_is_made(int seed)
    {
        var random = new Random(seed);
        var (rows, columns) = (random.Next(1, 13), random.Next(1, 13));
        var benefit = Benefits(random, rows, columns);

        var answer = Solve(benefit, rows, columns);

        var made = answer.Where(c => c != Assignment.None).ToList();
        return made.Distinct().Count() == made.Count
            && answer.Index().All(a => a.Item == Assignment.None || benefit[a.Index, a.Item] > 0);
    }

    [Fact]
    public void A_worse_pair_is_made_where_it_lets_another_have_a_partner()
    {
        // Greedy would pair row 0 with column 0 and leave row 1 alone.
        double[,] benefit = { { 0.9, 0.8 }, { 0.7, 0 } };

        Assert.Equal([1, 0], Solve(benefit, 2, 2));
    }

    [Fact]
    public void Without_any_benefit_no_pair_is_made()
        => Assert.All(Solve(new double[5, 3], 5, 3), column => Assert.Equal(Assignment.None, column));

    private static double[,] Benefits(Random random, int rows, int columns)
    {
        var benefit = new double[rows, columns];
        for (var row = 0; row < rows; row++)
        {
            // A third of the pairs is forbidden, and ties are frequent.
            for (var column = 0; column < columns; column++)
                benefit[row, column] = random.Next(3) == 0 ? 0 : random.Next(1, 20) / 20.0;
        }

        return benefit;
    }

    private int[] Solve(double[,] benefit, int rows, int columns)
    {
        _assignment.Begin(rows, columns);
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++) _assignment.SetBenefit(row, column, benefit[row, column]);
        }

        var answer = new int[rows];
        _assignment.Solve(answer);
        return answer;
    }

    private static double Total(double[,] benefit, int[] columnOfRow)
        => columnOfRow.Index().Sum(a => a.Item == Assignment.None ? 0 : benefit[a.Index, a.Item]);

    private static double BestTotal(double[,] benefit, int rows, int columns, int row, int taken)
    {
        if (row == rows) return 0;
        var best = BestTotal(benefit, rows, columns, row + 1, taken);
        for (var column = 0; column < columns; column++)
        {
            if ((taken & (1 << column)) != 0) continue;
            best = Math.Max(
                best, benefit[row, column] + BestTotal(benefit, rows, columns, row + 1, taken | (1 << column)));
        }

        return best;
    }
}
