using LibvirtSharp.Errors;

namespace LibvirtSharp.Tests;

public sealed class ErrorTableTests
{
    [TestCase(49, 18, 0, "", typeof(StoragePoolNotFoundException))]
    [TestCase(50, 18, 0, "", typeof(StorageVolumeNotFoundException))]
    [TestCase(90, 18, 0, "", typeof(StorageVolumeExistsException))]
    [TestCase(29, 0, 0, "", typeof(LibvirtAccessDeniedException))]
    [TestCase(45, 7, 0, "", typeof(LibvirtAccessDeniedException))]
    [TestCase(79, 7, 0, "", typeof(LibvirtAccessDeniedException))]
    [TestCase(88, 55, 0, "", typeof(LibvirtAccessDeniedException))]
    [TestCase(94, 7, 0, "", typeof(LibvirtAccessDeniedException))]
    [TestCase(38, 18, 13, "", typeof(LibvirtException))]
    [TestCase(38, 7, 13, "", typeof(LibvirtAccessDeniedException))]
    [TestCase(38, 18, 28, "", typeof(NoSpaceException))]
    [TestCase(38, 18, 122, "", typeof(NoSpaceException))]
    [TestCase(38, 18, 5, "", typeof(LibvirtException))]
    [TestCase(38, 7, -1, "", typeof(LibvirtException))]
    [TestCase(3, 18, 0, "", typeof(LibvirtNotSupportedException))]
    [TestCase(74, 18, 0, "", typeof(LibvirtNotSupportedException))]
    [TestCase(84, 18, 0, "", typeof(LibvirtNotSupportedException))]
    [TestCase(87, 18, 0, "", typeof(LibvirtBusyException))]
    [TestCase(55, 18, 0, "volume 'x' is still in use.", typeof(LibvirtBusyException))]
    [TestCase(1, 18, 0, "pool 'x' has asynchronous jobs running.", typeof(LibvirtBusyException))]
    [TestCase(55, 18, 0, "storage pool 'x' is not active", typeof(LibvirtException))]
    [TestCase(1, 18, 0, "", typeof(LibvirtException))]
    [TestCase(4711, 18, 0, "", typeof(LibvirtException))]
    public void Native_error_becomes_its_exception(int code, int domain, int number, string message, Type type)
    {
        var error = new NativeError((LibvirtErrorCode)code, (LibvirtErrorDomain)domain, LibvirtErrorLevel.Error, message, number);
        var exception = ErrorTable.Exception(error);
        Assert.That(exception, Is.TypeOf(type).With.Message.EqualTo(message));
        Assert.That((exception.Code, exception.Domain), Is.EqualTo((error.Code, error.Domain)));
        Assert.That(exception.SystemError, Is.EqualTo(code == 38 ? Math.Max(number, 0) : 0));
        Assert.That(exception.IsTransient, Is.EqualTo(type == typeof(LibvirtBusyException)));
    }

    [TestCase(38, 7, 2, typeof(ConnectionFailedException))]
    [TestCase(38, 7, 111, typeof(ConnectionFailedException))]
    [TestCase(85, 50, 0, typeof(ConnectionFailedException))]
    [TestCase(98, 66, 0, typeof(ConnectionFailedException))]
    [TestCase(45, 50, 0, typeof(LibvirtAccessDeniedException))]
    [TestCase(38, 7, 13, typeof(LibvirtAccessDeniedException))]
    [TestCase(45, 7, 0, typeof(LibvirtAccessDeniedException))]
    [TestCase(8, 13, 0, typeof(LibvirtException))]
    [TestCase(5, 0, 0, typeof(LibvirtException))]
    public void Failure_to_open_becomes_its_exception(int code, int domain, int number, Type type) =>
        Assert.That(
            ErrorTable.OpenException(
                new NativeError((LibvirtErrorCode)code, (LibvirtErrorDomain)domain, LibvirtErrorLevel.Error, "m", number)),
            Is.TypeOf(type));

    // virtqemud's dead connection to virtstoraged: libvirt 9.0 says 38 (EPIPE), 1 "client socket is closed" and 39 "XML-RPC error".
    [TestCase(38, 7, 32, typeof(ConnectionLostException))]
    [TestCase(1, 7, 0, typeof(ConnectionLostException))]
    [TestCase(39, 7, 0, typeof(ConnectionLostException))]
    [TestCase(40, 7, 0, typeof(ConnectionLostException))]
    [TestCase(85, 50, 0, typeof(ConnectionLostException))]
    [TestCase(98, 66, 0, typeof(ConnectionLostException))]
    [TestCase(38, 7, 13, typeof(LibvirtAccessDeniedException))]
    [TestCase(94, 7, 0, typeof(LibvirtAccessDeniedException))]
    [TestCase(88, 7, 0, typeof(LibvirtAccessDeniedException))]
    [TestCase(38, 18, 5, typeof(LibvirtException))]
    [TestCase(1, 18, 0, typeof(LibvirtException))]
    [TestCase(39, 13, 0, typeof(LibvirtException))]
    [TestCase(38, 38, 32, typeof(LibvirtException))]
    public void Failure_of_a_call_on_a_live_connection_becomes_its_exception(int code, int domain, int number, Type type) =>
        Assert.That(
            ErrorTable.CallException(
                new NativeError((LibvirtErrorCode)code, (LibvirtErrorDomain)domain, LibvirtErrorLevel.Error, "m", number)),
            Is.TypeOf(type));
}
