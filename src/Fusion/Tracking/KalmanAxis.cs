namespace EdgePerception.Fusion.Tracking;

/// <summary>
/// A constant-velocity Kalman filter of one coordinate. The eight-state filter of DeepSORT (Wojke et al., 2017) starts
/// with a diagonal covariance and has diagonal noises, so its four coordinates never mix: four of these give the same
/// answer without matrices. Units: pixels, seconds.
/// </summary>
internal struct KalmanAxis
{
    /// <summary>Position in pixels.</summary>
    public double Position;

    /// <summary>Velocity in pixels a second.</summary>
    public double Velocity;

    /// <summary>Variance of the position.</summary>
    public double PositionVariance;

    /// <summary>Covariance of position and velocity.</summary>
    public double Covariance;

    /// <summary>Variance of the velocity.</summary>
    public double VelocityVariance;

    /// <summary>Starts at rest at a first measurement.</summary>
    public static KalmanAxis Start(double position, double positionDeviation, double velocityDeviation) => new()
    {
        Position = position,
        PositionVariance = positionDeviation * positionDeviation,
        VelocityVariance = velocityDeviation * velocityDeviation,
    };

    /// <summary>Moves the state on by <paramref name="seconds"/> and adds what may have happened meanwhile.</summary>
    public void Predict(double seconds, double addedPositionVariance, double addedVelocityVariance)
    {
        Position += Velocity * seconds;
        PositionVariance += seconds * (2 * Covariance + seconds * VelocityVariance) + addedPositionVariance;
        Covariance += seconds * VelocityVariance;
        VelocityVariance += addedVelocityVariance;
    }

    /// <summary>
    /// Takes in a measured position of a given variance. The variances are computed in a form that cannot turn
    /// negative by rounding.
    /// </summary>
    public void Correct(double measured, double variance)
    {
        var innovation = measured - Position;
        var total = PositionVariance + variance;
        var gain = PositionVariance / total;
        var velocityGain = Covariance / total;
        Position += gain * innovation;
        Velocity += velocityGain * innovation;
        // Joseph's form, (I-KH)P(I-KH)' + KRK', written out.
        var rest = variance / total;
        var newVelocityVariance = VelocityVariance - 2 * velocityGain * Covariance
            + velocityGain * velocityGain * total;
        Covariance *= rest;
        PositionVariance *= rest;
        VelocityVariance = Math.Max(newVelocityVariance, Covariance * Covariance / PositionVariance);
    }
}
