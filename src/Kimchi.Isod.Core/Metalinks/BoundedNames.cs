using System.Xml;

namespace Kimchi.Isod.Core.Metalinks;

/// <summary>The names of elements and attributes that an XML reader remembers: at most a thousand.</summary>
internal sealed class BoundedNames : NameTable
{
    private const int MostNames = 1000;

    private int _count;

    public override string Add(char[] key, int start, int len) => Get(key, start, len) ?? Remember(() => base.Add(key, start, len));

    public override string Add(string key) => Get(key) ?? Remember(() => base.Add(key));

    private string Remember(Func<string> add) =>
        ++_count <= MostNames ? add() : throw Metalink.Invalid($"it has more than {MostNames} names of elements and attributes");
}
