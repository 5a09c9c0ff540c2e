namespace EdgePerception.Fusion.Tracking;

/// <summary>
/// Optimal one-to-one assignment of rows to columns with the largest total benefit, by shortest augmenting paths with
/// potentials (Jonker and Volgenant, 1987; Crouse, 2016): O(rows² · columns) with rows ≤ columns. A benefit of 0 or
/// less means that the pair must not be made. Buffers are made once for the largest problem; nothing is allocated
/// later. Not thread-safe.
/// </summary>
internal sealed class Assignment
{
    /// <summary>Stands for a row without a column.</summary>
    public const int None = -1;

    private readonly int _capacity;
    private readonly double[] _cost;
    private readonly double[] _rowPotential;
    private readonly double[] _columnPotential;
    private readonly double[] _distance;
    private readonly int[] _rowOfColumn;
    private readonly int[] _previous;
    private readonly bool[] _visited;
    private bool _transposed;
    private int _rows;
    private int _columns;

    /// <summary>Makes room for problems of up to so many rows and columns.</summary>
    public Assignment(int maxRows, int maxColumns)
    {
        _capacity = Math.Max(maxRows, maxColumns) + 1;
        _cost = new double[maxRows * maxColumns];
        _rowPotential = new double[_capacity];
        _columnPotential = new double[_capacity];
        _distance = new double[_capacity];
        _rowOfColumn = new int[_capacity];
        _previous = new int[_capacity];
        _visited = new bool[_capacity];
    }

    /// <summary>Begins a problem of that size; all benefits are 0.</summary>
    public void Begin(int rows, int columns)
    {
        _transposed = rows > columns;
        (_rows, _columns) = _transposed ? (columns, rows) : (rows, columns);
        Array.Clear(_cost, 0, rows * columns);
    }

    /// <summary>Sets what a pair is worth.</summary>
    public void SetBenefit(int row, int column, double benefit)
    {
        if (_transposed) (row, column) = (column, row);
        _cost[row * _columns + column] = -Math.Max(benefit, 0);
    }

    /// <summary>
    /// Solves the problem; <paramref name="columnOfRow"/> gets each row's column, or <see cref="None"/>.
    /// </summary>
    public void Solve(Span<int> columnOfRow)
    {
        columnOfRow.Fill(None);
        _rowPotential.AsSpan(0, _rows + 1).Clear();
        _columnPotential.AsSpan(0, _columns + 1).Clear();
        _rowOfColumn.AsSpan(0, _columns + 1).Clear();
        for (var row = 1; row <= _rows; row++) Augment(row);

        for (var column = 1; column <= _columns; column++)
        {
            var row = _rowOfColumn[column];
            // A pair without benefit only fills the matching up; it stands for "no partner".
            if (row == 0 || _cost[(row - 1) * _columns + column - 1] >= 0) continue;
            if (_transposed) columnOfRow[column - 1] = row - 1;
            else columnOfRow[row - 1] = column - 1;
        }
    }

    // Rows and columns count from 1 here; column 0 holds the row that is being placed.
    private void Augment(int row)
    {
        _rowOfColumn[0] = row;
        _distance.AsSpan(0, _columns + 1).Fill(double.PositiveInfinity);
        _visited.AsSpan(0, _columns + 1).Clear();
        var column = 0;
        do
        {
            column = Advance(column);
        }
        while (_rowOfColumn[column] != 0);

        while (column != 0)
        {
            var before = _previous[column];
            _rowOfColumn[column] = _rowOfColumn[before];
            column = before;
        }
    }

    private int Advance(int column)
    {
        _visited[column] = true;
        var row = _rowOfColumn[column];
        var costs = _cost.AsSpan((row - 1) * _columns, _columns);
        var nearest = 0;
        var step = double.PositiveInfinity;
        for (var j = 1; j <= _columns; j++)
        {
            if (_visited[j]) continue;
            var reduced = costs[j - 1] - _rowPotential[row] - _columnPotential[j];
            if (reduced < _distance[j]) (_distance[j], _previous[j]) = (reduced, column);
            if (_distance[j] < step) (step, nearest) = (_distance[j], j);
        }

        for (var j = 0; j <= _columns; j++)
        {
            if (_visited[j])
            {
                _rowPotential[_rowOfColumn[j]] += step;
                _columnPotential[j] -= step;
            }
            else
            {
                _distance[j] -= step;
            }
        }

        return nearest;
    }
}
