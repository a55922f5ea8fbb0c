namespace Kimchi.Isod.Storage.State;

/// <summary>A statement of SQL with its parameters.</summary>
internal readonly struct SqlStatement(string text, params (string Name, object? Value)[] parameters)
{
    public string Text { get; } = text;

    public IReadOnlyList<(string Name, object? Value)> Parameters { get; } = parameters;
}
