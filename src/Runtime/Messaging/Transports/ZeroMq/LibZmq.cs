using System.Runtime.InteropServices;

namespace EdgePerception.Runtime.Messaging.Transports.ZeroMq;

/// <summary>The functions of libzmq 4.3 (zmq.h) that are used.</summary>
internal static unsafe partial class LibZmq
{
    public const int LastEndpoint = 32;
    public const int DontWait = 1;
    public const int SendMore = 2;
    public const short PollIn = 1;

    private const string Library = "libzmq.so.5";

    /// <summary><c>zmq_pollitem_t</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PollItem
    {
        public nint Socket;
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    public static string ErrorText(int error) => Marshal.PtrToStringUTF8((nint)Describe(error)) ?? $"errno {error}";

    [LibraryImport(Library, EntryPoint = "zmq_strerror")]
    private static partial byte* Describe(int error);

    [LibraryImport(Library, EntryPoint = "zmq_errno")]
    public static partial int LastError();

    [LibraryImport(Library, EntryPoint = "zmq_ctx_new")]
    public static partial nint NewContext();

    [LibraryImport(Library, EntryPoint = "zmq_ctx_term")]
    public static partial int EndContext(nint context);

    [LibraryImport(Library, EntryPoint = "zmq_socket")]
    public static partial nint NewSocket(nint context, int kind);

    [LibraryImport(Library, EntryPoint = "zmq_close")]
    public static partial int Close(nint socket);

    [LibraryImport(Library, EntryPoint = "zmq_setsockopt")]
    public static partial int SetOption(nint socket, int option, byte* value, nuint length);

    [LibraryImport(Library, EntryPoint = "zmq_getsockopt")]
    public static partial int GetOption(nint socket, int option, byte* value, ref nuint length);

    [LibraryImport(Library, EntryPoint = "zmq_bind", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Bind(nint socket, string endpoint);

    [LibraryImport(Library, EntryPoint = "zmq_connect", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Connect(nint socket, string endpoint);

    [LibraryImport(Library, EntryPoint = "zmq_send")]
    public static partial int Send(nint socket, byte* bytes, nuint length, int flags);

    [LibraryImport(Library, EntryPoint = "zmq_recv")]
    public static partial int Receive(nint socket, byte* bytes, nuint length, int flags);

    [LibraryImport(Library, EntryPoint = "zmq_poll")]
    public static partial int Poll(PollItem* items, int count, nint milliseconds);
}
