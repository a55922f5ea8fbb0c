using System.Text;

namespace Kimchi.Isoctl.Commands;

/// <summary>Where a password comes from: never from the command line, which everybody on the machine can read.</summary>
internal static class PasswordSource
{
    /// <summary>Reads it from the file, from the standard input, or from the terminal without showing it.</summary>
    /// <exception cref="IsoctlException">There is none to be had.</exception>
    public static string Read(string? file, string user, Session session)
    {
        if (file is null) return Ask(user, session.Error);
        try
        {
            using var reader = file == "-" ? Console.In : new StreamReader(file);
            return reader.ReadLine() ?? "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IsoctlException(ExitCode.Usage, $"the password cannot be read: {e.Message}");
        }
    }

    private static string Ask(string user, TextWriter error)
    {
        if (Console.IsInputRedirected)
            throw new IsoctlException(ExitCode.Usage, "there is no terminal to ask for the password; give it with --password-file");
        error.Write($"Password of {user}: ");
        var password = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key is not ConsoleKey.Backspace) password.Append(key.KeyChar);
            else if (password.Length > 0) password.Length--;
        }

        error.WriteLine();
        return password.ToString();
    }
}
