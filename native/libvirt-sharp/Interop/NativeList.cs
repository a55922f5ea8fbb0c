using System.Runtime.InteropServices;

namespace LibvirtSharp.Interop;

/// <summary>Arrays of objects, as the virConnectListAll… functions give them: the caller owns the array and each object.</summary>
internal static unsafe class NativeList
{
    public static IReadOnlyList<T> Take<T>(nint* items, int count, Func<nint, T> wrap)
    {
        var wrapped = new T[count];
        for (var i = 0; i < count; i++) wrapped[i] = wrap(items[i]);
        NativeMemory.Free(items);
        return wrapped;
    }
}
