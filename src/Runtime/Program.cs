using EdgePerception.Fusion.Inference;
using EdgePerception.Runtime.CommandLine;

OnnxRuntimeLibrary.DisableTelemetry();
await using var reloads = ReloadRequests.For(args);
return await EdgePerceptionCommand.RunAsync(RawArguments.Of(args), reloads);
