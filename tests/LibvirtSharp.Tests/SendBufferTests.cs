using System.Net.Sockets;
using LibvirtSharp.Events;

namespace LibvirtSharp.Tests;

public sealed class SendBufferTests
{
    [Test]
    public void Socket_takes_more_than_its_default()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var before = socket.SendBufferSize;

        SendBuffer.Enlarge((int)socket.Handle);

        // Whoever is not privileged gets no more than net.core.wmem_max, which is the default.
        Assert.That(socket.SendBufferSize, Environment.IsPrivilegedProcess ? Is.GreaterThan(before) : Is.GreaterThanOrEqualTo(before));
    }

    [Test]
    public void What_is_no_socket_is_left_as_it_is()
    {
        using var file = File.OpenHandle(typeof(SendBuffer).Assembly.Location);
        Assert.That(() => SendBuffer.Enlarge((int)file.DangerousGetHandle()), Throws.Nothing);
    }
}
