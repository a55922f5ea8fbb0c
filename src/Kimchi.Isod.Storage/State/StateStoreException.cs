namespace Kimchi.Isod.Storage.State;

/// <summary>The state store cannot be used; the message names the file and the remedy.</summary>
public sealed class StateStoreException(string message, Exception? inner = null) : Exception(message, inner);
