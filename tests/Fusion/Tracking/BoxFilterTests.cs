using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Tracking;
using FsCheck.Xunit;

namespace EdgePerception.Fusion.Tests.Tracking;

public class BoxFilterTests
{
    [Property(MaxTest = 200, Replay = "17,31")]
    public bool The_covariance_stays_positive(int seed)
    {
        var random = new Random(seed);
        var filter = BoxFilter.Start(RandomBox(random));
        for (var step = 0; step < 200; step++)
        {
            filter.Predict(random.NextDouble() * (random.Next(10) == 0 ? 2 : 0.05), random.Next(2) == 0);
            if (random.Next(3) > 0) filter.Correct(RandomBox(random));
            if (!IsPositive(filter.X) || !IsPositive(filter.Y) || !IsPositive(filter.Width)
                || !IsPositive(filter.Height))
                return false;
        }

        return true;
    }

    [Property(MaxTest = 100, Replay = "17,31")]
    public bool One_axis_equals_the_filter_in_matrices(int seed)
    {
        var random = new Random(seed);
        var axis = KalmanAxis.Start(random.NextDouble() * 100, 2, 10);
        double[] state = [axis.Position, axis.Velocity];
        double[,] covariance = { { 4, 0 }, { 0, 100 } };
        for (var step = 0; step < 50; step++)
        {
            var (seconds, measured) = (random.NextDouble() * 0.2, random.NextDouble() * 100);
            axis.Predict(seconds, 0.5, 3);
            axis.Correct(measured, 2);
            MatrixStep(state, covariance, seconds, measured);
        }

        return Near(axis.Position, state[0]) && Near(axis.Velocity, state[1])
            && Near(axis.PositionVariance, covariance[0, 0]) && Near(axis.Covariance, covariance[0, 1])
            && Near(axis.Covariance, covariance[1, 0]) && Near(axis.VelocityVariance, covariance[1, 1]);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(10)]
    [InlineData(30)]
    [InlineData(60)]
    public void A_steady_motion_is_learnt_at_any_frame_rate(int imagesPerSecond)
    {
        var filter = BoxFilter.Start(new BoundingBox(0, 100, 40, 80));
        for (var i = 1; i <= 3 * imagesPerSecond; i++)
        {
            filter.Predict(1.0 / imagesPerSecond, true);
            filter.Correct(new BoundingBox(50f * i / imagesPerSecond, 100, 40, 80));
        }

        Assert.InRange(filter.Velocity.X, 47, 53);
        Assert.InRange(filter.Velocity.Y, -1, 1);
    }

    private static void MatrixStep(double[] x, double[,] p, double dt, double measured)
    {
        x[0] += dt * x[1];
        double p00 = p[0, 0] + dt * (p[1, 0] + p[0, 1]) + dt * dt * p[1, 1] + 0.5;
        double p01 = p[0, 1] + dt * p[1, 1], p10 = p[1, 0] + dt * p[1, 1], p11 = p[1, 1] + 3;
        double k0 = p00 / (p00 + 2), k1 = p10 / (p00 + 2), innovation = measured - x[0];
        (x[0], x[1]) = (x[0] + k0 * innovation, x[1] + k1 * innovation);
        (p[0, 0], p[0, 1], p[1, 0], p[1, 1]) = ((1 - k0) * p00, (1 - k0) * p01, p10 - k1 * p00, p11 - k1 * p01);
    }

    private static bool Near(double a, double b) => Math.Abs(a - b) <= 1e-6 * Math.Max(1, Math.Abs(b));

    private static bool IsPositive(in KalmanAxis axis)
        => double.IsFinite(axis.Position) && double.IsFinite(axis.Velocity) && axis.PositionVariance > 0
            && axis.VelocityVariance > 0
            && axis.PositionVariance * axis.VelocityVariance >= axis.Covariance * axis.Covariance * (1 - 1e-9);

    private static BoundingBox RandomBox(Random random)
        => new(
            random.NextSingle() * 1000, random.NextSingle() * 1000,
            0.1f + random.NextSingle() * 500, 0.1f + random.NextSingle() * 500);
}
