using System.Runtime.InteropServices;
using LibvirtSharp.Handles;

namespace LibvirtSharp.Interop;

/// <summary>The convention of the <c>…ListAll…</c> calls: an array of objects, both the caller's to free.</summary>
internal static unsafe class NativeList
{
    /// <summary>Makes a <typeparamref name="T"/> of each object and frees the array.</summary>
    internal static List<T> Adopt<THandle, T>(nint* objects, int count, LibvirtHandle on, Func<THandle, T> wrap)
        where THandle : LibvirtHandle, new()
    {
        try
        {
            var list = new List<T>(count);
            for (var index = 0; index < count; index++)
                list.Add(wrap(Check.Child(LibvirtHandle.Adopt<THandle>(objects[index]), on)));
            return list;
        }
        finally
        {
            NativeMemory.Free(objects);
        }
    }
}
