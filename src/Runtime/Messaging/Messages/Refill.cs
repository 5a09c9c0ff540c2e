using Google.Protobuf.Collections;

namespace EdgePerception.Runtime.Messaging.Messages;

/// <summary>
/// Fills a message's list anew again and again with the messages that it held before; what is left over is kept for a
/// longer time to come. Not thread-safe.
/// </summary>
internal sealed class Refill<T>(RepeatedField<T> list)
    where T : class, new()
{
    private readonly Stack<T> _spare = [];
    private int _count;

    /// <summary>Begins from the first.</summary>
    public void Begin() => _count = 0;

    /// <summary>The next one, with whatever it held before.</summary>
    public T Next()
    {
        if (_count == list.Count) list.Add(_spare.TryPop(out var spare) ? spare : new T());
        return list[_count++];
    }

    /// <summary>Ends the list behind the last one that was asked for.</summary>
    public void End()
    {
        for (; list.Count > _count; list.RemoveAt(list.Count - 1)) _spare.Push(list[^1]);
    }
}
