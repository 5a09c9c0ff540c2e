using System.CommandLine;
namespace EdgePerception.Runtime.CommandLine;
internal static class SendVerb { public static Command Create() => new("send"); }
