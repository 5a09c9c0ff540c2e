namespace EdgePerception.Runtime.Diagnostics;

/// <summary>A user's mistake: its message is the whole answer, on standard error, with exit code 2.</summary>
public sealed class UserException : Exception
{
    /// <summary>Makes the exception with one line that says what, where, and what to do.</summary>
    public UserException(string message) : base(message)
    {
    }

    /// <summary>Makes the exception with what brought it about.</summary>
    public UserException(string message, Exception inner) : base(message, inner)
    {
    }
}
