using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Kimchi.Isod.Fixtures.Ftp;

/// <summary>One session of a <see cref="ScriptedFtpServer"/>.</summary>
internal sealed class FtpScriptSession(FtpScript script, TcpClient client, Action<string> onCommand, CancellationToken stop) : IDisposable
{
    private const string Close = "close";

    private readonly NetworkStream _stream = client.GetStream();
    private TcpListener? _data;
    private int _offset;

    private int DataPort => ((IPEndPoint)_data!.LocalEndpoint).Port;

    public async Task RunAsync()
    {
        using var reader = new StreamReader(_stream, Encoding.Latin1, leaveOpen: true);
        if (!await ReplyAsync("", "220 Scripted.")) return;
        while (await reader.ReadLineAsync(stop) is { } line)
        {
            onCommand(line);
            var (command, argument) = line.Split(' ', 2) is [var name, var rest] ? (name, rest) : (line, "");
            if (!await AnswerAsync(command, argument)) return;
        }
    }

    public void Dispose()
    {
        _data?.Dispose();
        _stream.Dispose();
    }

    private async Task<bool> AnswerAsync(string command, string argument)
    {
        switch (command)
        {
            case "USER":
                return await ReplyAsync(command, "331 Password, please.");
            case "PASS":
                return await ReplyAsync(command, "230 Logged in.");
            case "PWD":
                return await ReplyAsync(command, "257 \"/home\" is here.");
            case "CWD":
                return await ReplyAsync(command, "250 Changed.");
            case "TYPE":
                return await ReplyAsync(command, "200 Type set.");
            case "SIZE":
                return await ReplyAsync(command, $"213 {script.Content.Length}");
            case "MDTM":
                return await ReplyAsync(command, "213 20260102030405");
            case "REST":
                _offset = script.IgnoresRest ? 0 : int.Parse(argument, CultureInfo.InvariantCulture);
                return await ReplyAsync(command, $"350 Restarting at {argument}.");
            case "EPSV":
                Listen();
                return await ReplyAsync(command, "229 Entering Extended Passive Mode (|||{port}|)");
            case "PASV":
                Listen();
                return await ReplyAsync(command, "227 Entering Passive Mode (127,0,0,1,{high},{low})");
            case "RETR":
                return await RetrieveAsync();
            default:
                return await ReplyAsync(command, "502 Not implemented.");
        }
    }

    private async Task<bool> RetrieveAsync()
    {
        if (script.Replies.ContainsKey("RETR")) return await ReplyAsync("RETR", "");
        if (_offset > 0 && script.RestRefusal is not null) return await SendAsync(script.RestRefusal);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var sending = SendFileAsync(end.Token);
        var leaving = ClientLeavesAsync(end.Token);
        await Task.WhenAny(sending, leaving);
        await end.CancelAsync();
        await Task.WhenAll(sending, leaving);
        _offset = 0;
        return await SendAsync(script.End);
    }

    private async Task SendFileAsync(CancellationToken cancellationToken)
    {
        using var data = await _data!.AcceptTcpClientAsync(cancellationToken);
        await WriteAsync(script.Begin);
        await using var stream = data.GetStream();
        if (script.Send is not null) await script.Send(stream, _offset, cancellationToken);
        else await stream.WriteAsync(script.Content.AsMemory(Math.Min(_offset, script.Content.Length)), cancellationToken);
    }

    // Where a client closes the data connection with its window at zero, Linux tells the sender a minute later only. Ends with the
    // sending where the client stays.
    private async Task ClientLeavesAsync(CancellationToken sending)
    {
        try
        {
            if (await client.Client.ReceiveAsync(new byte[1], SocketFlags.Peek, sending) > 0) await Task.Delay(Timeout.Infinite, sending);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // It has left, or all is sent.
        }
    }

    private void Listen()
    {
        _data?.Dispose();
        _data = new TcpListener(((IPEndPoint)client.Client.LocalEndPoint!).Address, 0);
        _data.Start();
    }

    private Task<bool> ReplyAsync(string command, string usual) =>
        SendAsync(script.Replies.TryGetValue(command, out var other) ? other : usual);

    // False when the connection is to be closed.
    private async Task<bool> SendAsync(string? reply)
    {
        if (reply == Close) return false;
        if (reply is not null) await WriteAsync(reply);
        return true;
    }

    private async Task WriteAsync(string reply)
    {
        if (_data is not null)
        {
            reply = reply.Replace("{port}", $"{DataPort}", StringComparison.Ordinal)
                .Replace("{high}", $"{DataPort / 256}", StringComparison.Ordinal)
                .Replace("{low}", $"{DataPort % 256}", StringComparison.Ordinal);
        }

        await _stream.WriteAsync(Encoding.UTF8.GetBytes(reply.ReplaceLineEndings("\r\n") + "\r\n"), stop);
    }
}
