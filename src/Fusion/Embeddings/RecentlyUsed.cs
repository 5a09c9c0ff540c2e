using System.Diagnostics.CodeAnalysis;

namespace EdgePerception.Fusion.Embeddings;

/// <summary>Keeps what was used last, up to a number of entries. Not thread-safe.</summary>
internal sealed class RecentlyUsed<T>(int most)
{
    private readonly Dictionary<string, LinkedListNode<(string Key, T Value)>> _nodes = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Key, T Value)> _order = [];

    public bool TryGet(string key, [MaybeNullWhen(false)] out T value)
    {
        if (!_nodes.TryGetValue(key, out var node))
        {
            value = default;
            return false;
        }

        _order.Remove(node);
        _order.AddFirst(node);
        value = node.Value.Value;
        return true;
    }

    /// <summary>Adds an entry that is not there, in place of the one that was not used for longest.</summary>
    public void Add(string key, T value)
    {
        if (_nodes.Count == most)
        {
            _nodes.Remove(_order.Last!.Value.Key);
            _order.RemoveLast();
        }

        _nodes.Add(key, _order.AddFirst((key, value)));
    }
}
