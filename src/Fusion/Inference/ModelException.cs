namespace EdgePerception.Fusion.Inference;

/// <summary>A model cannot be used: one line naming the file, the tensor or rule, and what to do.</summary>
public sealed class ModelException : Exception
{
    /// <summary>Makes the exception with its line.</summary>
    public ModelException(string message) : base(message)
    {
    }

    /// <summary>Makes the exception with its line and what brought it about.</summary>
    public ModelException(string message, Exception inner) : base(message, inner)
    {
    }
}
